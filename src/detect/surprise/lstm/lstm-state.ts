import type {LstmStep} from './lstm-step.ts';

/**
 * What the network remembers of a session, and what it expects next. The expectations are worked out when they are
 * asked for, and only the normaliser is kept: a state is some 600 bytes.
 */
export class LstmState {
  /** The hidden vector, and what else the engine keeps. */
  readonly numbers: Float32Array;
  private readonly step: LstmStep;
  private logNormaliser: number;

  constructor(step: LstmStep, numbers: Float32Array, logNormaliser = Number.NaN) {
    this.step = step;
    this.numbers = numbers;
    this.logNormaliser = logNormaliser;
  }

  /** Probability of this symbol to come next; 0 for one outside the vocabulary. */
  probabilityOf(symbol: number): number {
    if (!(symbol >= 0 && symbol < this.step.weights.vocabulary)) return 0;
    // By rounding a logit may come out above the normaliser: a probability is not above 1 for that.
    return Math.exp(Math.min(0, this.step.logitOf(this.numbers, symbol) - this.normaliser()));
  }

  /** How many symbols are likelier than this one. */
  rankOf(symbol: number): number {
    const {vocabulary} = this.step.weights;
    const logits = this.step.logits(this.numbers);
    const own = logits[symbol] ?? Number.NEGATIVE_INFINITY;
    let rank = 0;
    for (let at = 0; at < vocabulary; at++) if ((logits[at] as number) > own) rank += 1;
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

  /** Works out what the next questions need. */
  expect(): void {
    this.normaliser();
  }

  private normaliser(): number {
    if (Number.isNaN(this.logNormaliser)) this.logNormaliser = this.step.logNormaliser(this.numbers);
    return this.logNormaliser;
  }
}
