import {day} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import {SecondChanceMap} from '../second-chance-map.ts';
import {hash52} from '../surprise/flows/hash.ts';

/**
 * `learning`: the host is watched for less than the learning time. `known`: was there within it, or is met for a week.
 * `new`: neither. `unknowable`: nothing was learned and nothing will be, as when a file is scanned.
 */
export type Standing = 'learning' | 'known' | 'new' | 'unknowable';

const mostHosts = 1_000;
const mostPlaces = 16_384;
const savedPlaces = 4_096;
const longKnown = 7 * day;

/**
 * Since when a host is watched, and since when each outside place is met from it. What was regular from the first day on
 * is how the machine lives: software that asks its maker for updates is as regular as an implant.
 */
export class Settled {
  readonly #learning: Micros;
  readonly #hosts = new SecondChanceMap<string, Micros>(mostHosts);
  readonly #places = new SecondChanceMap<number, Micros>(mostPlaces);

  /** `learning` 0: nothing is learned. */
  constructor(learning: Micros) {
    this.#learning = learning;
  }

  /** Something of the host's network was seen. An old file that is read later does not make the learning time over. */
  watch(host: string, time: Micros): void {
    if (this.#hosts.get(host) === undefined) this.#hosts.set(host, time);
  }

  meet(host: string, place: string, time: Micros): void {
    const key = hash52(`${host}\0${place}`);
    const since = this.#places.get(key);
    if (since === undefined || time < since) this.#places.set(key, time);
  }

  isLearning(host: string, time: Micros): boolean {
    if (this.#learning === 0) return true;
    const since = this.#hosts.peek(host);
    return since === undefined || time - since < this.#learning;
  }

  /** From when on what is met is counted as new to the network: by the middle of the learning time most was there. */
  countsFrom(host: string, time: Micros): Micros {
    return (this.#hosts.peek(host) ?? time) + this.#learning / 2;
  }

  /** Watched for twice the learning time: what is slow and was there from the beginning has shown itself too. */
  isInventoryOver(host: string, time: Micros): boolean {
    return time - (this.#hosts.peek(host) ?? time) >= 2 * this.#learning;
  }

  of(host: string, place: string, time: Micros): Standing {
    if (this.#learning === 0) return 'unknowable';
    if (this.isLearning(host, time)) return 'learning';
    const since = this.#places.peek(hash52(`${host}\0${place}`));
    const watched = this.#hosts.peek(host) ?? time;
    if (since === undefined) return 'new';
    return since - watched < this.#learning || time - since > longKnown ? 'known' : 'new';
  }

  save(): unknown {
    return {hosts: [...this.#hosts.entries()], places: [...this.#places.entries()].slice(-savedPlaces)};
  }

  restore(state: unknown): void {
    const {hosts = [], places = []} = (state ?? {}) as {hosts?: [string, Micros][]; places?: [number, Micros][]};
    for (const [host, since] of hosts) this.#hosts.set(host, since);
    for (const [place, since] of places) this.#places.set(place, since);
  }
}
