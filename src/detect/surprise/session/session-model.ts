import {CountVectors, type CountVectorsSnapshot} from './count-vectors.ts';
import type {Evidence} from './evidence.ts';
import {Neighbours, type NeighboursSnapshot} from './neighbours.ts';
import {SessionLengths, type SessionLengthsSnapshot} from './session-lengths.ts';
import type {SessionTrace} from './session-trace.ts';
import {SymbolCounts, type SymbolCountsSnapshot} from './symbol-counts.ts';

export interface SessionModelSnapshot {
  readonly vectors: CountVectorsSnapshot;
  readonly symbols: SymbolCountsSnapshot;
  readonly lengths: SessionLengthsSnapshot;
  readonly neighbours: NeighboursSnapshot;
}

export interface SessionModelOptions {
  /** Count vectors, and mixtures of symbols, remembered at most. Default: 8,192 and 1,024. */
  readonly vectors?: number;
  readonly neighbours?: number;
}

/** What whole sessions of one stream are like: learned from those that ended, asked about the next that ends. */
export class SessionModel {
  private readonly vectors: CountVectors;
  private readonly symbols = new SymbolCounts();
  private readonly lengths = new SessionLengths();
  private readonly neighbours: Neighbours;

  constructor({vectors, neighbours}: SessionModelOptions = {}) {
    this.vectors = new CountVectors(vectors);
    this.neighbours = new Neighbours(neighbours);
  }

  /** What speaks against the session, before it is learned. */
  evidence(trace: SessionTrace): Evidence {
    const {counts, ngram, network} = trace;
    return {
      ngramMean: ngram.mean,
      ngramMost: ngram.most,
      ngramStretch: ngram.stretch,
      unknownRuns: trace.unknownRunShare,
      networkMean: network?.mean ?? 0,
      networkMost: network?.most ?? 0,
      networkStretch: network?.stretch ?? 0,
      unknownVector: this.vectors.seen(counts) > 0 ? 0 : 1,
      symbolCounts: this.symbols.surprise(counts),
      mixture: this.neighbours.distance(counts),
      length: this.lengths.surprise(trace.length),
      unknownSymbols: trace.unknownSymbols,
    };
  }

  learn({counts, length}: Pick<SessionTrace, 'counts' | 'length'>, times = 1): void {
    this.vectors.learn(counts, times);
    this.symbols.learn(counts, times);
    this.lengths.learn(length, times);
    this.neighbours.learn(counts);
  }

  snapshot(): SessionModelSnapshot {
    return {
      vectors: this.vectors.snapshot(),
      symbols: this.symbols.snapshot(),
      lengths: this.lengths.snapshot(),
      neighbours: this.neighbours.snapshot(),
    };
  }

  restore(snapshot: SessionModelSnapshot): void {
    this.vectors.restore(snapshot.vectors);
    this.symbols.restore(snapshot.symbols);
    this.lengths.restore(snapshot.lengths);
    this.neighbours.restore(snapshot.neighbours);
  }
}
