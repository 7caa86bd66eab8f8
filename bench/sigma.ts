// How many events a second one core puts through Sigma rules, with 10, 100, 1,000 and all of them:
// `npm run -s bench:sigma -- RULES_FOLDER EVENTS_FOLDER… [--events 50000]`. Events are a generated mix of processes that
// begin (the worst case: most rules are about them), each command line new, and whatever the folders hold, over and
// over. Reading files is not measured. A second of processor is longer than one of the clock where the machine does
// other work too. One JSON line.
import {readdirSync, statSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {openFile} from '../src/capture/files/open-file.ts';
import {toLogEvent} from '../src/capture/logs/parse/entry.ts';
import {type JsonRecord, readJsonRecord} from '../src/capture/logs/parse/json-line.ts';
import {SourceError} from '../src/capture/source.ts';
import {SigmaDetector} from '../src/detect/sigma/detector.ts';
import {loadRules} from '../src/detect/sigma/load-folder.ts';
import type {RuleSet} from '../src/detect/sigma/rule-set.ts';
import type {Event} from '../src/event/event.ts';
import {processHeavyEvents} from './sigma-events.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {events: {type: 'string', default: '50000'}},
});
const [rulesFolder, ...eventFolders] = positionals;
const count = Number(values.events);
if (rulesFolder === undefined || !isFolder(rulesFolder) || !eventFolders.every(isFolder) || !(count >= 1_000)) {
  process.stderr.write(
    'Expected folders: npm run -s bench:sigma -- RULES_FOLDER EVENTS_FOLDER… [--events N, 1000 at least]\n',
  );
  process.exit(2);
}

const began = performance.now();
const all = await loadRules([rulesFolder]);
const loadSeconds = seconds(began);
if (all.detections.length === 0) {
  process.stderr.write(`${rulesFolder}: expected Sigma rules (*.yml), found none that loads\n`);
  process.exit(2);
}
const warmUp = processHeavyEvents(count, 1);
const mix = processHeavyEvents(count, 2);
const recorded = (await Promise.all(eventFolders.map(eventsOf))).flat();
const sizes = [10, 100, 1_000].filter(size => size < all.detections.length);
const curve = [...sizes, all.detections.length].map(measure);
process.stdout.write(
  `${JSON.stringify({
    bench: 'sigma',
    loadedRules: all.loaded.length,
    rejectedRules: all.rejected.length,
    loadSeconds,
    mixEvents: mix.length,
    folderEvents: recorded.length,
    curve,
    flatness: round((curve.at(-1)?.mix.perCpuSecond ?? 0) / (curve[0]?.mix.perCpuSecond ?? 1)),
    megabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
  })}\n`,
);

function measure(size: number) {
  const detector = new SigmaDetector(part(all, size));
  run(detector, warmUp);
  const mixed = run(detector, mix);
  run(detector, recorded);
  const folder = recorded.length === 0 ? undefined : run(detector, repeated(recorded));
  return {rules: size, mix: mixed, ...(folder && {folder})};
}

function run(detector: SigmaDetector, events: readonly Event[]) {
  const start = performance.now();
  const before = process.cpuUsage();
  let hits = 0;
  for (let at = 0; at < events.length; at += 2_000) hits += detector.onEvents(events.slice(at, at + 2_000)).length;
  const {user, system} = process.cpuUsage(before);
  const passed = (performance.now() - start) / 1_000;
  return {
    perSecond: Math.round(events.length / passed),
    perCpuSecond: Math.round((events.length * 1e6) / (user + system)),
    hits,
  };
}

/** Rules spread evenly over the set, so that a part of it is like the whole. */
function part(set: RuleSet, size: number): RuleSet {
  const step = set.detections.length / size;
  return {
    ...set,
    detections: Array.from({length: size}, (_, index) => set.detections[Math.floor(index * step)]).flatMap(
      rule => rule ?? [],
    ),
  };
}

function repeated(events: readonly Event[]): Event[] {
  return Array.from({length: Math.max(events.length, 20_000)}, (_, index) => events[index % events.length]).flatMap(
    event => event ?? [],
  );
}

/** Every event of every file below a folder that can be read; how many cannot is told. */
async function eventsOf(folder: string): Promise<Event[]> {
  const events: Event[] = [];
  const unread: string[] = [];
  for (const name of readdirSync(folder, {recursive: true, encoding: 'utf8'}).sort()) {
    const path = join(folder, name);
    if (isFolder(path) || /\.(?:ya?ml|md)$/i.test(name)) continue;
    try {
      events.push(...(await fileEvents(path)));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      unread.push(error.message);
    }
  }
  if (unread.length > 0) process.stderr.write(`${unread[0]}; ${unread.length} such files were left out\n`);
  return events;
}

async function fileEvents(path: string): Promise<Event[]> {
  if (path.endsWith('.json')) {
    const objects = jsonObjects(await readFile(path, 'utf8'));
    if (objects) return objects.map((record, position) => jsonEvent(record, path, position));
  }
  const events: Event[] = [];
  const reader = await openFile(path);
  const context = {agent: 'bench', host: 'bench', clock: () => 0, maxLine: 1_000_000, problem: () => undefined};
  for await (const batch of reader.read(context)) events.push(...batch.events);
  return events;
}

/** Objects written over several lines, one after another; undefined where the text is something else. */
function jsonObjects(text: string): JsonRecord[] | undefined {
  try {
    return text.split(/\n(?=\{)/).map(object => JSON.parse(object) as JsonRecord);
  } catch {
    return undefined;
  }
}

function jsonEvent(record: JsonRecord, path: string, position: number): Event {
  const origin = {agent: 'bench', host: 'bench', source: `file:${path}`, epoch: path, dataset: 'json'};
  return toLogEvent(readJsonRecord(record, 'json'), {origin, position, time: position, ingested: 0});
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}

function seconds(start: number): number {
  return round((performance.now() - start) / 1_000);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
