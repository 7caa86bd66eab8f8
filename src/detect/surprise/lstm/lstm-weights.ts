/** The sizes of a network: one-hot symbol → dense (no bias) → LSTM → dense softmax. */
export interface LstmShape {
  readonly vocabulary: number;
  readonly embedding: number;
  readonly units: number;
}

/** The network's numbers as TensorFlow.js orders them: row-major, an LSTM's gates in the order input, forget, cell, output. */
export interface LstmWeights extends LstmShape {
  /** [vocabulary, embedding] */
  readonly embeddingKernel: Float32Array;
  /** [embedding, 4·units] */
  readonly kernel: Float32Array;
  /** [units, 4·units] */
  readonly recurrentKernel: Float32Array;
  /** [4·units] */
  readonly bias: Float32Array;
  /** [units, vocabulary] */
  readonly outputKernel: Float32Array;
  /** [vocabulary] */
  readonly outputBias: Float32Array;
}

/** How many numbers a network of this shape has. */
export function weightCount(shape: LstmShape): number {
  return sizes(shape).reduce((sum, size) => sum + size, 0);
}

/** One array of all numbers, in the order of the fields above. */
export function flattenWeights(weights: LstmWeights): Float32Array {
  const flat = new Float32Array(weightCount(weights));
  let at = 0;
  for (const part of parts(weights)) {
    flat.set(part, at);
    at += part.length;
  }
  return flat;
}

/** The inverse of `flattenWeights`. Throws a RangeError where the length does not fit the shape. */
export function unflattenWeights(shape: LstmShape, flat: Float32Array): LstmWeights {
  if (flat.length !== weightCount(shape)) {
    throw new RangeError(`Expected ${weightCount(shape)} weights for this shape, got ${flat.length}`);
  }
  let at = 0;
  const take = (size: number): Float32Array => {
    at += size;
    return flat.slice(at - size, at);
  };
  const [embeddingKernel, kernel, recurrentKernel, bias, outputKernel, outputBias] = sizes(shape).map(take);
  const none = new Float32Array(0);
  return {
    vocabulary: shape.vocabulary,
    embedding: shape.embedding,
    units: shape.units,
    embeddingKernel: embeddingKernel ?? none,
    kernel: kernel ?? none,
    recurrentKernel: recurrentKernel ?? none,
    bias: bias ?? none,
    outputKernel: outputKernel ?? none,
    outputBias: outputBias ?? none,
  };
}

function parts(weights: LstmWeights): readonly Float32Array[] {
  return [
    weights.embeddingKernel,
    weights.kernel,
    weights.recurrentKernel,
    weights.bias,
    weights.outputKernel,
    weights.outputBias,
  ];
}

function sizes({vocabulary, embedding, units}: LstmShape): readonly number[] {
  return [vocabulary * embedding, embedding * 4 * units, units * 4 * units, 4 * units, units * vocabulary, vocabulary];
}
