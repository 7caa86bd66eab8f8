import {seededRandom} from '../seeded-random.ts';
import {type LstmShape, type LstmWeights, unflattenWeights, weightCount} from './lstm-weights.ts';
import {openSimdKernel} from './simd-kernel.ts';

/** A network of random numbers from −scale to scale, the same for the same seed. */
export function randomNetwork(shape: LstmShape, seed: number, scale = 1): LstmWeights {
  const random = seededRandom(seed);
  const flat = Float32Array.from({length: weightCount(shape)}, () => scale * (2 * random() - 1));
  return unflattenWeights(shape, flat);
}

export const simd = openSimdKernel(65_536) ? '' : 'needs WebAssembly SIMD';
