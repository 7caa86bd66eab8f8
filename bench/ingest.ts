// How many log lines a second go from text to stored, at the retention cap: `npm run -s bench:ingest -- FOLDER
// [--seconds 10] [--megabytes 64]`. The store is made new in FOLDER and filled to its cap first; only then it is
// measured. Beside it the same rows go into a second file by plain prepared inserts, batch by batch in turn, so that
// what else the machine does slows both. One JSON line.
import {mkdirSync, rmSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {LineFeed} from '../src/capture/logs/line-feed.ts';
import type {AppLog} from '../src/config/app-log.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {builtinDetectors} from '../src/detect/rules/builtin.ts';
import {SurpriseDetector} from '../src/detect/surprise/surprise-detector.ts';
import {systemClock} from '../src/event/clock.ts';
import type {Alert, LogEvent} from '../src/event/event.ts';
import {AlertDesk} from '../src/pipeline/alert-desk.ts';
import {DetectorBench} from '../src/pipeline/detector-bench.ts';
import {emptyBatch} from '../src/store/sink.ts';
import {openWriter} from '../src/store/writer.ts';
import {BareStore} from './bare-store.ts';
import {LogMix} from './log-mix.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {seconds: {type: 'string', default: '10'}, megabytes: {type: 'string', default: '64'}},
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(
    'Expected a folder for the store: npm run -s bench:ingest -- FOLDER [--seconds N] [--megabytes CAP]\n',
  );
  process.exit(2);
}

/** As many as the engine puts into one transaction when it is busy. */
const batchLines = 2_000;
const stages = ['parse', 'rules', 'surprise', 'group', 'store', 'retention'] as const;
type Stage = (typeof stages)[number];

const silent: AppLog = {debug: () => {}, info: () => {}, warning: () => {}, error: () => {}};
const settings = settingsSchema.parse({store: {max_megabytes: Number(values.megabytes)}});
const paths = {store: join(folder, 'ingest'), bare: join(folder, 'ingest-bare')};
for (const path of Object.values(paths)) {
  rmSync(path, {recursive: true, force: true});
  mkdirSync(path, {recursive: true});
}

const store = await openWriter(paths.store, settings.store);
const bare = await BareStore.open(paths.bare, settings.store.max_megabytes);
const rules = new DetectorBench(builtinDetectors(settings), silent);
const surprise = new SurpriseDetector({alertsPerDay: settings.detect.alerts_per_day});
const desk = new AlertDesk({settings, clock: systemClock, log: silent, stored: () => undefined});
const mix = new LogMix(7, systemClock());
const context = {
  agent: 'bench',
  host: 'web1',
  position: undefined,
  backfillFrom: 0,
  clock: systemClock,
  news: () => {},
};
const feed = new LineFeed({path: '/var/log/mix.log', source: 'file:/var/log/mix.log', namePath: false}, context);
const millis = perStage();
/** Microseconds of processor: on a machine that does other work too, less than the time that passed. */
const processor = perStage();
let offset = 0;
let findings = 0;

process.stderr.write(`Filling ${paths.store} to its cap of ${settings.store.max_megabytes} MB …\n`);
while (ingest() === 0);
process.stderr.write('Measuring …\n');
process.stdout.write(`${JSON.stringify(measure())}\n`);
store.close();
bare.close();
for (const path of Object.values(paths)) rmSync(path, {recursive: true, force: true});

function measure(): Record<string, unknown> {
  Object.assign(millis, perStage());
  Object.assign(processor, perStage());
  const until = performance.now() + Number(values.seconds) * 1000;
  let [lines, deleted] = [0, 0];
  findings = 0;
  while (performance.now() < until) {
    deleted += ingest();
    lines += batchLines;
  }
  const spent = stages.reduce((sum, stage) => sum + millis[stage], 0);
  const {bytes, logs, engine} = store.stats();
  return {
    bench: 'ingest',
    lines,
    seconds: round(spent / 1000),
    linesPerSecond: perSecond(lines, spent),
    cores: availableParallelism(),
    microsPerEvent: Object.fromEntries(stages.map(stage => [stage, round((millis[stage] * 1000) / lines)])),
    processorMicrosPerEvent: Object.fromEntries(stages.map(stage => [stage, round(processor[stage] / lines)])),
    bareSqlite: {rowsPerSecond: perSecond(lines, millis.bare)},
    storeRowsPerSecond: perSecond(lines, millis.store),
    storeShareOfBare: round(millis.bare / millis.store),
    storeShareOfBareProcessor: round(processor.bare / processor.store),
    engine,
    capMegabytes: settings.store.max_megabytes,
    storeMegabytes: round(bytes / 1_048_576),
    rowsKept: logs,
    rowsRemoved: deleted,
    findings,
    rssMegabytes: Math.round(process.memoryUsage.rss() / 1_048_576),
  };
}

/** One batch through everything; gives how many old rows had to go for it. */
function ingest(): number {
  const lines = Array.from({length: batchLines}, () => mix.line());
  const events = timed('parse', () => parse(lines));
  const found: Alert[] = [...timed('rules', () => rules.onEvents(events, false))];
  found.push(...timed('surprise', () => surprise.onEvents(events)));
  findings += found.length;
  const changes = timed('group', () => {
    desk.add(found, 'bench');
    return desk.takeChanges();
  });
  const positions = [{source: 'file:/var/log/mix.log', position: {offset}}];
  timed('store', () => store.write({...emptyBatch, ...changes, events, positions}));
  const {deleted} = timed('retention', () => store.retentionStep(systemClock()));
  const rows = bare.rows(events);
  timed('bare', () => bare.insert(rows));
  bare.keep(store.stats().logs);
  return deleted;
}

function parse(lines: readonly string[]): readonly LogEvent[] {
  const state = {epoch: 'bench', reference: systemClock(), notBefore: 0};
  for (const line of lines) {
    feed.add(line, offset, false, state);
    offset += line.length + 1;
  }
  return feed.take().events;
}

function timed<Result>(stage: Stage | 'bare', work: () => Result): Result {
  const before = process.cpuUsage();
  const began = performance.now();
  const result = work();
  millis[stage] += performance.now() - began;
  const {user, system} = process.cpuUsage(before);
  processor[stage] += user + system;
  return result;
}

function perStage(): Record<Stage | 'bare', number> {
  return {parse: 0, rules: 0, surprise: 0, group: 0, store: 0, retention: 0, bare: 0};
}

function perSecond(count: number, milliseconds: number): number {
  return Math.round((count * 1000) / milliseconds);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
