import type {Micros} from '../../src/event/event.ts';
import type {LifeItem} from './item.ts';

/** Something that goes on for a while: does its part, then yields the seconds until it goes on. */
export type Script = Generator<number, void, void>;

/**
 * Runs many scripts side by side in their own time, not the machine's: the earliest goes first, ties in the order they
 * came. What the scripts emit comes out in time order, and only what waits is held in memory.
 */
export class Simulation {
  now: Micros;
  #waiting: Waiting[] = [];
  #order = 0;
  #emitted: LifeItem[] = [];

  constructor(start: Micros) {
    this.now = start;
  }

  start(script: Script, seconds = 0): void {
    this.#push({time: this.now + Math.max(0, Math.round(seconds * 1e6)), order: this.#order++, script});
  }

  emit(item: LifeItem): void {
    this.#emitted.push(item);
  }

  /** Lets a moment pass, so that two lines of one script do not carry the very same time. */
  pass(micros: number): void {
    this.now += micros;
  }

  *run(until: Micros): Generator<LifeItem> {
    for (let next = this.#pop(); next && next.time < until; next = this.#pop()) {
      this.now = Math.max(this.now, next.time);
      const step = next.script.next();
      if (!step.done) {
        const wait = Math.max(1, Math.round(step.value * 1e6));
        this.#push({time: this.now + wait, order: this.#order++, script: next.script});
      }
      if (this.#emitted.length === 0) continue;
      const items = this.#emitted;
      this.#emitted = [];
      yield* items;
    }
  }

  #push(entry: Waiting): void {
    const heap = this.#waiting;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, entry)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): Waiting | undefined {
    const heap = this.#waiting;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const child = smallerChild(heap, at);
      const below = heap[child];
      if (below === undefined || isBefore(last, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

interface Waiting {
  readonly time: Micros;
  readonly order: number;
  readonly script: Script;
}

function smallerChild(heap: readonly Waiting[], at: number): number {
  const left = heap[2 * at + 1];
  const right = heap[2 * at + 2];
  return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
}

function isBefore(one: Waiting, other: Waiting): boolean {
  return one.time < other.time || (one.time === other.time && one.order < other.order);
}
