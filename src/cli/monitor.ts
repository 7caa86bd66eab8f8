import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Command, Option} from 'commander';
import {PacketInspector} from '../capture/packets/inspect/packet-inspector.ts';
import {launchSensor} from '../capture/packets/launch-sensor.ts';
import {type AppLog, openAppLog} from '../config/app-log.ts';
import {type LoadedConfig, loadConfig} from '../config/load.ts';
import {isSourceName, type Settings, sourceNameForms} from '../config/settings.ts';
import {EngineClient} from '../pipeline/engine-client.ts';
import type {EngineMode} from '../pipeline/engine-messages.ts';
import {EvidenceFiles} from '../pipeline/evidence-files.ts';
import {keepMemorySteady} from '../pipeline/steady-memory.ts';
import {canDrawScreen} from '../tui/terminal-look.ts';
import {checkedFilter} from './capture-filter.ts';
import {divertConsole} from './divert-console.ts';
import {exportPackets} from './export-packets.ts';
import {exportShown} from './export-shown.ts';
import {tellFailure, UsageError} from './failure.ts';
import {printOnce} from './print-once.ts';

interface MonitorOptions {
  readonly interface?: string;
  readonly source?: string;
  readonly filter?: string;
  readonly read?: readonly string[];
  readonly speed?: number;
  readonly demo?: boolean;
  readonly seed: number;
  readonly headless?: boolean;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly dataDir?: string;
  readonly config?: string;
}

export function monitorCommand(): Command {
  return new Command('monitor')
    .option('--interface <names>', 'interfaces to watch, separated by commas')
    .option('--filter <expression>', "only packets that fit, in tcpdump's language: 'not port 22'")
    .option('--source <names>', 'sources to watch, separated by commas (see [monitor] sources in the configuration)')
    .option('--read <files...>', 'replay captures or logs through the same pipeline instead of watching')
    .addOption(new Option('--speed <factor>', 'with --read: 1x as it happened, max (default: max)').argParser(speed))
    .option('--demo', 'play a generated attack on a made-up network: no root, no network')
    .addOption(new Option('--seed <number>', 'what the demonstration is generated from').default(1).argParser(seed))
    .option('--headless', 'run as a service, without a screen')
    .option('--once', 'collect for a few seconds, print one snapshot and leave')
    .option('--json', 'with --once: print the snapshot as JSON')
    .option('--data-dir <folder>', 'where the store, the model and the log are kept')
    .option('--config <file>', 'configuration to use')
    .action(run);
}

async function run(options: MonitorOptions): Promise<void> {
  try {
    await monitor(options);
  } catch (error) {
    process.exitCode = tellFailure(error);
  }
}

async function monitor(options: MonitorOptions): Promise<void> {
  const mode = modeOf(options);
  const config = withOptions(loadConfig(options), options);
  const place = placeFor(config, mode, options);
  const log = openAppLog(place.dataDir, config.settings.log);
  divertConsole(log);
  keepMemorySteady();
  const engine = new EngineClient(
    {settings: config.settings, dataDir: place.dataDir, configFile: config.file, mode},
    () => log,
  );
  try {
    if (options.once) await printOnce(engine, {mode, json: options.json ?? false, signal: abortOnSignals()});
    else if (options.headless || !canDrawScreen(process.stdin, process.stdout, process.env)) await showLines(engine);
    else await showScreen(engine, config.settings, place.dataDir, log);
  } finally {
    await engine.stop();
    place.leave();
  }
}

function modeOf({read, speed = 0, demo, seed, once, ...options}: MonitorOptions): EngineMode {
  if (demo && read) throw new UsageError('Expected one of --demo and --read, got both.');
  if (options.json && !once) throw new UsageError('Expected --once with --json, got --json alone.');
  if (speed > 0 && !read) throw new UsageError('Expected --read FILE with --speed, got --speed alone.');
  if (demo) return {type: 'demo', seed, hurry: once ?? false};
  if (read) return {type: 'replay', files: read, speed};
  return {type: 'live'};
}

function withOptions(config: LoadedConfig, options: MonitorOptions): LoadedConfig {
  const settings: Settings = structuredClone(config.settings);
  if (options.interface) settings.capture.interfaces = options.interface.split(',');
  if (options.source) settings.monitor.sources = sourceNames(options.source);
  // The configured filter is for what is captured here, not for files of elsewhere.
  settings.capture.filter = checkedFilter(options.filter, options.read || options.demo ? '' : settings.capture.filter);
  return {...config, settings};
}

function sourceNames(text: string): string[] {
  const names = text.split(',').map(name => name.trim());
  const unknown = names.find(name => !isSourceName(name));
  if (unknown === undefined) return names;
  throw new UsageError(`Expected --source to be ${sourceNameForms}, got \`${unknown}\`.`);
}

/** A replay or demonstration leaves nothing behind, unless a folder was named for it. */
function placeFor(config: LoadedConfig, mode: EngineMode, options: MonitorOptions) {
  if (mode.type === 'live' || options.dataDir) return {dataDir: config.dataDir, leave: () => {}};
  const dataDir = mkdtempSync(join(tmpdir(), 'siem-'));
  return {dataDir, leave: () => rmSync(dataDir, {recursive: true, force: true})};
}

async function showLines(engine: EngineClient): Promise<void> {
  const {startPlain} = await import('../tui/plain.ts');
  const ended = signalled();
  const lines = startPlain({
    subscribe: listener => engine.subscribe(listener),
    output: process.stdout,
    onClosed: ended.end,
  });
  onSignals(ended.end);
  await Promise.race([ended.reached, engine.finished]);
  lines.stop();
}

async function showScreen(engine: EngineClient, settings: Settings, dataDir: string, log: AppLog): Promise<void> {
  const [{startScreen}, {History}] = await Promise.all([import('../tui/screen.ts'), import('../pipeline/history.ts')]);
  const ended = signalled();
  const evidence = new EvidenceFiles(dataDir);
  const history = new History({dataDir, engine: settings.store.engine});
  const {user} = settings.capture;
  const inspection = new PacketInspector({
    launch: () => launchSensor({mode: 'inspect', user}, line => log.info(`inspector: ${line}`)),
  });
  const screen = startScreen({
    subscribe: listener => engine.subscribe(listener),
    send: command => engine.send(command),
    exportPackets: alert => {
      const exported = exportPackets(evidence, alert);
      return 'path' in exported ? `packets written to ${exported.path}` : exported.problem;
    },
    exportShown: packets => exportShown(packets),
    history,
    inspection,
    settings,
    stdin: process.stdin,
    stdout: process.stdout,
    onQuit: ended.end,
  });
  try {
    // A replay that is through stays on screen until the user leaves; only a failure ends it.
    await Promise.race([ended.reached, new Promise((_, reject) => engine.finished.catch(reject))]);
  } finally {
    screen.stop();
    await Promise.all([history.close(), inspection.close()]);
  }
}

function abortOnSignals(): AbortSignal {
  const abort = new AbortController();
  onSignals(() => abort.abort());
  return abort.signal;
}

/** A promise and what resolves it (Promise.withResolvers is younger than Node 20). */
function signalled(): {readonly reached: Promise<void>; readonly end: () => void} {
  let end: () => void = () => {};
  const reached = new Promise<void>(resolve => {
    end = resolve;
  });
  return {reached, end};
}

function onSignals(stop: () => void): void {
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.once(signal, () => {
      process.exitCode = 128 + number;
      stop();
    });
  }
}

function speed(text: string): number {
  if (text === 'max') return 0;
  const factor = Number(text.replace(/x$/, ''));
  if (factor > 0 && Number.isFinite(factor)) return factor;
  throw new UsageError(`Expected --speed to be \`max\` or a factor such as \`1x\`, got \`${text}\`.`);
}

function seed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`Expected --seed to be a whole number, got \`${text}\`.`);
}
