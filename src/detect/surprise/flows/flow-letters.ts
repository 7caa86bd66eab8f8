import {minute, second} from '../../../event/clock.ts';
import type {FlowEvent, FlowState, Micros} from '../../../event/event.ts';

/** How regular the contacts are that a flow belongs to: its place in this list. */
export const rhythms = ['first contacts', 'strongly periodic', 'weakly periodic', 'irregular'] as const;
export type Rhythm = 0 | 1 | 2 | 3;

const sizes = [
  'tiny',
  'small',
  'medium',
  'large received',
  'large sent',
  'huge received',
  'huge sent',
  'enormous received',
  'enormous sent',
] as const;
const durations = ['momentary', 'short', 'of minutes', 'long', 'of hours'] as const;
const outcomes = ['answered', 'unanswered', 'refused', 'reset', 'seen in part'] as const;

/** Below are the symbols that no flow has: unknown, begin, end. */
const firstLetter = 4;
export const letterCount = rhythms.length * sizes.length * durations.length * outcomes.length;

// From this many bytes in both directions, the next size begins; durations likewise.
const sizeSteps = [200, 2_000, 50_000, 2_000_000, 100_000_000] as const;
const durationSteps: readonly Micros[] = [second, 30 * second, 10 * minute, 60 * minute];

const outcomeOf: Readonly<Record<FlowState, number>> = {
  SF: 0,
  S0: 1,
  SH: 1,
  REJ: 2,
  RSTO: 3,
  RSTR: 3,
  S1: 0,
  SHR: 4,
  OTH: 4,
};

/**
 * A flow as one symbol, after the behavioural letters of Stratosphere (García, 2014): how regular its contacts are, its
 * size with the direction where it is large, how long it took, and how it went.
 */
export function letterOf(flow: FlowEvent, rhythm: Rhythm): number {
  const size = sizeOf(flow.bytesOut, flow.bytesIn);
  const duration = stepOf(durationSteps, durationOf(flow));
  const outcome = outcomeOf[flow.state];
  return firstLetter + ((rhythm * sizes.length + size) * durations.length + duration) * outcomes.length + outcome;
}

/** Microseconds from the first packet to the newest, never negative. */
export function durationOf({time, last}: Pick<FlowEvent, 'time' | 'last'>): Micros {
  return Math.max(0, last - time) || 0;
}

/** The letter's rhythm, size, duration and outcome, each as a small number of its own range. */
export function letterParts(symbol: number): readonly [number, number, number, number] {
  const code = symbol - firstLetter;
  const outcome = code % outcomes.length;
  const rest = Math.floor(code / outcomes.length);
  const left = Math.floor(rest / durations.length);
  return [Math.floor(left / sizes.length), left % sizes.length, rest % durations.length, outcome];
}

/** The letter in words: `strongly periodic, small, short`; how it went only where it was not answered. */
export function letterText(symbol: number): string {
  if (symbol < firstLetter || symbol >= firstLetter + letterCount) return 'something rare';
  const [rhythm, size, duration, outcome] = letterParts(symbol);
  const words = [rhythms[rhythm], sizes[size], durations[duration]];
  return [...words, ...(outcome === 0 ? [] : [outcomes[outcome]])].join(', ');
}

/** Which size it is where it is large or more; undefined where every service has such flows. */
export function largeSize({bytesOut, bytesIn}: Pick<FlowEvent, 'bytesOut' | 'bytesIn'>): number | undefined {
  const size = sizeOf(bytesOut, bytesIn);
  return size > 2 ? size : undefined;
}

function sizeOf(out: number, back: number): number {
  const step = stepOf(sizeSteps, out + back);
  if (step <= 2) return step;
  return 3 + (step - 3) * 2 + (out > back ? 1 : 0);
}

function stepOf(steps: readonly number[], value: number): number {
  let step = 0;
  while (step < steps.length && value >= (steps[step] ?? 0)) step += 1;
  return step;
}
