import {Command} from 'commander';
import {openAppLog} from '../config/app-log.ts';
import {loadConfig} from '../config/load.ts';
import {EngineClient} from '../pipeline/engine-client.ts';
import type {Snapshot} from '../pipeline/snapshot.ts';
import {checkedFilter} from './capture-filter.ts';
import {divertConsole} from './divert-console.ts';
import {tellFailure} from './failure.ts';
import {losses} from './snapshot-text.ts';

interface ImportOptions {
  readonly filter?: string;
  readonly dataDir?: string;
  readonly config?: string;
}

export function importCommand(): Command {
  return new Command('import')
    .argument('<files...>', 'pcap, pcapng, text logs, NDJSON, journal exports; gzip too')
    .option('--filter <expression>', "of captures only packets that fit, in tcpdump's language: 'not port 22'")
    .option('--data-dir <folder>', 'where the store is kept')
    .option('--config <file>', 'configuration to use')
    .action(run);
}

async function run(files: readonly string[], options: ImportOptions): Promise<void> {
  try {
    await importFiles(files, options);
  } catch (error) {
    process.exitCode = tellFailure(error);
  }
}

async function importFiles(files: readonly string[], options: ImportOptions): Promise<void> {
  const {settings, dataDir} = loadConfig(options);
  settings.capture.filter = checkedFilter(options.filter, '');
  const log = openAppLog(dataDir, settings.log);
  divertConsole(log);
  const engine = new EngineClient({settings, dataDir, mode: {type: 'import', files, speed: 0}}, () => log);
  const showing = process.stderr.isTTY ? engine.subscribe(showProgress) : () => {};
  try {
    await engine.finished;
  } finally {
    showing();
    await engine.stop();
  }
  const {latest} = engine;
  if (!latest) return;
  process.stdout.write(summary(latest));
  if (latest.sources.some(source => source.state === 'failed')) process.exitCode = 3;
  else if (latest.total.received === 0) process.exitCode = 1;
}

function showProgress({total, rates}: Snapshot): void {
  process.stderr.write(`\r\u001b[K${total.received} events, ${Math.round(rates.events)} a second`);
}

function summary({sources, alertTotals}: Snapshot): string {
  const lines = sources.map(source => {
    const {id, state, detail, mend, received, stored, duplicate, filtered, dropped} = source;
    if (state === 'failed') return `${id}: ${detail}${mend ? ` → ${mend}` : ''}`;
    return `${id}: ${received} events = ${stored} stored + ${duplicate} known already + ${filtered} filtered${losses(dropped)}`;
  });
  const {open, findings} = alertTotals;
  return `${[...lines, `The store now has ${open} open alerts of ${findings} findings.`].join('\n')}\n`;
}
