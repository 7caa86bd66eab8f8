import {day, hour} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import {HourCount, type SavedHourCount} from '../hour-count.ts';
import {type SavedMost, UsualMost} from '../usual-most.ts';

export interface SavedNewcomers {
  readonly first: Micros;
  readonly hours: SavedHourCount;
  readonly most: SavedMost;
  readonly hour: number;
  readonly now: number;
  readonly since: Micros;
  readonly gathered: number;
  readonly names: readonly string[];
}

/** How a newcomer is told: by itself, with the others of a crowd, with all that were gathered, or not yet. */
export type Telling = 'alone' | 'crowd' | 'gathered' | 'later';

/** As many in one hour are no crowd, however few came before. */
const fewAnHour = 10;
const gatheredFor: Micros = 7 * day;
const namesKept = 3;

/**
 * What is met for the first time, of one kind on one network. Where telephones, guests and virtual machines come and go
 * every day a new one is weather: it is gathered and told of once a week. Elsewhere each is told by itself, and far more
 * within an hour than ever are told at once.
 */
export class Newcomers {
  readonly #first: Micros;
  readonly #hours = new HourCount();
  readonly #most = new UsualMost(fewAnHour);
  #hour = 0;
  #now = 0;
  #since: Micros = 0;
  #gathered = 0;
  #names: string[] = [];

  /** `first`: from when on newcomers are counted. */
  constructor(first: Micros, saved?: SavedNewcomers) {
    this.#first = saved?.first ?? first;
    if (saved) this.#restore(saved);
  }

  /** Those that are told together, and the newest of them by name. */
  get gathered(): {readonly count: number; readonly names: readonly string[]; readonly since: Micros} {
    return {count: this.#gathered, names: this.#names, since: this.#since};
  }

  /** How many came within the hour of the newest. */
  get now(): number {
    return this.#now;
  }

  /** Takes one; `isTold` false while the network is being learned. */
  add(time: Micros, name: string, isTold: boolean): Telling {
    if (time < this.#first) return 'later';
    const usual = this.#hours.isUsual(time, this.#first);
    const crowd = this.#countInHour(time);
    this.#hours.note(time);
    if (!isTold) return 'later';
    if (crowd) return 'crowd';
    return usual ? this.#gather(time, name) : 'alone';
  }

  /** Those gathered were told. */
  clear(): void {
    this.#gathered = 0;
    this.#names = [];
  }

  toJson(): SavedNewcomers {
    return {
      first: this.#first,
      hours: this.#hours.toJson(),
      most: this.#most.toJson(),
      hour: this.#hour,
      now: this.#now,
      since: this.#since,
      gathered: this.#gathered,
      names: this.#names,
    };
  }

  #countInHour(time: Micros): boolean {
    const now = Math.floor(time / hour);
    if (now > this.#hour) {
      this.#hour = now;
      this.#now = 0;
    }
    this.#now++;
    const crowd = this.#most.isFarExceeded(time, this.#now);
    this.#most.note(time, this.#now);
    return crowd;
  }

  #gather(time: Micros, name: string): Telling {
    if (this.#gathered === 0) this.#since = time;
    this.#gathered++;
    this.#names = [...this.#names, name].slice(-namesKept);
    return time - this.#since >= gatheredFor ? 'gathered' : 'later';
  }

  #restore({hours, most, hour: at, now, since, gathered, names}: SavedNewcomers): void {
    this.#hours.restore(hours);
    this.#most.restore(most);
    this.#hour = at;
    this.#now = now;
    this.#since = since;
    this.#gathered = gathered;
    this.#names = [...names];
  }
}
