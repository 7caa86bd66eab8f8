import type {NetworkNats} from './sequence-network.ts';

/** A network and the folds of the training sessions it did not learn. */
export interface FoldNetwork {
  readonly without: readonly number[];
  readonly nats: NetworkNats;
}

/**
 * The surprise of a session by the mean of all networks that learned none of the given folds, so that a session is never
 * judged by a network that learned it. With no fold given, all networks judge. Undefined where there is no network.
 */
export function ensembleNats(
  networks: readonly FoldNetwork[],
  symbols: Int32Array,
  without: readonly number[],
): Float64Array | undefined {
  const able = networks.filter(network => without.every(fold => network.without.includes(fold)));
  if (able.length === 0) return undefined;
  const sum = new Float64Array(symbols.length + 1);
  for (const {nats} of able) {
    nats(symbols).forEach((value, at) => {
      sum[at] = (sum[at] ?? 0) + value;
    });
  }
  return sum.map(value => value / able.length);
}

/** Every pair of folds, each once. */
export function foldPairs(folds: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let a = 0; a < folds; a++) for (let b = a + 1; b < folds; b++) pairs.push([a, b]);
  return pairs;
}
