import * as tf from '@tensorflow/tfjs-core';

/** A matrix held by TensorFlow.js while its numbers do not change. */
export interface Held {
  readonly tensor: tf.Tensor2D;
  release(): void;
}

/** Row-major numbers with their sizes. */
export interface Matrix {
  readonly numbers: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

export function hold({numbers, rows, columns}: Matrix): Held {
  const tensor = tf.tensor2d(numbers.subarray(0, rows * columns), [rows, columns]);
  return {tensor, release: () => tensor.dispose()};
}

/** a · b, either turned first where asked. */
export function product(a: Matrix | Held, b: Matrix | Held, turnA = false, turnB = false): Float32Array {
  const left = 'tensor' in a ? a : hold(a);
  const right = 'tensor' in b ? b : hold(b);
  const result = tf.matMul(left.tensor, right.tensor, turnA, turnB);
  const numbers = result.dataSync() as Float32Array;
  result.dispose();
  if (left !== a) left.release();
  if (right !== b) right.release();
  return numbers;
}
