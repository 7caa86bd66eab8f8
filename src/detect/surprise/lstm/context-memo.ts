import type {LstmState} from './lstm-state.ts';
import type {LstmStep} from './lstm-step.ts';

/** A context since its session's begin: the network's state there, named by a rolling hash of the symbols. */
export interface Context {
  /** The hash, 2 × 32 bits. */
  readonly low: number;
  readonly high: number;
  readonly length: number;
  readonly state: LstmState;
}

/** Contexts whose hashes agree in some bits share this many places; the one not asked for longest gives way. */
const ways = 4;

/**
 * Remembers the network's state for each context met, since contexts repeat: many steps are then one look-up, which
 * allocates nothing. A session holds its context itself, so forgetting one costs a step and nothing else.
 */
export class ContextMemo {
  /** Contexts looked up, and steps computed. */
  hits = 0;
  steps = 0;
  /** What a computed step takes, a moving mean; without what comes next, which is worked out when it is asked for. */
  stepMicros = 0;
  private readonly step: LstmStep;
  private readonly start: Context;
  private readonly setMask: number;
  private readonly places: (Context | undefined)[];
  private readonly lows: Int32Array;
  private readonly highs: Int32Array;
  /** When each place was last asked for, in look-ups modulo 2³². */
  private readonly used: Int32Array;
  private now = 0;

  /** Holds at most `capacity` contexts, a power of two from 4. */
  constructor(step: LstmStep, capacity = 8_192) {
    if (capacity < ways || (capacity & (capacity - 1)) !== 0) {
      throw new RangeError(`Expected a capacity that is a power of two from ${ways}, got ${capacity}`);
    }
    this.step = step;
    this.start = {low: 0x1505, high: 0x2a17, length: 0, state: step.initial()};
    this.setMask = capacity / ways - 1;
    this.places = Array.from({length: capacity}, () => undefined);
    this.lows = new Int32Array(capacity);
    this.highs = new Int32Array(capacity);
    this.used = new Int32Array(capacity);
  }

  /** The context of a session that has just begun, before its first symbol. */
  begin(symbol: number): Context {
    return this.after(this.start, symbol);
  }

  /** The context one symbol later. */
  after(context: Context, symbol: number): Context {
    const low = spread(context.low ^ Math.imul(symbol + 1, 0x9e3779b1));
    const high = spread(context.high ^ Math.imul(symbol + 7, 0x85ebca6b) ^ low);
    const first = (low & this.setMask) * ways;
    this.now = (this.now + 1) | 0;
    for (let place = first; place < first + ways; place++) {
      if (this.lows[place] !== low || this.highs[place] !== high) continue;
      const known = this.places[place];
      if (!known) continue;
      this.hits += 1;
      this.used[place] = this.now;
      return known;
    }
    const next = {low, high, length: context.length + 1, state: this.computed(context, symbol)};
    this.keep(next, this.oldest(first));
    return next;
  }

  private computed(context: Context, symbol: number): LstmState {
    const began = performance.now();
    const state = this.step.step(context.state, symbol);
    const micros = (performance.now() - began) * 1_000;
    this.steps += 1;
    this.stepMicros += (micros - this.stepMicros) / Math.min(this.steps, 100);
    return state;
  }

  /** The free place of a set, or else the one not asked for longest. */
  private oldest(first: number): number {
    let oldest = first;
    let most = -1;
    for (let place = first; place < first + ways; place++) {
      if (this.places[place] === undefined) return place;
      const age = (this.now - (this.used[place] as number)) >>> 0;
      if (age > most) {
        most = age;
        oldest = place;
      }
    }
    return oldest;
  }

  private keep(context: Context, place: number): void {
    this.places[place] = context;
    this.lows[place] = context.low;
    this.highs[place] = context.high;
    this.used[place] = this.now;
  }
}

function spread(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x45d9f3b);
  return mixed ^ (mixed >>> 14);
}
