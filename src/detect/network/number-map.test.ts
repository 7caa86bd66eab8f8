import {seededRandom} from '../surprise/seeded-random.ts';
import {NumberMap} from './number-map.ts';

test('does what a Map does, in the same order', () => {
  const random = seededRandom(5);
  const ours = new NumberMap<number>();
  const theirs = new Map<number, number>();
  for (let i = 0; i < 50_000; i++) {
    // Few enough that keys come again, and far apart; some negative or in the high word only.
    const key = (Math.floor(random() * 700) - 50) * (random() < 0.5 ? 1 : 2 ** 32);
    if (random() < 0.4) {
      ours.delete(key);
      theirs.delete(key);
    } else {
      ours.set(key, i);
      theirs.set(key, i);
    }
    expect(ours.get(key)).toBe(theirs.get(key));
  }
  expect(ours.size).toBe(theirs.size);
  expect(new Set(ours.values())).toEqual(new Set(theirs.values()));
  const grown = new NumberMap<number>();
  for (let i = 0; i < 1_000; i++) grown.set(i * 7, i);
  for (let i = 0; i < 1_000; i += 2) grown.delete(i * 7);
  for (let i = 1_000; i < 2_000; i++) grown.set(i * 7, i);
  expect([...grown.values()]).toEqual(Array.from({length: 2_000}, (_, i) => i).filter(i => i >= 1_000 || i % 2 === 1));
});
