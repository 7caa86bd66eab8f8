import * as tf from '@tensorflow/tfjs-core';
import type {TrainingJob} from './job.ts';

/** Makes TensorFlow.js ready to compute, and says with what. Throws an Error whose message is for the user. */
export async function openBackend(wanted: TrainingJob['backend']): Promise<string> {
  if (wanted === 'node') return openNode();
  await import('@tensorflow/tfjs-backend-wasm');
  // Threads would take the second core from the monitor, and keep the process from ending.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js could not start its WebAssembly backend.');
  await tf.ready();
  transposeFirst();
  return 'wasm';
}

async function openNode(): Promise<string> {
  // Not a dependency: where it is installed it registers itself with the same tfjs-core.
  const name: string = '@tensorflow/tfjs-node';
  try {
    await import(name);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new Error(
      `[detect] backend = node needs the package @tensorflow/tfjs-node, which could not be loaded (${why}). ` +
        'Install it beside siem (npm install @tensorflow/tfjs-node), or set backend = wasm.',
    );
  }
  if (!(await tf.setBackend('tensorflow'))) throw new Error('TensorFlow.js could not start its native backend.');
  await tf.ready();
  return 'node';
}

/**
 * The WebAssembly kernel multiplies transposed matrices, which every gradient does, by a plain loop, and others by
 * XNNPACK. Transposing first makes a training step two to five times quicker.
 */
function transposeFirst(): void {
  const multiply = tf.getKernel('BatchMatMul', 'wasm');
  const transpose = tf.getKernel('Transpose', 'wasm');
  const turned = (tensor: tf.TensorInfo, backend: object): tf.TensorInfo => {
    const rank = tensor.shape.length;
    const perm = tensor.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
    return one(transpose.kernelFunc({inputs: {x: tensor}, attrs: {perm}, backend}));
  };
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({
    ...multiply,
    kernelFunc: ({inputs, attrs, backend}) => {
      const {a, b} = inputs;
      if (!a || !b) throw new Error('BatchMatMul was called without its two matrices.');
      const left = attrs?.transposeA ? turned(a, backend) : a;
      const right = attrs?.transposeB ? turned(b, backend) : b;
      const straight = {transposeA: false, transposeB: false};
      const product = multiply.kernelFunc({inputs: {a: left, b: right}, attrs: straight, backend});
      if (left !== a) tf.backend().disposeData(left.dataId);
      if (right !== b) tf.backend().disposeData(right.dataId);
      return product;
    },
  });
}

function one(tensors: tf.TensorInfo | tf.TensorInfo[]): tf.TensorInfo {
  const [first] = Array.isArray(tensors) ? tensors : [tensors];
  if (!first) throw new Error('A kernel gave no tensor.');
  return first;
}
