// What speaks for an unexpected point, and which of them are no news after all.
import type {ExpectedSpan} from './adaptive-levels.ts';
import {type Judgement, largest} from './series-model.ts';

export type Direction = 'higher' | 'lower' | 'restless';

export interface Circumstances {
  /** What was expected, likeliest first, and the mean that came, both as signals. */
  readonly spans: readonly ExpectedSpan[];
  readonly value: number;
  /** Points of each mean that is looked at, and all points that were seen. */
  readonly scales: readonly number[];
  readonly points: number;
}

/** An opinion that is this surprised by itself agrees. */
export const agreeNats = 3;
/** A level that is expected by less than this is not expected. */
const leastExpected = 0.05;
/** A count is chance where entries that come independently bring it more often than once in e to this power. */
const chanceNats = 6;
const leastRate = 0.5;

/** Why it is believed, in words; at least one reason. */
export function reasons({voice, scaleNats, unrestNats, rarity}: Judgement, circumstances: Circumstances): string[] {
  const {spans, value, scales, points} = circumstances;
  const found: string[] = [];
  const agreeing = scales.filter((_, at) => (scaleNats[at] ?? 0) >= agreeNats);
  if (voice === 'course') found.push('it lasts');
  else if (agreeing.length >= 2) found.push(`the means over ${listed(agreeing)} points agree`);
  if (unrestNats >= agreeNats) found.push('its unrest is unusual too');
  if (isOutside(value, spans)) found.push('it lies outside the learned range');
  return [...found, rarityText(Math.exp(rarity), points)];
}

/** On which side of what is likeliest the value lies; `restless` within it. */
export function directionOf(value: number, [likeliest]: readonly ExpectedSpan[]): Direction {
  if (!likeliest) return 'restless';
  return value > likeliest.to ? 'higher' : value < likeliest.from ? 'lower' : 'restless';
}

/** Whether the value lies less than a level from all that is expected: where little is known that is no news to anyone. */
export function isBeside(value: number, spans: readonly ExpectedSpan[]): boolean {
  const inner = spans.find(({from, to}) => Number.isFinite(from) && Number.isFinite(to));
  const width = inner ? inner.to - inner.from : 1;
  return likely(spans).some(({from, to}) => Math.max(0, from - value, value - to) < width);
}

/** Whether a mean of counts is no further from all that is expected than entries that come by chance would bring it. */
export function isChance(
  value: number,
  spans: readonly ExpectedSpan[],
  points: number,
  toValue: (signal: number) => number,
): boolean {
  const total = (signal: number) => points * Math.max(0, toValue(signal));
  const came = total(value);
  return likely(spans).some(({from, to}) => {
    const nearest = Math.min(Math.max(came, total(from)), total(Math.min(to, largest)));
    return chanceOf(came, Math.max(leastRate, nearest)) < chanceNats;
  });
}

function likely(spans: readonly ExpectedSpan[]): readonly ExpectedSpan[] {
  return spans.filter(({probability}, at) => at === 0 || probability >= leastExpected);
}

function isOutside(value: number, spans: readonly ExpectedSpan[]): boolean {
  const inner = spans.filter(({from, to}) => Number.isFinite(from) && Number.isFinite(to));
  return inner.every(({from, to}) => value < from || value > to);
}

function rarityText(oneIn: number, points: number): string {
  return oneIn * 1.5 > points
    ? `nothing was as unexpected in ${points.toLocaleString('en')} points`
    : `one point in ${Math.round(oneIn).toLocaleString('en')} was as unexpected`;
}

/** −ln of Chernoff's bound for so many entries, or so few, of a Poisson process that has `rate` of them. */
function chanceOf(came: number, rate: number): number {
  return (came > 0 ? came * Math.log(came / rate) : 0) - came + rate;
}

function listed(numbers: readonly number[]): string {
  return numbers.length < 2 ? numbers.join() : `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}
