import {minute} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';

/** That a rule found something about an entity. */
export interface Sighting {
  readonly rule: string;
  readonly host: string;
  readonly entity: string;
  readonly time: Micros;
  readonly historical: boolean;
}

/** How many entities of one rule and host were found within ten minutes of a time. */
export class EntityCrowd {
  readonly #limit: number;
  // Backfill and live are kept apart, or last week's entities would push out today's.
  readonly #seen = new BoundedMap<string, BoundedMap<string, Micros>>(1_000);

  constructor(limit: number) {
    this.#limit = limit;
  }

  note(sighting: Sighting): void {
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    this.#seen
      .getOrAdd(nameOf(sighting), () => new BoundedMap(this.#limit * 2 + 2))
      .set(sighting.entity, sighting.time);
  }

  /** True when more than the limit, this one included. Call `note` first. */
  isCrowded(sighting: Sighting): boolean {
    const entities = this.#seen.get(nameOf(sighting));
    if (entities === undefined || entities.size <= this.#limit) return false;
    let near = 0;
    for (const [, time] of entities.entries()) {
      if (Math.abs(time - sighting.time) < crowdWindow && ++near > this.#limit) return true;
    }
    return false;
  }
}

function nameOf({rule, host, historical}: Sighting): string {
  return `${rule}\0${host}\0${historical}`;
}

/** How many groups of one host began within the hour up to a time. */
export class BeginningRate {
  readonly #limit: number;
  readonly #buckets = new BoundedMap<string, number>(8_192);

  constructor(limit: number) {
    this.#limit = limit;
  }

  note(host: string, time: Micros): void {
    const name = `${Math.floor(time / bucketWidth)}\0${host}`;
    this.#buckets.set(name, (this.#buckets.get(name) ?? 0) + 1);
  }

  /** True when as many groups began as may begin; the next belongs into the storm. */
  isFull(host: string, time: Micros): boolean {
    const newest = Math.floor(time / bucketWidth);
    let begun = 0;
    for (let bucket = newest - bucketsAnHour + 1; bucket <= newest; bucket++) {
      begun += this.#buckets.get(`${bucket}\0${host}`) ?? 0;
    }
    return begun >= this.#limit;
  }
}

const crowdWindow = 10 * minute;
const bucketWidth = 10 * minute;
const bucketsAnHour = 6;
