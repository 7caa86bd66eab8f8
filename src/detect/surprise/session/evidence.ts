/** What speaks against a session, each in its own unit; more is odder. */
export interface Evidence {
  /** Mean, greatest and worst stretch of the n-gram's surprise, nats (Witten & Bell 1991, Chen & Goodman 1998). */
  readonly ngramMean: number;
  readonly ngramMost: number;
  readonly ngramStretch: number;
  /** Share of runs of symbols never met (STIDE). */
  readonly unknownRuns: number;
  /** Symbols never met. */
  readonly unknownSymbols: number;
  /** The same three of the network, end of session included (DeepLog: Du et al., CCS'17); 0 where there is none. */
  readonly networkMean: number;
  readonly networkMost: number;
  readonly networkStretch: number;
  /** 1 where no session had this count vector (Landauer et al. 2024). */
  readonly unknownVector: number;
  /** Surprise of each symbol's count, summed. */
  readonly symbolCounts: number;
  /** Distance to the nearest normal mixture of symbols. */
  readonly mixture: number;
  /** Surprise of the length. */
  readonly length: number;
}

export type EvidenceName = keyof Evidence;

/** The evidence by what it looks at: order as the n-gram sees it, order as the network does, and composition. */
export const evidenceFamilies = {
  ngram: ['ngramMean', 'ngramMost', 'ngramStretch', 'unknownRuns', 'unknownSymbols'],
  network: ['networkMean', 'networkMost', 'networkStretch'],
  composition: ['unknownVector', 'symbolCounts', 'mixture', 'length'],
} as const satisfies Record<string, readonly EvidenceName[]>;

export type EvidenceFamily = keyof typeof evidenceFamilies;

/** All names, in an order that saved state relies on. */
export const evidenceNames: readonly EvidenceName[] = Object.values(evidenceFamilies).flat();
