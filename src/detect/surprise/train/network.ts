import * as layers from '@tensorflow/tfjs-layers';
import {type LstmShape, type LstmWeights, unflattenWeights} from '../lstm/lstm-weights.ts';

/** The same network with two ends: `logits` to train, `softmax` to predict. */
export interface Network {
  readonly shape: LstmShape;
  readonly logits: layers.LayersModel;
  readonly softmax: layers.LayersModel;
}

/**
 * One-hot symbols → dense (an embedding, but one that has a gradient on WebAssembly) → LSTM → dense softmax. The
 * weights' order in the model is that of `flattenWeights`.
 */
export function buildNetwork(shape: LstmShape, seed: number): Network {
  const input = layers.input({shape: [null, shape.vocabulary]});
  const normal = (offset: number) => layers.initializers.glorotUniform({seed: seed + offset});
  const embedded = layers.layers
    .dense({units: shape.embedding, useBias: false, kernelInitializer: normal(1)})
    .apply(input) as layers.SymbolicTensor;
  const recurrent = layers.layers
    .lstm({
      units: shape.units,
      returnSequences: true,
      recurrentActivation: 'sigmoid',
      kernelInitializer: normal(2),
      // The default, orthogonal, needs a QR decomposition that WebAssembly does slowly, with warnings.
      recurrentInitializer: normal(3),
    })
    .apply(embedded) as layers.SymbolicTensor;
  const logits = layers.layers
    .dense({units: shape.vocabulary, kernelInitializer: normal(4)})
    .apply(recurrent) as layers.SymbolicTensor;
  const softmax = layers.layers.softmax({axis: -1}).apply(logits) as layers.SymbolicTensor;
  return {
    shape,
    logits: layers.model({inputs: input, outputs: logits}),
    softmax: layers.model({inputs: input, outputs: softmax}),
  };
}

/** A copy of the network's numbers. */
export function readWeights(network: Network): LstmWeights {
  const flat = network.logits.getWeights().flatMap(tensor => [...(tensor.dataSync() as Float32Array)]);
  return unflattenWeights(network.shape, Float32Array.from(flat));
}
