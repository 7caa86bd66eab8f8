import {day, hour} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';
import {BoundedMap} from '../../bounded-map.ts';
import {HourCount, type SavedHourCount} from '../../hour-count.ts';
import {daysOf, FadedCount} from '../../surprise/values/faded-count.ts';
import {type SavedMost, UsualMost} from '../../usual-most.ts';
import {Digest, type SavedDigest} from './digest.ts';

export interface SavedGuessing {
  readonly first: Micros;
  readonly hours: SavedHourCount;
  readonly bursts: readonly [number, Micros];
  readonly most: readonly [failures: SavedMost, addresses: SavedMost, sources: SavedMost];
  readonly names: readonly (readonly [name: string, hours: SavedHourCount])[];
  readonly digest: SavedDigest;
  /** When addresses began to guess lately, oldest first. */
  readonly begun?: readonly Micros[];
  readonly digests?: number;
}

/** A name must have been tried in so many different hours lately. */
const usualHours = 3;
const mostNames = 500;

/**
 * The guessing at logins that a machine has from outside, or from inside, and what of it is usual. An address of the
 * internet is guessed at all day: what is alike in number, names and sources is told of after a day and then once a week.
 */
export class Guessing {
  readonly digest = new Digest();
  readonly #limit: number;
  readonly #first: Micros;
  readonly #hours = new HourCount();
  readonly #bursts = new FadedCount();
  /** Failures of one burst, addresses that tried one name, addresses that guessed within an hour. */
  readonly #failures: UsualMost;
  readonly #addresses: UsualMost;
  readonly #sources: UsualMost;
  readonly #names = new BoundedMap<string, HourCount>(mostNames);
  #hour = 0;
  #sourcesNow = 0;
  #begun: Micros[] = [];
  /** How often what is usual was told. */
  #digests = 0;

  constructor(limit: number, time: Micros, saved?: SavedGuessing) {
    this.#limit = limit;
    this.#first = saved?.first ?? time;
    this.#failures = new UsualMost(10 * limit);
    this.#addresses = new UsualMost(2 * limit);
    this.#sources = new UsualMost(2 * limit);
    if (saved) this.#restore(saved);
  }

  /** Whether bursts are what this machine has every day. */
  isUsual(time: Micros): boolean {
    return this.#hours.isUsual(time, this.#first);
  }

  /** Whether as many addresses began to guess within a day as make a crowd: whoever guesses then is one of many. */
  isCrowded(time: Micros): boolean {
    return this.#begun.length >= this.#limit && time - (this.#begun[0] ?? 0) < day;
  }

  /** Whether strangers try this name again and again. */
  isUsualName(name: string, time: Micros): boolean {
    return (this.#names.peek(name)?.at(time) ?? 0) >= usualHours;
  }

  /** Addresses that begin to guess a day. */
  aDay(time: Micros): number {
    return this.#bursts.at(time) / daysOf(time - this.#first);
  }

  /**
   * Notes that one more address began to guess; says whether they are more within the hour than there should be, where
   * nothing is usual more within the day.
   */
  noteBurst(time: Micros): boolean {
    const now = Math.floor(time / hour);
    if (now > this.#hour) {
      this.#hour = now;
      this.#sourcesNow = 0;
    }
    this.#sourcesNow += 1;
    const usual = this.isUsual(time);
    this.#begun = [...this.#begun, time].slice(-this.#limit);
    const crowd = usual ? this.#sources.isFarExceeded(time, this.#sourcesNow) : this.isCrowded(time);
    this.#sources.note(time, this.#sourcesNow);
    this.#bursts.add(time);
    this.#hours.note(time);
    return crowd;
  }

  /** Whether one address failed far more often than any did lately. */
  isLoud(time: Micros, failures: number): boolean {
    const loud = this.#failures.isFarExceeded(time, failures);
    this.#failures.note(time, failures);
    return loud;
  }

  /** Whether far more addresses tried one name than any was tried by lately. */
  isWide(time: Micros, addresses: number): boolean {
    const wide = this.#addresses.isFarExceeded(time, addresses);
    this.#addresses.note(time, addresses);
    return wide;
  }

  /** Notes that a name was tried as part of a burst, or from many addresses. */
  noteName(name: string, time: Micros): void {
    if (name !== '') this.#names.getOrAdd(name, () => new HourCount()).note(time);
  }

  /** Notes that a name was tried from many addresses. */
  noteSpray(time: Micros): void {
    this.#hours.note(time);
  }

  /** Whether it is time to tell of what was gathered: after a day, that it is so; then each week, for it still is. */
  isDue(time: Micros): boolean {
    return this.digest.failures > 0 && time - this.digest.since >= (this.#digests === 0 ? day : 7 * day);
  }

  /** What was gathered was told. */
  digestTold(): void {
    this.digest.clear();
    this.#digests += 1;
  }

  toJson(): SavedGuessing {
    return {
      first: this.#first,
      hours: this.#hours.toJson(),
      bursts: this.#bursts.snapshot(),
      most: [this.#failures.toJson(), this.#addresses.toJson(), this.#sources.toJson()],
      names: [...this.#names.entries()].map(([name, hours]) => [name, hours.toJson()]),
      digest: this.digest.toJson(),
      begun: this.#begun,
      digests: this.#digests,
    };
  }

  #restore({hours, bursts, most: [failures, addresses, sources], names, digest, begun, digests}: SavedGuessing): void {
    this.#digests = digests ?? 0;
    this.#begun = [...(begun ?? [])];
    this.#hours.restore(hours);
    this.#bursts.restore(bursts);
    this.#failures.restore(failures);
    this.#addresses.restore(addresses);
    this.#sources.restore(sources);
    for (const [name, saved] of names) this.#names.getOrAdd(name, () => new HourCount()).restore(saved);
    this.digest.restore(digest);
  }
}
