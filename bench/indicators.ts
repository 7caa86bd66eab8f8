// What looking up in lists of indicators costs: `npm run -s bench:indicators`. One JSON line.
//
// Lists of 10 and of 1,000,000 entries (half domains, a quarter addresses, a quarter hashes) are read, and the same
// million flows and names that are in neither are looked up in both. `ratio` is the large list's cost over the small
// one's; `stepMillis` how long reading let nothing else run.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import type {Indicators} from '../src/detect/flows/indicators/indicators.ts';
import {loadIndicators} from '../src/detect/flows/indicators/load-indicators.ts';
import {seededRandom} from '../src/detect/surprise/seeded-random.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const large = 1_000_000;
const lookUps = 1_000_000;
const rounds = 9;

const folder = mkdtempSync(join(tmpdir(), 'siem-bench-indicators-'));
try {
  const few = await read(10);
  const many = await read(large);
  const asked = questions();
  // In turn, so that what else runs here falls on both.
  const pairs = Array.from(
    {length: rounds},
    () => [micros(few.indicators, asked), micros(many.indicators, asked)] as const,
  );
  const fewMicros = median(pairs.map(([one]) => one));
  const manyMicros = median(pairs.map(([, other]) => other));
  const {seconds, steps, bytes} = many;
  const line = {bench: 'indicators', entries: large, seconds, stepMillis: steps, bytes};
  process.stdout.write(`${JSON.stringify({...line, fewMicros, manyMicros, ratio: rounded(manyMicros / fewMicros)})}\n`);
} finally {
  rmSync(folder, {recursive: true});
}

async function read(entries: number) {
  const random = seededRandom(entries);
  const path = join(folder, `${entries}.txt`);
  writeFileSync(path, Array.from({length: entries}, (_, at) => `${entry(random, at)}\n`).join(''));
  // What writing the list left behind is not reading's.
  collectGarbage();
  const began = performance.now();
  const delay = monitorEventLoopDelay({resolution: 1});
  delay.enable();
  const {indicators} = await loadIndicators([path]);
  delay.disable();
  const seconds = rounded((performance.now() - began) / 1_000);
  const steps = {p99: rounded(delay.percentile(99) / 1e6), longest: rounded(delay.max / 1e6)};
  return {indicators, seconds, steps, bytes: indicators.table.bytes};
}

function entry(random: () => number, at: number): string {
  if (at % 2 === 0) return `n${Math.floor(random() * 1e9)}.listed${at % 1_000}.example`;
  if (at % 4 === 1) return address(random, 11, 120);
  return Array.from({length: 8}, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}

/** Addresses and names as a machine's traffic has them: none is listed. */
function questions(): readonly {readonly address: string; readonly name: string}[] {
  const random = seededRandom(3);
  return Array.from({length: 50_000}, (_, at) => ({
    address: address(random, 130, 200),
    name: `www.site${at}.example.com`,
  }));
}

function address(random: () => number, low: number, high: number): string {
  const part = () => Math.floor(random() * 256);
  return `${low + Math.floor(random() * (high - low))}.${part()}.${part()}.${part()}`;
}

/** Of an address and a name together. */
function micros(indicators: Indicators, asked: ReturnType<typeof questions>): number {
  const began = performance.now();
  let found = 0;
  for (let at = 0; at < lookUps; at++) {
    const {address: ip, name} = asked[at % asked.length] ?? {address: '', name: ''};
    if (indicators.address(ip)) found++;
    if (indicators.domain(name)) found++;
  }
  if (found > 0) throw new Error(`expected none of the questions to be listed, got ${found}`);
  return ((performance.now() - began) * 1_000) / lookUps;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return rounded(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
