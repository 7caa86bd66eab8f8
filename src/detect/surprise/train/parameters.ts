import {type LstmShape, type LstmWeights, weightCount} from '../lstm/lstm-weights.ts';
import {seededRandom} from '../seeded-random.ts';

/** A network's numbers in one array, ordered as `flattenWeights` orders them, with a view on each part. */
export interface Parameters {
  readonly flat: Float32Array;
  readonly views: LstmWeights;
}

/** Views on the parts of an array that is as long as the shape needs. */
export function parametersOf(shape: LstmShape, flat: Float32Array): Parameters {
  const {vocabulary, embedding, units} = shape;
  let at = 0;
  const take = (size: number): Float32Array => {
    at += size;
    return flat.subarray(at - size, at);
  };
  const views = {
    vocabulary,
    embedding,
    units,
    embeddingKernel: take(vocabulary * embedding),
    kernel: take(embedding * 4 * units),
    recurrentKernel: take(units * 4 * units),
    bias: take(4 * units),
    outputKernel: take(units * vocabulary),
    outputBias: take(vocabulary),
  };
  return {flat, views};
}

/**
 * A fresh network: kernels uniform as Glorot & Bengio 2010 have it, biases 0, and those of the forget gates 1, so that
 * it remembers until it learns to forget.
 */
export function freshParameters(shape: LstmShape, seed: number): Parameters {
  const {vocabulary, embedding, units} = shape;
  const random = seededRandom(seed);
  const made = parametersOf(shape, new Float32Array(weightCount(shape)));
  const spread = (part: Float32Array, rows: number, columns: number): void => {
    const limit = Math.sqrt(6 / (rows + columns));
    for (let at = 0; at < part.length; at++) part[at] = (2 * random() - 1) * limit;
  };
  spread(made.views.embeddingKernel, vocabulary, embedding);
  spread(made.views.kernel, embedding, 4 * units);
  spread(made.views.recurrentKernel, units, 4 * units);
  spread(made.views.outputKernel, units, vocabulary);
  made.views.bias.fill(1, units, 2 * units);
  return made;
}
