import type {LstmStep} from './lstm-step.ts';

/** With more places than these to narrow to, the product of all is quicker than single sums. */
const fewPlaces = 32;

/**
 * What the network remembers of a session, and what it expects next. The expectations are worked out when they are
 * asked for, and only the normaliser is kept: with 64 units a remembered state takes 1.2 KB, most of them its own numbers.
 */
export class LstmState {
  /** The hidden vector, and what else the engine keeps. */
  readonly numbers: Float32Array;
  private readonly step: LstmStep;
  private logNormaliser: number;
  private narrowedTo: Int32Array | undefined;
  private narrowedNormaliser = Number.NaN;

  constructor(step: LstmStep, numbers: Float32Array, logNormaliser = Number.NaN) {
    this.step = step;
    this.numbers = numbers;
    this.logNormaliser = logNormaliser;
  }

  get hidden(): Float32Array {
    return this.numbers.subarray(0, this.step.weights.units);
  }

  /** Probability of this symbol to come next; 0 for one outside the vocabulary. */
  probabilityOf(symbol: number): number {
    return this.exponential(symbol, this.normaliser());
  }

  /**
   * The same where only these symbols can come: its share of what they have together. They must not change. Costs a
   * sum for each the first time, and one sum when the same (by identity) are asked about again.
   */
  shareOf(symbol: number, among: Int32Array): number {
    if (this.logNormaliser === Number.POSITIVE_INFINITY) return 0;
    if (this.narrowedTo !== among) {
      this.narrowedNormaliser = this.normaliserAmong(among);
      this.narrowedTo = among;
    }
    return this.exponential(symbol, this.narrowedNormaliser);
  }

  /** How many symbols are likelier than this one; with a second argument, how many of those. */
  rankOf(symbol: number, among: Int32Array = this.step.symbols): number {
    const all = this.logitsFor(among);
    const own = this.logit(all, symbol);
    let rank = 0;
    for (let at = 0; at < among.length; at++) if (this.logit(all, among[at] as number) > own) rank += 1;
    return rank;
  }

  /** Probability of each symbol of the vocabulary to come next: a new array at each call. */
  get probabilities(): Float32Array {
    const normaliser = this.normaliser();
    const logits = this.step.logits(this.numbers);
    const found = new Float32Array(this.step.weights.vocabulary);
    for (let at = 0; at < found.length; at++) found[at] = Math.exp((logits[at] as number) - normaliser);
    return found;
  }

  private normaliser(): number {
    if (Number.isNaN(this.logNormaliser)) this.logNormaliser = this.step.logNormaliser(this.numbers);
    return this.logNormaliser;
  }

  private exponential(symbol: number, normaliser: number): number {
    if (!(symbol >= 0 && symbol < this.step.weights.vocabulary)) return 0;
    // By rounding a logit may come out above the normaliser: a probability is not above 1 for that.
    return Math.exp(Math.min(0, this.step.logitOf(this.numbers, symbol) - normaliser));
  }

  /** In one pass: what was summed so far is scaled anew when a larger logit comes. */
  private normaliserAmong(among: Int32Array): number {
    const all = this.logitsFor(among);
    let most = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let at = 0; at < among.length; at++) {
      const logit = this.logit(all, among[at] as number);
      if (logit > most) {
        sum = sum * Math.exp(most - logit) + 1;
        most = logit;
      } else if (logit > Number.NEGATIVE_INFINITY) sum += Math.exp(logit - most);
    }
    return most + Math.log(sum);
  }

  /** All logits, where that is quicker than single ones. */
  private logitsFor(among: Int32Array): Float32Array | Float64Array | undefined {
    return among.length > fewPlaces ? this.step.logits(this.numbers) : undefined;
  }

  private logit(all: Float32Array | Float64Array | undefined, symbol: number): number {
    if (!(symbol >= 0 && symbol < this.step.weights.vocabulary)) return Number.NEGATIVE_INFINITY;
    return all ? (all[symbol] as number) : this.step.logitOf(this.numbers, symbol);
  }
}
