import {second} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';
import {SecondChanceMap} from '../../second-chance-map.ts';
import type {Rhythm} from './flow-letters.ts';

export const contextLength = 3;
const recentLength = 10;
const maxPeers = 4_096;
const savedPeers = 2_000;
/** Connections begun within this time are one contact: a browser opens six at once, a resolver asks for A and AAAA. */
const sameContact: Micros = second;
/** The larger of two neighbouring gaps over the smaller one: up to here they are strongly or weakly periodic. */
const strong = 1.05;
const weak = 1.5;
/** Regular contacts beyond what chance gives, from which on a peer is met regularly. */
export const regularFrom = 10;
const irregularCosts = 2;

/** What is known of one (host, source, destination, port, transport). Symbols are newest first in `context`. */
export interface Peer {
  /** Names the stream of its letters. */
  readonly stream: number;
  contacts: number;
  /** Flows, of which many may be one contact. */
  flows: number;
  first: Micros;
  last: Micros;
  gap: Micros;
  rhythm: Rhythm;
  /** Regular contacts less twice the irregular ones, 0 at least (a CUSUM). */
  regular: number;
  readonly context: number[];
  length: number;
  /** Oldest first. */
  recent: number[];
}

export type PeersSnapshot = readonly (readonly [
  key: number,
  contacts: number,
  flows: number,
  first: Micros,
  last: Micros,
  gap: Micros,
  rhythm: Rhythm,
  regular: number,
  ...recent: number[],
])[];

/** The peers of all hosts, those used longest ago forgotten: however many addresses are forged, memory stays bounded. */
export class Peers {
  private readonly peers = new SecondChanceMap<number, Peer>(maxPeers);

  get size(): number {
    return this.peers.size;
  }

  get(key: number): Peer {
    return this.peers.get(key) ?? this.add(key);
  }

  snapshot(): PeersSnapshot {
    return [...this.peers.entries()]
      .slice(-savedPeers)
      .map(([key, {contacts, flows, first, last, gap, rhythm, regular, recent}]) => [
        key,
        contacts,
        flows,
        first,
        last,
        gap,
        rhythm,
        regular,
        ...recent,
      ]);
  }

  restore(snapshot: PeersSnapshot): void {
    for (const [key, contacts, flows, first, last, gap, rhythm, regular, ...recent] of snapshot) {
      const peer: Peer = {...newPeer(key), contacts, flows, first, last, gap, rhythm, regular};
      for (const symbol of recent) rememberLetter(peer, symbol);
      this.peers.set(key, peer);
    }
  }

  private add(key: number): Peer {
    const peer = newPeer(key);
    this.peers.set(key, peer);
    return peer;
  }
}

/** Takes in a contact's begin and says how regular it was; flows may come in another order than they began. */
export function contact(peer: Peer, time: Micros): Rhythm {
  peer.flows += 1;
  const gap = time - peer.last;
  if (peer.contacts > 0 && gap < sameContact) return peer.rhythm;
  const rhythm = peer.contacts < 2 ? 0 : rhythmOf(gap, peer.gap);
  if (rhythm === 3) peer.regular = Math.max(0, peer.regular - irregularCosts);
  else if (rhythm > 0) peer.regular = Math.min(regularFrom, peer.regular + 1);
  if (peer.contacts > 0) peer.gap = gap;
  else peer.first = time;
  peer.contacts += 1;
  peer.last = time;
  peer.rhythm = rhythm;
  return rhythm;
}

/** Adds the letter to what the peer's flows are judged by. */
export function rememberLetter(peer: Peer, symbol: number): void {
  const {context} = peer;
  for (let at = contextLength - 1; at > 0; at--) context[at] = context[at - 1] ?? 0;
  context[0] = symbol;
  peer.length = Math.min(contextLength, peer.length + 1);
  peer.recent.push(symbol);
  if (peer.recent.length > recentLength) peer.recent.shift();
}

function rhythmOf(gap: Micros, before: Micros): Rhythm {
  const ratio = Math.max(gap, before) / Math.max(1, Math.min(gap, before));
  if (ratio <= strong) return 1;
  return ratio <= weak ? 2 : 3;
}

function newPeer(key: number): Peer {
  const context = new Array<number>(contextLength).fill(0);
  return {
    // The low half of the key is as good a name as any.
    stream: key | 0,
    contacts: 0,
    flows: 0,
    first: 0,
    last: 0,
    gap: 0,
    rhythm: 0,
    regular: 0,
    context,
    length: 0,
    recent: [],
  };
}
