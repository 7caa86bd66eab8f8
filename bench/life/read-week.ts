import {createReadStream, existsSync, readdirSync, readFileSync} from 'node:fs';
import {basename, join, relative, resolve} from 'node:path';
import {createInterface} from 'node:readline';
import {z} from 'zod';
import {logKind} from '../../src/capture/logs/dataset.ts';
import {LineParser} from '../../src/capture/logs/parse/line-parser.ts';
import type {Micros} from '../../src/event/event.ts';
import {type FlowFacts, type LifeItem, type MetricFacts, ordinary} from './item.ts';
import {inTimeOrder} from './merge.ts';
import type {Week} from './week.ts';

const time = z.iso.datetime({offset: true}).transform(text => Date.parse(text) * 1000);
const ranges = z.array(z.tuple([z.number(), z.number()]));
const truthSchema = z.object({
  host: z.string(),
  address: z.string().optional(),
  from: time,
  learnUntil: time,
  to: time,
  phases: z.array(
    z.object({
      name: z.string(),
      technique: z.string().default(''),
      from: time,
      to: time,
      effects: z.array(z.string()).default([]),
      lines: z.record(z.string(), ranges).optional(),
      flows: ranges.optional(),
    }),
  ),
});
type Truth = z.infer<typeof truthSchema>;

/** The weeks that a folder holds: itself, or its folders that have a `phases.json`, by name. */
export function weekFolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  if (existsSync(join(folder, 'phases.json'))) return [folder];
  const names = readdirSync(folder).filter(name => existsSync(join(folder, name, 'phases.json')));
  return names.sort().map(name => join(folder, name));
}

/** A week from disk, line by line. Throws an error that names the file where `phases.json` is not as expected. */
export function readWeek(folder: string): Week {
  const truth = readTruth(join(folder, 'phases.json'));
  const {host, address, from, learnUntil, to, phases} = truth;
  return {
    name: basename(resolve(folder)),
    host,
    address,
    from,
    learnUntil,
    to,
    phases,
    items: inTimeOrder(streams(folder, truth)),
  };
}

function readTruth(path: string): Truth {
  try {
    return truthSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const found = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${path}: expected {host, from, learnUntil, to, phases} with ISO times, found:\n${found}`);
  }
}

function streams(folder: string, truth: Truth): AsyncGenerator<LifeItem>[] {
  const logs = join(folder, 'logs');
  const files = readdirSync(logs, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile());
  const paths = files.map(entry => join(entry.parentPath, entry.name)).sort();
  const all = paths.map(path => logItems(path, relative(logs, path), truth));
  if (existsSync(join(folder, 'flows.ndjson'))) all.push(flowItems(join(folder, 'flows.ndjson'), truth));
  if (existsSync(join(folder, 'metrics.ndjson'))) all.push(metricItems(join(folder, 'metrics.ndjson')));
  return all;
}

async function* logItems(path: string, file: string, truth: Truth): AsyncGenerator<LifeItem> {
  const parser = new LineParser({provider: logKind(file).provider, host: truth.host});
  const phaseAt = phaseFinder(truth, phase => phase.lines && (phase.lines[file] ?? []));
  let at = truth.from;
  let number = 0;
  for await (const text of linesOf(path)) {
    number++;
    at = Math.max(at, parser.parse(text, truth.to).time ?? at);
    yield {kind: 'line', at, phase: phaseAt(number, at), file, text};
  }
}

async function* flowItems(path: string, truth: Truth): AsyncGenerator<LifeItem> {
  const phaseAt = phaseFinder(truth, phase => phase.flows);
  let latest = truth.from;
  let number = 0;
  for await (const text of linesOf(path)) {
    number++;
    const {at, ...flow} = JSON.parse(text) as FlowFacts & {at?: Micros};
    latest = Math.max(latest, at ?? flow.last);
    yield {kind: 'flow', at: latest, phase: phaseAt(number, latest), flow};
  }
}

async function* metricItems(path: string): AsyncGenerator<LifeItem> {
  for await (const text of linesOf(path)) {
    const metric = JSON.parse(text) as MetricFacts;
    yield {kind: 'metric', at: metric.time, phase: ordinary, metric};
  }
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY});
}

/** Which phase made line `number` of a file: by the ranges it lists; all within its time where it lists none. */
function phaseFinder(truth: Truth, rangesOf: (phase: Truth['phases'][number]) => [number, number][] | undefined) {
  const listed = truth.phases.map(phase => ({phase, ranges: rangesOf(phase), next: 0}));
  return (number: number, at: Micros): number => {
    const index = listed.findIndex(one => {
      if (one.ranges === undefined) return at >= one.phase.from && at <= one.phase.to;
      while ((one.ranges[one.next]?.[1] ?? Number.POSITIVE_INFINITY) < number) one.next++;
      return number >= (one.ranges[one.next]?.[0] ?? Number.POSITIVE_INFINITY);
    });
    return index < 0 ? ordinary : index;
  };
}
