import {LstmState} from './lstm-state.ts';
import type {LstmWeights} from './lstm-weights.ts';
import {PlainEngine} from './plain-engine.ts';
import {openSimdEngine} from './simd-engine.ts';
import {StateSlab} from './state-slab.ts';
import type {StepEngine} from './step-engine.ts';

/**
 * One symbol through the network: equal to TensorFlow.js's prediction, and hundreds of times quicker for one sequence at
 * a time, since no window is computed again. In SIMD where the machine has it, else on plain arrays.
 *
 * @example
 * const step = new LstmStep(weights);
 * const state = step.step(step.initial(), 1);
 * const likely = state.probabilityOf(5);
 */
export class LstmStep {
  readonly weights: LstmWeights;
  readonly simd: boolean;
  /** Every symbol of the vocabulary. */
  readonly symbols: Int32Array;
  private readonly engine: StepEngine;
  private readonly slab: StateSlab;

  constructor(weights: LstmWeights, engine: StepEngine = openSimdEngine(weights) ?? new PlainEngine(weights)) {
    this.weights = weights;
    this.engine = engine;
    this.simd = engine.kind === 'simd';
    this.symbols = Int32Array.from({length: weights.vocabulary}, (_, symbol) => symbol);
    this.slab = new StateSlab(engine.stateSize);
  }

  /** The state before the first symbol; its probabilities are all 0. */
  initial(): LstmState {
    return new LstmState(this, this.slab.take(), Number.POSITIVE_INFINITY);
  }

  /** The state after one more symbol. The given state is left as it is. Throws a RangeError outside the vocabulary. */
  step(state: LstmState, symbol: number): LstmState {
    const {vocabulary} = this.weights;
    if (!(symbol >= 0 && symbol < vocabulary)) {
      throw new RangeError(`Expected a symbol from 0 to ${vocabulary - 1}, got ${symbol}`);
    }
    const after = this.slab.take();
    this.engine.step(state.numbers, symbol, after);
    return new LstmState(this, after);
  }

  /** ln p = logit − this. */
  logNormaliser(numbers: Float32Array): number {
    return this.engine.logNormaliser(numbers);
  }

  logitOf(numbers: Float32Array, symbol: number): number {
    return this.engine.logitOf(numbers, symbol);
  }

  /** Those of the whole vocabulary, maybe with more behind; valid until the next call. */
  logits(numbers: Float32Array): Float32Array | Float64Array {
    return this.engine.logits(numbers);
  }
}
