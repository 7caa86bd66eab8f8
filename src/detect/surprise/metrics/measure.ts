import type {ExpectedSpan} from './adaptive-levels.ts';

/** How a unit's values become levels and words: rates and counts are compared by factors, percentages by differences. */
export interface Measure {
  readonly toSignal: (value: number) => number;
  readonly toValue: (signal: number) => number;
  /** What varies by less than this is steady. */
  readonly leastWidth: number;
  readonly text: (value: number) => string;
  /** What a pair of values ends with; the numbers stand before it. */
  readonly span: (from: number, to: number) => string;
}

const kilobyte = 1_024;
const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'];
/** A level that is expected by less than this is not told of, unless none is. */
const leastTold = 0.05;
const spansTold = 3;

/** The measure of a metric's unit. */
export function measureOf(unit: string): Measure {
  switch (unit) {
    case 'percent':
      return percent;
    case 'bytes/s':
      return rate;
    case 'bytes':
      return size;
    case 'load':
      return load;
    default:
      return plain;
  }
}

/** Entries or flows an hour: a factor of √2 is a level. */
export const hourlyCount: Measure = byFactor(1, 6, count => Math.round(count).toLocaleString('en'), 'an hour');

const percent: Measure = {
  toSignal: value => value,
  toValue: signal => Math.min(100, Math.max(0, signal)),
  leastWidth: 20,
  text: value => `${shortNumber(value)} %`,
  span: (from, to) => `${pair(shortNumber(from), shortNumber(to))} %`,
};
const rate: Measure = byFactor(kilobyte, 12, bytes, '/s');
const size: Measure = byFactor(kilobyte, 1, bytes, '');
const load: Measure = byFactor(1, 3, shortNumber, '');
const plain: Measure = {
  toSignal: value => value,
  toValue: signal => signal,
  leastWidth: 0,
  text: shortNumber,
  span: (from, to) => pair(shortNumber(from), shortNumber(to)),
};

/** The likely spans in words, likeliest first: "2–8 % (71 %), 8–12 % (20 %)". */
export function expectedSpans(spans: readonly ExpectedSpan[], measure: Measure): {text: string; probability: number}[] {
  const likely = spans.filter(({probability}, at) => at === 0 || probability >= leastTold);
  return joined(likely)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, spansTold)
    .map(({from, to, probability}) => ({text: spanText(from, to, measure), probability}));
}

/** Neighbours as one. */
function joined(spans: readonly ExpectedSpan[]): ExpectedSpan[] {
  const found: ExpectedSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const before = found.at(-1);
    if (before && before.to === span.from) {
      found[found.length - 1] = {from: before.from, to: span.to, probability: before.probability + span.probability};
    } else found.push(span);
  }
  return found;
}

function spanText(from: number, to: number, measure: Measure): string {
  if (!Number.isFinite(from)) return `less than ${measure.text(measure.toValue(to))}`;
  if (!Number.isFinite(to)) return `more than ${measure.text(measure.toValue(from))}`;
  return measure.span(measure.toValue(from), measure.toValue(to));
}

/** Compared by factors above `unit`; `octaves` wide at least. */
function byFactor(unit: number, octaves: number, number: (value: number) => string, end: string): Measure {
  const tail = end === '' || end.startsWith('/') ? end : ` ${end}`;
  return {
    toSignal: value => Math.log2(1 + Math.max(0, value) / unit),
    toValue: signal => Math.max(0, (2 ** Math.min(60, signal) - 1) * unit),
    leastWidth: octaves,
    text: value => `${number(value)}${tail}`,
    span: (from, to) => `${pair(number(from), number(to))}${tail}`,
  };
}

function pair(from: string, to: string): string {
  return from === to ? from : `${from}–${to}`;
}

function bytes(value: number): string {
  let rest = value;
  let unit = 0;
  while (rest >= kilobyte && unit < byteUnits.length - 1) {
    rest /= kilobyte;
    unit += 1;
  }
  return `${shortNumber(rest)} ${byteUnits[unit]}`;
}

function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 10 || value === 0) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(2)));
}
