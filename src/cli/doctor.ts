import {Command} from 'commander';
import type {LoadedConfig} from '../config/load.ts';
import {surroundings} from '../config/places.ts';
import {terminalLook} from '../tui/terminal-look.ts';
import {type Check, look} from './doctor/check.ts';
import {configuration} from './doctor/configuration.ts';
import {dataFolderChecks} from './doctor/data-folder.ts';
import {capBytes, folderProbes, logFacts, modelFacts, storeFacts, systemFacts} from './doctor/gather.ts';
import {packetFacts} from './doctor/gather-packets.ts';
import {type JournalFound, probeJournal} from './doctor/journal.ts';
import {logChecks} from './doctor/logs.ts';
import {modelChecks} from './doctor/model.ts';
import {packetChecks} from './doctor/packets.ts';
import {type Look, renderChecks} from './doctor/render.ts';
import {ruleChecks} from './doctor/rules.ts';
import {runtimeChecks} from './doctor/runtime.ts';
import {storeChecks} from './doctor/store.ts';
import {systemChecks} from './doctor/system.ts';
import {systemLogChecks} from './doctor/system-logs.ts';
import {terminalChecks} from './doctor/terminal.ts';

interface DoctorFlags {
  readonly json?: boolean;
  readonly dataDir?: string;
  readonly config?: string;
}

/**
 * `siem doctor`: what works here, what does not, and what mends it. Starts and changes nothing. Exit status: 0 nothing
 * fails that the settings ask for, 1 something does, 2 the configuration is wrong.
 */
export function doctorCommand(): Command {
  return new Command('doctor')
    .option('--json', 'an array of {check, state, found, mend}')
    .option('--data-dir <FOLDER>', 'where the store is, or would be')
    .option('--config <FILE>', 'configuration file')
    .action(async (flags: DoctorFlags) => {
      process.exitCode = await doctor(flags);
    });
}

async function doctor(flags: DoctorFlags): Promise<number> {
  const journal = probeJournal();
  const {config, checks: told, wrong} = configuration(flags, surroundings());
  const checks = [...(await lookAround(config, told, journal))];
  const {screen} = config.settings;
  const {colour, unicode} = terminalLook(screen, process.env);
  const {isTTY, columns} = process.stdout;
  const style: Look = {colour: colour !== false && isTTY === true, unicode, width: isTTY ? columns : undefined};
  process.stdout.write(`${flags.json ? JSON.stringify(checks, null, 2) : renderChecks(checks, style)}\n`);
  if (wrong) return 2;
  return checks.some(({state}) => state === 'fails') ? 1 : 0;
}

async function lookAround(
  config: LoadedConfig,
  told: readonly Check[],
  journal: Promise<JournalFound>,
): Promise<readonly Check[]> {
  const {settings, dataDir} = config;
  const {node} = process.versions;
  const {stdin, stdout, env, platform, arch} = process;
  return [
    ...runtimeChecks({node, platform, arch}),
    ...told,
    ...(await look('data folder', async () =>
      dataFolderChecks(dataDir, await capBytes(settings.store), folderProbes()),
    )),
    ...(await look('store', async () => storeChecks(await storeFacts(config)))),
    ...(await look('packets', async () => packetChecks(await packetFacts(settings)))),
    ...(await look('logs', async () => logChecks(logFacts(config, await journal)))),
    ...(await look('system logs', () => systemLogChecks({sources: settings.monitor.sources, platform}))),
    ...(await look('system', () => systemChecks(systemFacts(config)))),
    ...(await look('rules', () => ruleChecks(config))),
    ...(await look('learned model', () => modelChecks(modelFacts(config)))),
    ...terminalChecks({settings: settings.screen, env, stdin, stdout}),
  ];
}
