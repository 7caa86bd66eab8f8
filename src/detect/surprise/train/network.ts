import * as layers from '@tensorflow/tfjs-layers';
import {type LstmShape, type LstmWeights, unflattenWeights} from '../lstm/lstm-weights.ts';

/**
 * The network as TensorFlow.js's own layers, with shared weights and several ends: what the trainer's gradient and the
 * live step are held equal to.
 */
export interface Network {
  readonly shape: LstmShape;
  readonly logits: layers.LayersModel;
  readonly softmax: layers.LayersModel;
  /** One chunk of a longer sequence: [symbols, hidden, cell] → [logits, hidden, cell]. */
  readonly chunk: layers.LayersModel;
}

/**
 * One-hot symbols → dense (an embedding, but one that has a gradient on WebAssembly) → LSTM → dense softmax. The
 * weights' order in the model is that of `flattenWeights`.
 */
export function buildNetwork(shape: LstmShape, seed: number): Network {
  const input = layers.input({shape: [null, shape.vocabulary]});
  const hidden = layers.input({shape: [shape.units]});
  const cell = layers.input({shape: [shape.units]});
  const normal = (offset: number) => layers.initializers.glorotUniform({seed: seed + offset});
  const embedding = layers.layers.dense({units: shape.embedding, useBias: false, kernelInitializer: normal(1)});
  const recurrent = layers.layers.lstm({
    units: shape.units,
    returnSequences: true,
    returnState: true,
    recurrentActivation: 'sigmoid',
    kernelInitializer: normal(2),
    // The default, orthogonal, needs a QR decomposition that WebAssembly does slowly, with warnings.
    recurrentInitializer: normal(3),
  });
  const output = layers.layers.dense({units: shape.vocabulary, kernelInitializer: normal(4)});
  const embedded = embedding.apply(input) as layers.SymbolicTensor;
  const [whole] = recurrent.apply(embedded) as layers.SymbolicTensor[];
  const [part, ...after] = recurrent.apply([embedded, hidden, cell]) as layers.SymbolicTensor[];
  if (!whole || !part) throw new Error('The LSTM layer gave no output.');
  const logits = output.apply(whole) as layers.SymbolicTensor;
  const softmax = layers.layers.softmax({axis: -1}).apply(logits) as layers.SymbolicTensor;
  return {
    shape,
    logits: layers.model({inputs: input, outputs: logits}),
    softmax: layers.model({inputs: input, outputs: softmax}),
    chunk: layers.model({
      inputs: [input, hidden, cell],
      outputs: [output.apply(part) as layers.SymbolicTensor, ...after],
    }),
  };
}

/** A copy of the network's numbers. */
export function readWeights(network: Network): LstmWeights {
  const flat = network.logits.getWeights().flatMap(tensor => [...(tensor.dataSync() as Float32Array)]);
  return unflattenWeights(network.shape, Float32Array.from(flat));
}
