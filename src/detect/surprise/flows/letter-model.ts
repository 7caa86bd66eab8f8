import {Ngram, type NgramSnapshot, type Prediction} from '../ngram.ts';
import {hash32} from './hash.ts';
import {contextLength, type Peer} from './peers.ts';

/** The streams a flow's letter belongs to, from what all hosts share to the one peer. */
export interface LetterStreams {
  readonly service: number;
  readonly hostService: number;
  readonly peer: number;
}

/** Letters of a stream that weigh as much as all wider streams together. */
const prior = 20;
/** A peer's own letters are learned from its third flow on: most peers are met once, or are forged. */
const peerFrom = 3;
const everything = hash32('any flow');
const limits = {order: contextLength, contexts: 8_192, entries: 16_384} as const;

/**
 * How surprising a letter is after the peer's letters before it: n-grams of the peer, of the service on this host, of
 * the service anywhere and of all flows, each weighed against the wider ones by how much it has seen. The two widest
 * may begin with what a baseline knows.
 */
export class LetterModel {
  private readonly ngram = new Ngram(limits);

  streams(host: string, service: string, peerKey: string): LetterStreams {
    return {
      service: hash32(`any\n${service}`),
      hostService: hash32(`${host}\n${service}`),
      peer: hash32(`peer\n${peerKey}`),
    };
  }

  /** Nats, before the letter is learned. 0 where nothing is known. */
  surprise(streams: LetterStreams, {context, length}: Peer, letter: number): number {
    let probability = 1;
    for (const stream of chain(streams)) {
      const total = this.ngram.total(stream);
      if (total === 0) continue;
      const own = Math.exp(-this.ngram.surprise(stream, context, length, letter));
      const weight = stream === everything ? 1 : total / (total + prior);
      probability = weight * own + (1 - weight) * probability;
    }
    return -Math.log(probability);
  }

  /** Whether this service on this host ever had the letter. */
  seen(streams: LetterStreams, letter: number): boolean {
    return this.ngram.seen(streams.hostService, [], 0, letter) > 0;
  }

  /** The likeliest letters here, likeliest first. */
  predict(streams: LetterStreams, peer: Peer, top: number): readonly Prediction[] {
    const letters = new Set<number>();
    for (const stream of chain(streams)) {
      for (const {symbol} of this.ngram.predict(stream, peer.context, peer.length, top * 2)) letters.add(symbol);
    }
    return [...letters]
      .map(symbol => ({symbol, probability: Math.exp(-this.surprise(streams, peer, symbol))}))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top);
  }

  learn(streams: LetterStreams, peer: Peer, letter: number): void {
    for (const stream of chain(streams)) {
      if (stream === streams.peer && peer.flows < peerFrom) continue;
      this.ngram.learn(stream, peer.context, peer.length, letter);
    }
  }

  snapshot(): NgramSnapshot {
    return this.ngram.snapshot();
  }

  restore(snapshot: NgramSnapshot): void {
    this.ngram.restore(snapshot);
  }
}

function chain({service, hostService, peer}: LetterStreams): readonly number[] {
  return [everything, service, hostService, peer];
}
