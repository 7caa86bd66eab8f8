/** What speaks against a session, each in its own unit; more is odder. */
export interface Evidence {
  /** Mean, greatest and worst stretch of the n-gram's surprise, nats. */
  readonly ngramMean: number;
  readonly ngramMost: number;
  readonly ngramStretch: number;
  /** Share of runs of symbols never met (STIDE). */
  readonly unknownRuns: number;
  /** The same three of the network; 0 where there is none. */
  readonly networkMean: number;
  readonly networkMost: number;
  readonly networkStretch: number;
  /** 1 where no session had this count vector. */
  readonly unknownVector: number;
  /** Surprise of each symbol's count, summed. */
  readonly symbolCounts: number;
  /** Distance to the nearest normal mixture of symbols. */
  readonly mixture: number;
  /** Surprise of the length. */
  readonly length: number;
  /** Symbols never met. */
  readonly unknownSymbols: number;
}

export type EvidenceName = keyof Evidence;
