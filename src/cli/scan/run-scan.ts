import {randomUUID} from 'node:crypto';
import {rmSync} from 'node:fs';
import {hostname, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import type {LoadedConfig} from '../../config/load.ts';
import {geoFaultText, readGeoFiles} from '../../detect/geo/geo-databases.ts';
import type {CommandRules} from '../load-rules.ts';
import type {Output} from '../output/output.ts';
import {timeText} from '../output/table.ts';
import {correlate} from './correlate.ts';
import type {Hit} from './entry.ts';
import type {FoundFiles} from './find-files.ts';
import {foldCopies} from './fold-copies.ts';
import {HitWriter} from './hit-writer.ts';
import {mergeEntries} from './merge-entries.ts';
import {Progress} from './progress.ts';
import {type Scanned, scanFiles} from './scan-files.ts';
import type {ScanOptions} from './scan-options.ts';
import type {ScanSetup} from './scanner.ts';
import {selectRules} from './select-rules.ts';
import {failures, type ScanFacts, skippedLines, whyNothing} from './skipped.ts';
import {block, Summary} from './summary.ts';
import {Tally} from './tally.ts';

export interface ScanParts {
  readonly options: ScanOptions;
  readonly config: LoadedConfig;
  readonly rules: CommandRules;
  readonly found: FoundFiles;
  readonly output: Output;
  /** A line for the person at the terminal. */
  readonly say: (line: string) => void;
  /** The line that shows how far it is; '' when it is over. */
  readonly show: (line: string) => void;
}

/** Reads the files, finds what the rules say of them, writes it and what was left out. Gives the exit status. */
export async function runScan(parts: ScanParts): Promise<0 | 1 | 3> {
  const folder = join(tmpdir(), `siem-scan-${randomUUID()}`);
  const removed = removeAtEnd(folder);
  try {
    return await scan(parts, folder);
  } finally {
    removed();
  }
}

/**
 * A thread takes the rules apart, compiles them and warms up by itself, which takes as long as reading some twenty
 * megabytes: with less to read than this a further one gains nothing.
 */
const bytesWorthThread = 16 * 2 ** 20;

async function scan(parts: ScanParts, folder: string): Promise<0 | 1 | 3> {
  const {options, rules, found, show} = parts;
  const selected = selectRules(rules.set, options.choice);
  const {contents: geo, faults} = await readGeoFiles(placesOf(parts.config, 'geoip'));
  for (const fault of faults) parts.say(geoFaultText(fault));
  const setup: ScanSetup = {
    ...selected,
    ...options,
    tuning: rules.tuning,
    folder,
    host: hostname(),
    settings: {...parts.config.settings, network: withPlaces(parts.config)},
    geo,
    maxLine: parts.config.settings.sources.max_line,
    profiling: false,
  };
  const targets = found.targets.map((target, number) => ({...target, number}));
  const began = performance.now();
  const scanned = await scanFiles(
    targets,
    setup,
    jobsFor(targets, options.jobs),
    new Progress(targets, show, () => performance.now()),
  );
  show('');
  const correlated = correlate(scanned.results, {...selected, tuning: rules.set.tuning, folder});
  const summary = new Summary(options.utc);
  const writer = new HitWriter(options.form, options.utc, parts.output);
  for (const {value, copies, others} of foldCopies<Hit>(
    mergeEntries([...scanned.results, correlated].map(({hits}) => hits)),
  )) {
    const paths = others.flatMap(number => targets[number]?.path ?? []);
    const record = copies > 1 ? {...value.record, 'event.copies': copies, 'file.copies': paths} : value.record;
    summary.add(record, copies);
    await writer.write(record);
    if (!parts.output.open) break;
  }
  await writer.end(overview(scanned, summary, rules, began, options.utc), options.form);
  const facts: ScanFacts = {
    ...parts,
    ...scanned,
    selected,
    suppressed: scanned.results.reduce((sum, result) => sum + result.suppressed, correlated.suppressed),
    evicted: correlated.evicted,
  };
  await tell(parts, summary, facts, overview(scanned, summary, rules, began, options.utc));
  if (failures(facts).length > 0) return 3;
  return summary.hits > 0 ? 0 : 1;
}

/** A thread does not know the data folder, from which relative paths count. */
function withPlaces(config: LoadedConfig): LoadedConfig['settings']['network'] {
  return {...config.settings.network, indicators: placesOf(config, 'indicators')};
}

function placesOf({settings: {network}, dataDir}: LoadedConfig, name: 'geoip' | 'indicators'): string[] {
  return network[name].map(path => resolve(dataDir, path));
}

function jobsFor(targets: readonly {readonly bytes: number}[], jobs: number): number {
  const bytes = targets.reduce((sum, target) => sum + target.bytes, 0);
  return Math.max(1, Math.min(jobs, targets.length, Math.ceil(bytes / bytesWorthThread)));
}

function overview(
  {reports, results}: Scanned,
  summary: Summary,
  {set}: CommandRules,
  began: number,
  utc: boolean,
): string {
  const events = reports.reduce((sum, report) => sum + report.events, 0);
  const first = Math.min(...results.map(result => result.first));
  const last = Math.max(...results.map(result => result.last));
  const seconds = (performance.now() - began) / 1_000;
  const span = first <= last ? ` from ${timeText(first / 1_000, utc)} to ${timeText(last / 1_000, utc)}` : '';
  const repeated = summary.repeated > 0 ? `, ${summary.repeated} more in copies of logs` : '';
  return (
    `${summary.hits} hits of ${summary.rules} rules${repeated}. ${events} events of ${reports.length} files${span}, ` +
    `${set.loaded.length} rules, ${seconds.toFixed(1)} s.`
  );
}

/** Under a table stands what it comes to; with other forms that goes to the person. */
async function tell(
  {options, output, say}: ScanParts,
  summary: Summary,
  facts: ScanFacts,
  head: string,
): Promise<void> {
  const lines = [
    head,
    ...(summary.hits === 0 ? [whyNothing(facts)] : []),
    ...summary.lines(),
    ...(options.withStatistics ? block('Events by kind and event id', statisticsOf(facts), 1_000) : []),
    ...skippedLines(facts),
  ];
  if (options.form !== 'table') {
    for (const line of lines) say(line);
    return;
  }
  await output.write(`${summary.hits > 0 ? '\n' : ''}${lines.join('\n')}\n`);
  await output.flush();
}

function statisticsOf({results}: ScanFacts): Tally {
  const tally = new Tally();
  for (const {statistics} of results) tally.addAll(statistics);
  return tally;
}

/** What was put on disk goes also when the program is ended by a signal. */
function removeAtEnd(folder: string): () => void {
  const remove = () => rmSync(folder, {recursive: true, force: true});
  const stop = (signal: NodeJS.Signals) => {
    remove();
    process.exit(128 + (signals.get(signal) ?? 0));
  };
  for (const signal of signals.keys()) process.once(signal, stop);
  return () => {
    for (const signal of signals.keys()) process.off(signal, stop);
    remove();
  };
}

const signals: ReadonlyMap<NodeJS.Signals, number> = new Map([
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
]);
