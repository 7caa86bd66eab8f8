import {seededRandom} from '../src/detect/surprise/seeded-random.ts';

/** Deals items into as many folds of equal size, at random but the same for the same seed. */
export function dealFolds<Item>(items: readonly Item[], folds: number, seed: number): Item[][] {
  const random = seededRandom(seed);
  const mixed = items.map(item => ({item, at: random()})).sort((a, b) => a.at - b.at);
  return Array.from({length: folds}, (_, fold) => mixed.filter((_, at) => at % folds === fold).map(({item}) => item));
}

/** All items but those of these folds. */
export function without<Item>(folds: readonly (readonly Item[])[], left: readonly number[]): Item[] {
  return folds.flatMap((items, fold) => (left.includes(fold) ? [] : items));
}
