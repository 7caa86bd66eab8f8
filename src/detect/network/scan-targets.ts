import type {Micros} from '../../event/event.ts';
import {Generations} from './generations.ts';
import {SmallSet} from './small-set.ts';

const window = 300_000_000;
const mostGood = 1024;
const mostOfOne = 65_536;

/** What one source tried and did not get: ports of a host, hosts of a port, or hosts. */
export interface ScanTarget {
  /** Distinct ports or hosts. */
  readonly members: SmallSet;
  /** Hosts that did answer since the first that did not. */
  good: Set<number> | undefined;
  /** Ports tried, where the members are hosts. */
  ports: Set<number> | undefined;
  first: Micros;
  last: Micros;
  /** How many there were when it was last raised; 0 before. */
  raised: number;
}

/**
 * Targets by key, within five minutes. Bounded in targets and in members over all: those used longest ago make room.
 * Of a flood with a target each, no more than half are kept for a moment.
 */
export class ScanTargets {
  readonly #targets: Generations<ScanTarget>;
  readonly #forgotten: (target: ScanTarget) => void;
  readonly #mostMembers: number;
  #members = 0;

  /** `forgotten` is told each target that ends. */
  constructor(forgotten: (target: ScanTarget) => void, limit = 8_192, mostMembers = 262_144) {
    this.#forgotten = forgotten;
    this.#mostMembers = mostMembers;
    this.#targets = new Generations(limit, target => this.#forget(target));
  }

  add(key: number, member: number, time: Micros): ScanTarget {
    const target = this.#current(key, member, time);
    if (target.members.size < mostOfOne && !target.members.has(member)) {
      target.members.add(member);
      if (++this.#members > this.#mostMembers) this.#makeRoom(key);
    }
    target.first = Math.min(target.first, time);
    target.last = Math.max(target.last, time);
    return target;
  }

  known(key: number): boolean {
    return this.#targets.get(key) !== undefined;
  }

  /** Members of a target, 0 where it is not known. */
  count(key: number): number {
    return this.#targets.get(key)?.members.size ?? 0;
  }

  /** A host answered: it speaks against a scan, where there is a suspicion at all. */
  addGood(key: number, host: number): void {
    const target = this.#targets.get(key);
    if (!target) return;
    target.good ??= new Set();
    if (target.good.size < mostGood) target.good.add(host);
  }

  removeGood(key: number, host: number): void {
    this.#targets.get(key)?.good?.delete(host);
  }

  /** The target, begun with this member where it is new. */
  #current(key: number, member: number, time: Micros): ScanTarget {
    const known = this.#targets.get(key);
    if (known) {
      const begun = known.raised > 0 ? known.last : known.first;
      if (time - begun <= window) return known;
      this.#forget(known);
    }
    const target: ScanTarget = {
      members: new SmallSet(member),
      good: undefined,
      ports: undefined,
      first: time,
      last: time,
      raised: 0,
    };
    this.#targets.set(key, target);
    if (++this.#members > this.#mostMembers) this.#makeRoom(key);
    return target;
  }

  /** Keeps the one that grew, where that helps at all. */
  #makeRoom(key: number): void {
    this.#targets.turn();
    this.#targets.get(key);
    if (this.#members <= this.#mostMembers) return;
    this.#targets.turn();
    if (this.#members > this.#mostMembers) this.#targets.turn();
  }

  #forget(target: ScanTarget): void {
    this.#members -= target.members.size;
    this.#forgotten(target);
  }
}
