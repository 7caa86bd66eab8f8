import type {LstmState, LstmStep} from './lstm-step.ts';

/** A context since its session's begin: the network's state there, named by a rolling hash of the symbols. */
export interface Context {
  readonly hash: number;
  readonly length: number;
  readonly state: LstmState;
}

/**
 * Remembers the network's state for each context met, since contexts repeat: most steps are then one look-up. A
 * session holds its context itself, so forgetting one costs a step and nothing else. Two generations: when the younger
 * is full the older goes, and with it what was not asked for meanwhile.
 */
export class ContextMemo {
  /** Contexts looked up, and steps computed. */
  hits = 0;
  steps = 0;
  /** What a computed step takes, a moving mean. */
  stepMicros = 0;
  private readonly step: LstmStep;
  private readonly capacity: number;
  private young = new Map<number, Context>();
  private old = new Map<number, Context>();
  private readonly start: Context;

  constructor(step: LstmStep, capacity = 2_048) {
    this.step = step;
    this.capacity = capacity;
    this.start = {hash: 0x1505, length: 0, state: step.initial()};
  }

  /** The context of a session that has just begun, before its first symbol. */
  begin(symbol: number): Context {
    return this.after(this.start, symbol);
  }

  /** The context one symbol later. */
  after(context: Context, symbol: number): Context {
    const hash = rolled(context.hash, symbol);
    const known = this.young.get(hash) ?? this.old.get(hash);
    if (known) {
      this.hits += 1;
      this.keep(known);
      return known;
    }
    const began = performance.now();
    const next = {hash, length: context.length + 1, state: this.step.step(context.state, symbol)};
    this.measure((performance.now() - began) * 1_000);
    this.keep(next);
    return next;
  }

  private measure(micros: number): void {
    this.steps += 1;
    this.stepMicros += (micros - this.stepMicros) / Math.min(this.steps, 100);
  }

  private keep(context: Context): void {
    if (this.young.has(context.hash)) return;
    if (this.young.size >= this.capacity / 2) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(context.hash, context);
  }
}

/** Keeps 52 bits: two hashes of 26 so that contexts do not collide in practice. */
function rolled(hash: number, symbol: number): number {
  const low = hash % 0x4000000;
  const high = Math.floor(hash / 0x4000000);
  const nextLow = spread(low ^ Math.imul(symbol + 1, 0x9e3779b1)) & 0x3ffffff;
  const nextHigh = spread(high ^ Math.imul(symbol + 7, 0x85ebca6b) ^ nextLow) & 0x3ffffff;
  return nextHigh * 0x4000000 + nextLow;
}

function spread(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x45d9f3b);
  return mixed ^ (mixed >>> 14);
}
