// How many log lines a second go from text to stored, at the retention cap: `npm run -s bench:ingest -- FOLDER
// [--seconds 10] [--megabytes 64] [--train 100000]`. The store is made new in FOLDER and filled to its cap first; only
// then it is measured. Beside it, batch by batch in turn, so that what else the machine does slows both: the same rows
// go into a second file by plain prepared inserts; and a second detector judges the same events with a model trained on
// so many lines before (`--train 0`: without). `withModel` is the same way with this detector in place of the first.
// One JSON line.
import {mkdirSync, rmSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import type {AppLog} from '../src/config/app-log.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {builtinDetectors} from '../src/detect/rules/builtin.ts';
import {SurpriseDetector, type SurpriseStats} from '../src/detect/surprise/surprise-detector.ts';
import {systemClock} from '../src/event/clock.ts';
import type {Alert} from '../src/event/event.ts';
import {AlertDesk} from '../src/pipeline/alert-desk.ts';
import {DetectorBench} from '../src/pipeline/detector-bench.ts';
import {emptyBatch} from '../src/store/sink.ts';
import {openWriter} from '../src/store/writer.ts';
import {BareStore} from './bare-store.ts';
import {MixFeed, trainOnMix} from './learned-mix.ts';
import {LogMix} from './log-mix.ts';
import {OfferedLoad} from './offered-load.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    seconds: {type: 'string', default: '10'},
    megabytes: {type: 'string', default: '64'},
    train: {type: 'string', default: '100000'},
  },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(
    'Expected a folder for the store: npm run -s bench:ingest -- FOLDER [--seconds N] [--megabytes CAP] ' +
      '[--train LINES]\n',
  );
  process.exit(2);
}

/** As many as the engine puts into one transaction when it is busy. */
const batchLines = 2_000;
/** What the engine must hold with the model on. */
const offeredLinesPerSecond = 20_000;
const stages = ['parse', 'rules', 'surprise', 'group', 'store', 'retention'] as const;
type Stage = (typeof stages)[number];
/** Measured beside: not part of the way, or in place of a part of it. */
type Timed = Stage | 'bare' | 'model';

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
const learned = await trainedDetector(Number(values.train));
const offered = new OfferedLoad(offeredLinesPerSecond, settings.monitor.queue);
const desk = new AlertDesk({settings, clock: systemClock, log: silent, stored: () => undefined});
const mix = new LogMix(7, systemClock());
const feed = new MixFeed();
const millis = perStage();
/** Microseconds of processor: on a machine that does other work too, less than the time that passed. */
const processor = perStage();
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
  const before = learned?.stats();
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
    withModel: learned && before && withModel(learned, before, lines, spent),
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

/** The way with the detector that has a model in place of the one that has none. */
function withModel(detector: SurpriseDetector, before: SurpriseStats, lines: number, spent: number) {
  const after = detector.stats();
  const scored = after.scored - before.scored;
  const skipped = after.skipped - before.skipped;
  const [hits, steps] = [after.memoHits - before.memoHits, after.memoSteps - before.memoSteps];
  const processorSpent = stages.reduce((sum, stage) => sum + processor[stage], 0);
  return {
    trainedLines: Number(values.train),
    linesPerSecond: perSecond(lines, spent - millis.surprise + millis.model),
    processorMicrosPerEvent: round((processorSpent - processor.surprise + processor.model) / lines),
    surpriseMicrosPerEvent: round((millis.model * 1000) / lines),
    surpriseProcessorMicrosPerEvent: round(processor.model / lines),
    memoHitRate: round(hits / Math.max(1, hits + steps)),
    offeredLinesPerSecond,
    scored,
    skipped,
    skippedShare: skipped / Math.max(1, scored + skipped),
  };
}

async function trainedDetector(lines: number): Promise<SurpriseDetector | undefined> {
  if (lines === 0) return undefined;
  const path = join(folder ?? '', 'ingest-model.siem');
  rmSync(path, {force: true});
  process.stderr.write(`Training on ${lines} lines …\n`);
  await trainOnMix(lines, path);
  const detector = new SurpriseDetector({alertsPerDay: settings.detect.alerts_per_day});
  detector.loadModel(path);
  rmSync(path, {force: true});
  return detector;
}

/** One batch through everything; gives how many old rows had to go for it. */
function ingest(): number {
  const lines = Array.from({length: batchLines}, () => mix.line());
  const before = wayMillis();
  const events = timed('parse', () => feed.parse(lines));
  const found: Alert[] = [...timed('rules', () => rules.onEvents(events, false))];
  found.push(...timed('surprise', () => surprise.onEvents(events)));
  findings += found.length;
  const changes = timed('group', () => {
    desk.add(found, 'bench');
    return desk.takeChanges();
  });
  const positions = [{source: 'file:/var/log/mix.log', position: {offset: feed.offset}}];
  timed('store', () => store.write({...emptyBatch, ...changes, events, positions}));
  const {deleted} = timed('retention', () => store.retentionStep(systemClock()));
  learned?.setBusy(offered.behind);
  timed('model', () => learned?.onEvents(events));
  offered.took(batchLines, wayMillis() - before);
  const rows = bare.rows(events);
  timed('bare', () => bare.insert(rows));
  bare.keep(store.stats().logs);
  return deleted;
}

/** Milliseconds that the way with the model has taken so far. */
function wayMillis(): number {
  return stages.reduce((sum, stage) => sum + (stage === 'surprise' ? millis.model : millis[stage]), 0);
}

function timed<Result>(stage: Timed, work: () => Result): Result {
  const before = process.cpuUsage();
  const began = performance.now();
  const result = work();
  millis[stage] += performance.now() - began;
  const {user, system} = process.cpuUsage(before);
  processor[stage] += user + system;
  return result;
}

function perStage(): Record<Timed, number> {
  return {parse: 0, rules: 0, surprise: 0, group: 0, store: 0, retention: 0, bare: 0, model: 0};
}

function perSecond(count: number, milliseconds: number): number {
  return Math.round((count * 1000) / milliseconds);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
