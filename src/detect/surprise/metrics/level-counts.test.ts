import {LevelCounts} from './level-counts.ts';
import {gridAround, gridWith, levelOf, levels, spanOf, spreads} from './level-grid.ts';

function mass(counts: LevelCounts, context: number): number {
  let sum = 0;
  for (let level = 0; level < levels; level++) sum += counts.probability(context, level, 1 / levels);
  return sum;
}

test('probabilities of all levels sum to 1, in contexts that were seen and in others', () => {
  const counts = new LevelCounts([levels]);
  for (let at = 0; at < 500; at++) counts.learn(at % 3, (at * at) % levels, 0.25);
  for (const context of [0, 1, 2, 9]) expect(mass(counts, context)).toBeCloseTo(1, 6);
});

test('a value keeps its level’s span on every grid', () => {
  const grid = gridAround(10, 20);
  for (const value of [-100, 5, 10, 14.9, 20, 25, 1e9]) {
    const [from, to] = spanOf(grid, levelOf(grid, value));
    expect(from).toBeLessThanOrEqual(value);
    expect(to).toBeGreaterThanOrEqual(value);
  }
});

test('on a wider grid what was likely stays likely', () => {
  const narrow = gridAround(10, 12);
  const counts = new LevelCounts([]);
  for (let at = 0; at < 400; at++) counts.learn(0, levelOf(narrow, 11), 0.25);
  const wide = gridWith(narrow, 100);
  counts.spread(spreads(narrow, wide));
  expect(counts.probability(0, levelOf(wide, 11), 1 / levels)).toBeGreaterThan(0.9);
  expect(counts.probability(0, levelOf(wide, 100), 1 / levels)).toBeLessThan(0.01);
  expect(mass(counts, 0)).toBeCloseTo(1, 6);
});

test('a snapshot gives the same answers', () => {
  const counts = new LevelCounts([levels, levels]);
  for (let at = 0; at < 2_000; at++) counts.learn((at * 7) % (levels * levels), (at * 3) % levels, 0.25);
  const again = new LevelCounts([levels, levels]);
  again.restore(JSON.parse(JSON.stringify(counts.snapshot())));
  for (let at = 0; at < 500; at++) {
    const context = (at * 11) % (levels * levels);
    expect(again.probability(context, at % levels, 0.1)).toBe(counts.probability(context, at % levels, 0.1));
  }
});
