import {seededRandom} from '../seeded-random.ts';
import {countLevel} from './count-levels.ts';
import {CountVectors} from './count-vectors.ts';
import {KnownRuns} from './known-runs.ts';
import {Neighbours} from './neighbours.ts';
import {SessionLengths} from './session-lengths.ts';
import {SessionModel} from './session-model.ts';
import {SessionTrace} from './session-trace.ts';
import {SurpriseTrail, stretchLength} from './surprise-trail.ts';
import {SymbolCounts} from './symbol-counts.ts';

const counts = (entries: Record<number, number>) =>
  new Map(Object.entries(entries).map(([symbol, count]) => [Number(symbol), count]));

function trace(symbols: readonly number[], nats = 0.1): SessionTrace {
  const made = new SessionTrace();
  for (const symbol of symbols) made.add({symbol, ngram: nats, unknownRun: false, unknown: false});
  made.end(nats);
  return made;
}

test('levels of a count are exact while small, never fall, and grow ever wider', () => {
  const levels = Array.from({length: 5_000}, (_, count) => countLevel(count));
  expect(levels.slice(0, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  for (let at = 1; at < levels.length; at++) {
    const rise = (levels[at] ?? 0) - (levels[at - 1] ?? 0);
    expect(rise === 0 || rise === 1).toBe(true);
  }
  expect(countLevel(400)).toBe(countLevel(410));
  expect(countLevel(3)).not.toBe(countLevel(4));
});

test('a count vector is known whatever the order of its symbols, and not with one count changed', () => {
  const vectors = new CountVectors();
  vectors.learn(counts({1: 3, 2: 1}), 5);
  expect(vectors.seen(new Map([...counts({1: 3, 2: 1})].reverse()))).toBe(5);
  expect(vectors.seen(counts({1: 4, 2: 1}))).toBe(0);
  expect(vectors.seen(counts({1: 3}))).toBe(0);
});

test('known count vectors are bounded, and those still met are kept', () => {
  const vectors = new CountVectors(64);
  const usual = counts({1: 3, 2: 1});
  for (let at = 0; at < 5_000; at++) {
    vectors.learn(usual);
    vectors.learn(new Map([[at + 10, 1]]));
    expect(vectors.size).toBeLessThanOrEqual(64);
  }
  expect(vectors.seen(usual)).toBe(5_000);
  expect(vectors.seen(counts({10: 1}))).toBe(0);
});

test('an unusual count is remarkable for a symbol whose count never varies, not for one that varies freely', () => {
  const symbols = new SymbolCounts();
  for (let session = 0; session < 200; session++)
    symbols.learn(
      new Map([
        [1, 3],
        [2, 1 + (session % 7)],
      ]),
    );
  const usual = symbols.surprise(
    new Map([
      [1, 3],
      [2, 4],
    ]),
  );
  const fixedChanged = symbols.surprise(
    new Map([
      [1, 4],
      [2, 4],
    ]),
  );
  const freeChanged = symbols.surprise(
    new Map([
      [1, 3],
      [2, 8],
    ]),
  );
  const missing = symbols.surprise(new Map([[2, 4]]));
  expect(fixedChanged - usual).toBeGreaterThan(4);
  expect(missing - usual).toBeGreaterThan(4);
  expect(freeChanged - usual).toBeLessThan((fixedChanged - usual) / 1.5);
  expect(
    symbols.surprise(
      new Map([
        [1, 3],
        [2, 4],
        [9, 1],
      ]),
    ) - usual,
  ).toBeGreaterThan(4);
});

test('a mixture of symbols is as far as its nearest neighbour: 0 for the same, 1 for nothing in common', () => {
  const neighbours = new Neighbours();
  expect(neighbours.distance(counts({1: 1}))).toBe(1);
  neighbours.learn(counts({1: 10, 2: 10}));
  neighbours.learn(counts({3: 5, 4: 1}));
  expect(neighbours.distance(counts({1: 20, 2: 20}))).toBeCloseTo(0, 5);
  expect(neighbours.distance(counts({7: 3}))).toBe(1);
  const near = neighbours.distance(counts({1: 10, 2: 9}));
  const far = neighbours.distance(counts({1: 10, 2: 9, 5: 6}));
  expect(near).toBeGreaterThan(0);
  expect(far).toBeGreaterThan(near);
});

test('remembered mixtures are bounded, equal ones are remembered once, and the oldest goes first', () => {
  const neighbours = new Neighbours(16);
  for (let time = 0; time < 10; time++) neighbours.learn(counts({1: 2, 2: 2}));
  expect(neighbours.size).toBe(1);
  for (let symbol = 10; symbol < 40; symbol++) neighbours.learn(new Map([[symbol, 1]]));
  expect(neighbours.size).toBe(16);
  expect(neighbours.distance(counts({1: 2, 2: 2}))).toBe(1);
  expect(neighbours.distance(counts({39: 4}))).toBeCloseTo(0, 5);
});

test('a length between two usual ones is as odd as one beyond them', () => {
  const lengths = new SessionLengths();
  for (let session = 0; session < 100; session++) lengths.learn(session % 2 === 0 ? 3 : 40);
  expect(lengths.surprise(3)).toBeLessThan(1);
  expect(lengths.surprise(41)).toBeLessThan(1);
  expect(lengths.surprise(12)).toBeGreaterThan(4);
  expect(lengths.surprise(4_000)).toBeGreaterThan(4);
});

test('a run of symbols never met is found where it ends', () => {
  const runs = new KnownRuns(3);
  runs.learn([1, 2, 3, 4, 5]);
  expect([...runs.unknownAt([1, 2, 3, 4, 5])]).toEqual([0, 0, 0, 0, 0]);
  expect([...runs.unknownAt([2, 3, 4, 4, 5])]).toEqual([0, 0, 0, 1, 1]);
  expect([...runs.unknownAt([1, 2])]).toEqual([0, 1]);
  expect([...runs.unknownAt([])]).toEqual([]);
});

test('known runs are bounded, and those still met are kept', () => {
  const runs = new KnownRuns(2, 128);
  for (let at = 0; at < 1_000; at++) {
    runs.learn([1, 2]);
    runs.learn([at + 10, at + 11]);
    expect(runs.size).toBeLessThanOrEqual(128);
  }
  expect([...runs.unknownAt([1, 2])]).toEqual([0, 0]);
  expect([...runs.unknownAt([10, 11])]).toEqual([0, 1]);
});

test('the worst stretch finds an odd passage that the mean dilutes', () => {
  const trail = new SurpriseTrail();
  for (let at = 0; at < 1_000; at++) trail.add(at >= 500 && at < 500 + stretchLength ? 5 : 0.1);
  expect(trail.summary.stretch).toBeCloseTo(5, 5);
  expect(trail.summary.mean).toBeLessThan(0.3);
  expect(trail.summary.most).toBe(5);
});

test('the stretch of a session shorter than a stretch is its mean', () => {
  const trail = new SurpriseTrail();
  expect(trail.summary).toEqual({mean: 0, most: 0, stretch: 0});
  trail.add(1);
  trail.add(3);
  expect(trail.summary).toEqual({mean: 2, most: 3, stretch: 2});
});

test('what a session keeps is bounded however many symbols it has', () => {
  const long = new SessionTrace();
  for (let symbol = 0; symbol < 5_000; symbol++) long.add({symbol, ngram: 1, unknownRun: true, unknown: true});
  expect(long.counts.size).toBeLessThanOrEqual(1_025);
  expect([...long.counts.values()].reduce((a, b) => a + b, 0)).toBe(5_000);
  expect(long.unknownRunShare).toBe(1);
});

test('where no network has judged a session, there is no network evidence', () => {
  expect(trace([1, 2]).network).toBeUndefined();
  const judged = new SessionTrace();
  judged.add({symbol: 1, ngram: 1, network: 2, unknownRun: false, unknown: false});
  judged.end(1, 4);
  expect(judged.network).toEqual({mean: 3, most: 4, stretch: 3});
});

test('what was learned of sessions survives being saved as JSON', () => {
  const random = seededRandom(4);
  const model = new SessionModel();
  const session = () => trace(Array.from({length: 5 + Math.floor(random() * 40)}, () => Math.floor(random() * 9)));
  for (let at = 0; at < 100; at++) model.learn(session());
  const copy = new SessionModel();
  copy.restore(JSON.parse(JSON.stringify(model.snapshot())));
  for (let at = 0; at < 50; at++) {
    const next = session();
    expect(copy.evidence(next)).toEqual(model.evidence(next));
    copy.learn(next);
    model.learn(next);
  }
});
