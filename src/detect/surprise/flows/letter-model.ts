import {Ngram, type NgramSnapshot, type Prediction} from '../ngram.ts';
import {letterParts} from './flow-letters.ts';
import {hash32} from './hash.ts';
import {contextLength, type Peer} from './peers.ts';

/** The streams that letters of one service on one host belong to; beside them, there is one for each peer. */
export interface LetterStreams {
  /** Of each part of the service's letters by itself: rhythm, size, duration, outcome. */
  readonly parts: readonly [number, number, number, number];
  readonly service: number;
  readonly hostService: number;
}

/** Flows of a stream that count as much as all that is wider. */
const prior = 20;
/** How much a letter is judged by its parts: a rare mixture of usual parts is not that rare. */
const partsShare = 0.1;
const noContext: readonly number[] = [];
/** A peer's own letters are learned from this flow on: most peers are met a few times, or are forged. */
const peerFrom = 8;
const everything = hash32('any flow');
const limits = {order: contextLength, contexts: 16_384, entries: 32_768} as const;

/**
 * How surprising a letter is after the peer's letters before it: n-grams of the peer, of the service on this host, of
 * the service anywhere, and of all flows, each mixed with the next wider one; and how likely the letter's parts
 * are, each by itself. What is not of this host may begin with what a baseline knows.
 */
export class LetterModel {
  private readonly ngram = new Ngram(limits);

  static streams(host: string, service: string): LetterStreams {
    return {
      parts: [part(service, 0), part(service, 1), part(service, 2), part(service, 3)],
      service: hash32(`any\n${service}`),
      hostService: hash32(`${host}\n${service}`),
    };
  }

  /** Nats, before the letter is learned. 0 where nothing is known. */
  surprise(streams: LetterStreams, peer: Peer, letter: number): number {
    const nats = -Math.log(this.probability(streams, peer, letter));
    // A service hardly ever seen has no usual letters yet: that it is new is another kind of evidence.
    const known = this.ngram.total(streams.service);
    return (nats * known) / (known + prior);
  }

  /** Whether this service on this host ever had the letter. */
  seen(streams: LetterStreams, letter: number): boolean {
    return this.ngram.seen(streams.hostService, [], 0, letter) > 0;
  }

  /** The likeliest letters here, likeliest first. */
  predict(streams: LetterStreams, peer: Peer, top: number): readonly Prediction[] {
    const letters = new Set<number>();
    for (const stream of chain(streams, peer)) {
      for (const {symbol} of this.ngram.predict(stream, peer.context, peer.length, top * 2)) letters.add(symbol);
    }
    return [...letters]
      .map(symbol => ({symbol, probability: this.probability(streams, peer, symbol)}))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top);
  }

  learn(streams: LetterStreams, peer: Peer, letter: number): void {
    this.learnShared(streams, peer, letter);
    this.ngram.learn(streams.hostService, peer.context, peer.length, letter);
    if (peer.flows >= peerFrom) this.ngram.learn(peer.stream, peer.context, peer.length, letter);
  }

  /** Learns only what means the same on every host: for a baseline. */
  learnShared(streams: LetterStreams, peer: Peer, letter: number): void {
    this.ngram.learn(everything, peer.context, peer.length, letter);
    this.ngram.learn(streams.service, peer.context, peer.length, letter);
    const values = letterParts(letter);
    for (const at of partPlaces) this.ngram.learn(streams.parts[at], noContext, 0, values[at]);
  }

  snapshot(): NgramSnapshot {
    return this.ngram.snapshot();
  }

  restore(snapshot: NgramSnapshot): void {
    this.ngram.restore(snapshot);
  }

  private probability(streams: LetterStreams, peer: Peer, letter: number): number {
    let probability = this.mixed(1, everything, peer, letter, 0);
    probability = this.mixed(probability, streams.service, peer, letter, prior);
    probability = this.mixed(probability, streams.hostService, peer, letter, prior);
    if (peer.flows > peerFrom) probability = this.mixed(probability, peer.stream, peer, letter, prior);
    const share = this.ngram.total(streams.parts[0]) === 0 ? 0 : partsShare;
    return (1 - share) * probability + share * this.ofParts(streams.parts, letter);
  }

  /** What the wider streams say, and what this one does, by how much of it there is. */
  private mixed(wider: number, stream: number, {context, length}: Peer, letter: number, against: number): number {
    const own = Math.exp(-this.ngram.surprise(stream, context, length, letter));
    const total = this.ngram.locatedTotal;
    const weight = total === 0 ? 0 : total / (total + against);
    return weight * own + (1 - weight) * wider;
  }

  private ofParts(streams: LetterStreams['parts'], letter: number): number {
    const values = letterParts(letter);
    let nats = 0;
    for (const at of partPlaces) nats += this.ngram.surprise(streams[at], noContext, 0, values[at]);
    return Math.exp(-nats);
  }
}

const partPlaces = [0, 1, 2, 3] as const;

function part(service: string, place: number): number {
  return hash32(`part ${place}\n${service}`);
}

function chain({service, hostService}: LetterStreams, peer: Peer): readonly number[] {
  return [everything, service, hostService, peer.stream];
}
