import type {Micros} from '../../event/event.ts';
import {Generations} from './generations.ts';
import {isVirtualMac} from './mac.ts';

const kept = 4096;
/** A claim older than this is no longer believed: the address may have gone to another machine. */
const believed = 1_200_000_000;
const contestedWithin = 600_000_000;

interface Binding {
  mac: number;
  time: Micros;
  /** Who had it before; -1 nobody known. */
  previous: number;
  changed: Micros;
  /** Changes, each soon after the last. */
  changes: number;
}

/** How an address is claimed: `announced` to all, which is how a machine that takes over says so. */
export type Manner = 'asked' | 'announced' | 'unasked';

/** A claim that is not in order. */
export interface Contest {
  /** Who else has the address. */
  readonly other: number;
  /** `again`: both go on claiming it. `unasked`: an answer to nobody's question. `impostor`: a machine that has another address. */
  readonly why: 'again' | 'unasked' | 'impostor';
}

/**
 * Which MAC address claims which IP address. One that changes once and stays is a machine that took over, or a lease that
 * went to another; one that both claim in turn, or that is claimed by an answer nobody asked for, is a contest.
 */
export class Bindings {
  readonly #bindings = new Generations<Binding>(kept);
  /** The first address that a machine claimed. */
  readonly #homes = new Generations<number>(kept);

  /** What is known from elsewhere, where nothing was heard yet. */
  seed(address: number, mac: number, time: Micros): void {
    if (!this.#bindings.get(address)) this.#bindings.set(address, {mac, time, previous: -1, changed: 0, changes: 0});
  }

  /** `guarded`: of a gateway, which no machine with another address may be. */
  claim(address: number, mac: number, time: Micros, manner: Manner, guarded: boolean): Contest | undefined {
    const known = this.#bindings.get(address);
    const home = this.#homes.get(mac);
    if (home === undefined) this.#homes.set(mac, address);
    if (!known) {
      this.#bindings.set(address, {mac, time, previous: -1, changed: 0, changes: 0});
      return undefined;
    }
    const isFresh = Math.abs(time - known.time) < believed;
    known.time = time;
    if (known.mac === mac) return undefined;
    const other = known.mac;
    known.changes = Math.abs(time - known.changed) < contestedWithin ? known.changes + 1 : 1;
    // There and back is a machine that failed and was mended.
    const again = mac === known.previous && known.changes >= 3;
    known.previous = other;
    known.mac = mac;
    known.changed = time;
    if (!isFresh || isVirtualMac(mac) || isVirtualMac(other)) return undefined;
    if (guarded && home !== undefined && home !== address) return {other, why: 'impostor'};
    if (again) return {other, why: 'again'};
    return manner === 'unasked' ? {other, why: 'unasked'} : undefined;
  }
}

export function contestText({why}: Contest): string {
  switch (why) {
    case 'again':
      return 'both claim it in turn';
    case 'unasked':
      return 'by an answer that nobody asked for';
    case 'impostor':
      return 'and has another address of its own';
    default:
      return why satisfies never;
  }
}
