import {Ngram} from './ngram.ts';
import {seededRandom} from './seeded-random.ts';

/** Learns a text symbol by symbol; contexts are newest first. */
function learnAll(ngram: Ngram, stream: number, symbols: readonly number[]): void {
  symbols.forEach((symbol, at) => {
    const context = symbols.slice(Math.max(0, at - ngram.order), at).reverse();
    ngram.learn(stream, context, context.length, symbol);
  });
}

test('probabilities are Witten–Bell’s, back to the uniform base', () => {
  const ngram = new Ngram({order: 1});
  for (const symbol of [10, 10, 11]) ngram.learn(0, [5], 1, symbol);
  // Base 1/(2+1); order 0 and the context each saw 10 twice, 11 once: N = 3, T = 2.
  const lower = (2 + 2 * (1 / 3)) / 5;
  expect(Math.exp(-ngram.surprise(0, [5], 1, 10))).toBeCloseTo((2 + 2 * lower) / 5, 10);
  const unseen = (2 * ((2 * (1 / 3)) / 5)) / 5;
  expect(Math.exp(-ngram.surprise(0, [5], 1, 99))).toBeCloseTo(unseen, 10);
});

test('a known continuation surprises little and a wrong one much', () => {
  const ngram = new Ngram();
  learnAll(
    ngram,
    1,
    Array.from({length: 600}, (_, at) => 10 + (at % 6)),
  );
  expect(ngram.surprise(1, [12, 11, 10], 3, 13)).toBeLessThan(0.05);
  expect(ngram.surprise(1, [12, 11, 10], 3, 15)).toBeGreaterThan(6);
  expect(ngram.predict(1, [12, 11, 10], 3, 2)[0]).toMatchObject({symbol: 13});
});

test('streams do not learn from each other', () => {
  const ngram = new Ngram();
  learnAll(ngram, 1, [10, 11, 10, 11, 10, 11]);
  expect(ngram.total(2)).toBe(0);
  expect(ngram.seen(2, [], 0, 10)).toBe(0);
  expect(ngram.seen(1, [10], 1, 11)).toBe(3);
});

test('memory is bounded, and what is used often outlives what was seen once', () => {
  const ngram = new Ngram({contexts: 1_024, entries: 2_048});
  const random = seededRandom(3);
  for (let round = 0; round < 2_000; round++) {
    learnAll(ngram, 1, [10, 11, 12]);
    learnAll(
      ngram,
      2,
      Array.from({length: 4}, () => Math.floor(random() * 5_000)),
    );
    expect(ngram.size.contexts).toBeLessThanOrEqual(1_024);
  }
  expect(ngram.surprise(1, [11, 10], 2, 12)).toBeLessThan(0.05);
});

test('what was learned is the same after a snapshot through JSON', () => {
  const ngram = new Ngram();
  const random = seededRandom(4);
  learnAll(
    ngram,
    1,
    Array.from({length: 500}, () => Math.floor(random() * 20)),
  );
  const other = new Ngram();
  other.restore(JSON.parse(JSON.stringify(ngram.snapshot())));
  for (let symbol = 0; symbol < 20; symbol++) {
    expect(other.surprise(1, [3, 4], 2, symbol)).toBeCloseTo(ngram.surprise(1, [3, 4], 2, symbol), 12);
  }
});

test('a stream that changed for good is learned anew', () => {
  const ngram = new Ngram();
  ngram.learn(1, [5], 1, 10, 60_000);
  for (let round = 0; round < 60_000; round++) ngram.learn(1, [5], 1, 11);
  expect(Math.exp(-ngram.surprise(1, [5], 1, 11))).toBeGreaterThan(0.6);
});
