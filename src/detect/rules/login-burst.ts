import {minute} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';
import {SlidingWindow} from './sliding-window.ts';

/** A burst as plain JSON. */
export interface SavedBurst {
  readonly times: readonly Micros[];
  readonly newest: Micros;
  readonly newestInBurst: Micros;
  readonly active: boolean;
  readonly total: number;
  readonly names: readonly (readonly [name: string, time: Micros])[];
}

/** Failures of one key: whether they come in a burst, how many it has so far, and which names were tried. */
export class Burst {
  /** Failures in the present burst. */
  total: number;
  readonly #limit: number;
  readonly #window: SlidingWindow;
  readonly #names = new BoundedMap<string, Micros>(200);
  #newest: Micros;
  #newestInBurst: Micros;
  #active: boolean;

  constructor(limit: number, saved: SavedBurst = nothing) {
    this.#limit = limit;
    this.#window = new SlidingWindow(limit, burstSpan, saved.times);
    for (const [name, time] of saved.names) this.#names.set(name, time);
    this.total = saved.total;
    this.#newest = saved.newest;
    this.#newestInBurst = saved.newestInBurst;
    this.#active = saved.active;
  }

  /** Adds a failure; returns how many are to be reported with it: 0 while it is no burst, all of them as it becomes one. */
  add(time: Micros, name: string, count: number): number {
    this.#endIfQuiet(time);
    this.#note(time, name);
    for (let i = Math.min(count, this.#limit); i > 0; i--) this.#window.add(time);
    return this.#report(time, count, this.#window.isFull(), Math.max(count, this.#limit));
  }

  /** As `add`, where it takes as many different names within the span to make a burst. */
  addDistinct(time: Micros, name: string, count: number): number {
    this.#endIfQuiet(time);
    this.#note(time, name);
    for (const [old, seen] of this.#names.entries()) if (time - seen >= burstSpan) this.#names.delete(old);
    return this.#report(time, count, this.distinct >= this.#limit, this.distinct);
  }

  get distinct(): number {
    return this.#names.size;
  }

  get newest(): Micros {
    return this.#newest;
  }

  knows(name: string): boolean {
    return this.#names.has(name);
  }

  /** True where a burst was on within the half hour before. */
  isRecent(time: Micros): boolean {
    return this.#newestInBurst > 0 && time - this.#newestInBurst < memory;
  }

  /** The names for a sentence: `root, admin and 3 more`. */
  listNames(): string {
    const names = [...this.#names.entries()].map(([name]) => name);
    const first = names.slice(-3).reverse().join(', ');
    return names.length > 3 ? `${first} and ${names.length - 3} more` : first;
  }

  toJson(): SavedBurst {
    return {
      times: this.#window.times,
      newest: this.#newest,
      newestInBurst: this.#newestInBurst,
      active: this.#active,
      total: this.total,
      names: [...this.#names.entries()],
    };
  }

  #endIfQuiet(time: Micros): void {
    if (time - this.#newest < burstSpan) return;
    this.#active = false;
    this.total = 0;
    for (const [name] of this.#names.entries()) this.#names.delete(name);
  }

  #note(time: Micros, name: string): void {
    if (name !== '') this.#names.set(name, time);
    this.#newest = Math.max(this.#newest, time);
  }

  #report(time: Micros, count: number, full: boolean, atStart: number): number {
    if (!this.#active && !full) return 0;
    const reported = this.#active ? count : atStart;
    this.#active = true;
    this.total += reported;
    this.#newestInBurst = Math.max(this.#newestInBurst, time);
    return reported;
  }
}

export const burstSpan = 10 * minute;
const memory = 30 * minute;
const nothing: SavedBurst = {times: [], newest: 0, newestInBurst: 0, active: false, total: 0, names: []};
