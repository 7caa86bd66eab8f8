import type {LstmWeights} from './lstm-weights.ts';

/**
 * The arithmetic of one step, done on one network by one kind of machine code. A state is one array: the hidden vector
 * in its first `units` places, the rest as the engine wants it; zeros are the state before the first symbol.
 */
export interface StepEngine {
  readonly kind: 'simd' | 'plain';
  /** Numbers in a state. */
  readonly stateSize: number;
  /** Writes to `after` the state one symbol after `before`, which is left as it is. */
  step(before: Float32Array, symbol: number, after: Float32Array): void;
  /**
   * The logit of each symbol to come next, from its place 0 on, and maybe more after the vocabulary's end: valid until
   * the next call.
   */
  logits(state: Float32Array): Float32Array | Float64Array;
  /** The logit of one symbol of the vocabulary. */
  logitOf(state: Float32Array, symbol: number): number;
  /** Logarithm of the sum of e^logit over the vocabulary, so that ln p = logit − this. */
  logNormaliser(state: Float32Array): number;
}

/**
 * What enters the gates with a symbol, [vocabulary, 4·units]: embedding · kernel + bias, made once. Bounded, so that no
 * sum of it is infinite.
 */
export function projectSymbols({
  vocabulary,
  embedding,
  units,
  embeddingKernel,
  kernel,
  bias,
}: LstmWeights): Float32Array {
  const width = 4 * units;
  const projected = new Float32Array(vocabulary * width);
  const row = new Float64Array(width);
  for (let symbol = 0; symbol < vocabulary; symbol++) {
    for (let at = 0; at < width; at++) row[at] = bias[at] as number;
    for (let at = 0; at < embedding; at++) {
      addScaled(row, kernel, at * width, embeddingKernel[symbol * embedding + at] as number);
    }
    for (let at = 0; at < width; at++) row[at] = Math.max(-largest, Math.min(largest, row[at] as number));
    projected.set(row, symbol * width);
  }
  return projected;
}

const largest = 1e30;

/** sum += factor · one row of the matrix. */
export function addScaled(sum: Float64Array, matrix: Float32Array, row: number, factor: number): void {
  const width = sum.length;
  for (let at = 0; at < width; at++) sum[at] = (sum[at] as number) + factor * (matrix[row + at] as number);
}

/** The output layer's kernel with a row a symbol. */
export function outputRows({vocabulary, units, outputKernel}: LstmWeights): Float32Array {
  const rows = new Float32Array(outputKernel.length);
  for (let unit = 0; unit < units; unit++) {
    for (let symbol = 0; symbol < vocabulary; symbol++) {
      rows[symbol * units + unit] = outputKernel[unit * vocabulary + symbol] as number;
    }
  }
  return rows;
}
