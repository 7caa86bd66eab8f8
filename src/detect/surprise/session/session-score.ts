import {packFloats, unpackFloats} from '../packed.ts';
import {type Evidence, type EvidenceFamily, type EvidenceName, evidenceFamilies, evidenceNames} from './evidence.ts';
import {TailScale} from './tail-scale.ts';

export interface SessionScoreSnapshot {
  readonly learned: number;
  /** As many numbers a session as there are names of evidence. */
  readonly held: string;
}

export interface SessionVerdict {
  /** More is odder; only comparable within one stream. */
  readonly score: number;
  /** Nats of normal sessions scoring this high: −ln of their share, extrapolated beyond what was held out. */
  readonly nats: number;
  /** The same for each piece of evidence alone, most telling first. */
  readonly signs: readonly {readonly name: EvidenceName; readonly nats: number}[];
}

export interface SessionScoreOptions {
  /** Families to judge by. Default: all. */
  readonly families?: readonly EvidenceFamily[];
  /** 0–1: how much the network is worth beside the n-gram, as chosen on held-out events (`mix` of a trained model). */
  readonly networkMix?: number;
  /** Sessions held for calibration. */
  readonly capacity?: number;
}

const leastHeld = 20;
/** The scales are made anew when this part of what is held is newer than they are. */
const staleAfter = 0.1;

/**
 * One number from all evidence against a session. Each piece is measured against normal sessions that were held out
 * (or judged before they were learned): nats of normal sessions that look as bad. The number is the strongest piece
 * anywhere plus, for each family, the mean of its pieces: one overwhelming sign is enough, and several weak ones of
 * different kinds add up, as in Fisher's combination (1932), while pieces that say the same in other words count once.
 * There are no weights to fit and no labels are used. As the pieces depend on each other, the sum is calibrated on the
 * held-out sessions once more instead of by Fisher's χ².
 */
export class SessionScore {
  private readonly families: readonly EvidenceFamily[];
  private readonly networkWeight: number;
  private readonly capacity: number;
  private readonly held: Evidence[] = [];
  private learned = 0;
  private scales: Scales | undefined;

  constructor({families, networkMix = 0.5, capacity = 2_048}: SessionScoreOptions = {}) {
    this.families = families ?? ['ngram', 'network', 'composition'];
    // A network as good as the n-gram, or better, counts as much; one that adds nothing to it counts nothing.
    this.networkWeight = Math.min(1, 2 * networkMix);
    this.capacity = capacity;
  }

  /** Whether enough sessions are held to judge by. */
  get ready(): boolean {
    return this.held.length >= leastHeld;
  }

  /** Sessions held for calibration. */
  get size(): number {
    return this.held.length;
  }

  /** Takes the evidence of a normal session that was not yet learned when it was judged. The oldest goes first. */
  learn(evidence: Evidence): void {
    this.held[this.learned % this.capacity] = evidence;
    this.learned += 1;
  }

  judge(evidence: Evidence): SessionVerdict {
    const {pieces, whole} = this.currentScales();
    const signs = this.names()
      .map(name => ({name, nats: pieces.get(name)?.nats(evidence[name]) ?? 0}))
      .sort((a, b) => b.nats - a.nats);
    const score = this.combine(evidence, pieces);
    return {score, nats: whole.nats(score), signs};
  }

  snapshot(): SessionScoreSnapshot {
    const start = this.learned % this.capacity;
    const ordered =
      this.held.length < this.capacity ? this.held : [...this.held.slice(start), ...this.held.slice(0, start)];
    const numbers = ordered.flatMap(evidence => evidenceNames.map(name => evidence[name]));
    return {learned: this.held.length, held: packFloats(Float32Array.from(numbers))};
  }

  restore(snapshot: SessionScoreSnapshot): void {
    this.held.length = 0;
    this.learned = 0;
    this.scales = undefined;
    const numbers = unpackFloats(snapshot.held);
    for (let at = 0; at + evidenceNames.length <= numbers.length; at += evidenceNames.length) {
      const value = (name: EvidenceName) => numbers[at + evidenceNames.indexOf(name)] ?? 0;
      this.learn(evidenceFrom(value));
    }
  }

  private currentScales(): Scales {
    const fresh = staleAfter * Math.min(this.learned, this.capacity);
    if (this.scales && this.learned - this.scales.learned <= fresh) return this.scales;
    const pieces = new Map(this.names().map(name => [name, new TailScale(this.held.map(held => held[name]))] as const));
    const whole = new TailScale(this.held.map(held => this.combine(held, pieces)));
    this.scales = {learned: this.learned, pieces, whole};
    return this.scales;
  }

  private combine(evidence: Evidence, pieces: ReadonlyMap<EvidenceName, TailScale>): number {
    let [strongest, sum] = [0, 0];
    for (const family of this.families) {
      const weight = family === 'network' ? this.networkWeight : 1;
      const names = evidenceFamilies[family];
      let familySum = 0;
      for (const name of names) {
        const nats = weight * (pieces.get(name)?.nats(evidence[name]) ?? 0);
        strongest = Math.max(strongest, nats);
        familySum += nats;
      }
      sum += familySum / names.length;
    }
    return strongest + sum;
  }

  private names(): readonly EvidenceName[] {
    return this.families.flatMap(family => evidenceFamilies[family]);
  }
}

interface Scales {
  readonly learned: number;
  readonly pieces: ReadonlyMap<EvidenceName, TailScale>;
  readonly whole: TailScale;
}

function evidenceFrom(value: (name: EvidenceName) => number): Evidence {
  return {
    ngramMean: value('ngramMean'),
    ngramMost: value('ngramMost'),
    ngramStretch: value('ngramStretch'),
    unknownRuns: value('unknownRuns'),
    unknownSymbols: value('unknownSymbols'),
    networkMean: value('networkMean'),
    networkMost: value('networkMost'),
    networkStretch: value('networkStretch'),
    unknownVector: value('unknownVector'),
    symbolCounts: value('symbolCounts'),
    mixture: value('mixture'),
    length: value('length'),
  };
}
