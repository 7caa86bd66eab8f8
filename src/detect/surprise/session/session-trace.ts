import type {Counts} from './count-vectors.ts';
import {SurpriseTrail, type TrailSummary} from './surprise-trail.ts';

/** One symbol of a session as the models saw it, before they learned it. */
export interface TracedSymbol {
  readonly symbol: number;
  /** Surprise by the n-gram, nats. */
  readonly ngram: number;
  /** Surprise by the network, nats; absent where none is trained. */
  readonly network?: number;
  /** Whether the run of symbols that ends here was never met. */
  readonly unknownRun: boolean;
  /** Whether the symbol itself was never met. */
  readonly unknown: boolean;
}

/** Different symbols counted in one session; more are counted together. */
const maxDifferent = 1_024;
const otherSymbols = -1;

/** What is kept of a session until it ends, in memory that does not grow with its length. */
export class SessionTrace {
  length = 0;
  unknownSymbols = 0;
  private readonly tally = new Map<number, number>();
  private readonly ngramTrail = new SurpriseTrail();
  private readonly networkTrail = new SurpriseTrail();
  private networkKnows = false;
  private unknownRuns = 0;

  get counts(): Counts {
    return this.tally;
  }

  get ngram(): TrailSummary {
    return this.ngramTrail.summary;
  }

  /** Undefined where no network has judged the session. */
  get network(): TrailSummary | undefined {
    return this.networkKnows ? this.networkTrail.summary : undefined;
  }

  get unknownRunShare(): number {
    return this.length === 0 ? 0 : this.unknownRuns / this.length;
  }

  add({symbol, ngram, network, unknownRun, unknown}: TracedSymbol): void {
    const key = this.tally.has(symbol) || this.tally.size < maxDifferent ? symbol : otherSymbols;
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1);
    this.length += 1;
    this.ngramTrail.add(ngram);
    if (unknownRun) this.unknownRuns += 1;
    if (unknown) this.unknownSymbols += 1;
    if (network !== undefined) this.addNetwork(network);
  }

  /** Takes how surprising it was that the session ended here. */
  end(ngram: number, network?: number): void {
    this.ngramTrail.add(ngram);
    if (network !== undefined) this.addNetwork(network);
  }

  private addNetwork(nats: number): void {
    this.networkKnows = true;
    this.networkTrail.add(nats);
  }
}
