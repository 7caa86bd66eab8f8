import {minute} from '../../../event/clock.ts';
import {seededRandom} from '../seeded-random.ts';
import {measureOf} from './measure.ts';
import {MetricStream, metricKind, type Unexpected} from './metric-stream.ts';

const start = Date.UTC(2026, 0, 5) * 1_000;

function fed(values: readonly number[], risk = 1e-3): {stream: MetricStream; told: Unexpected[]} {
  const stream = new MetricStream(metricKind, measureOf('percent'));
  const told: Unexpected[] = [];
  values.forEach((value, at) => {
    stream.observePoint(start + at * minute, value, risk, found => told.push(found));
  });
  return {stream, told};
}

function calm(points: number, seed = 1): number[] {
  const random = seededRandom(seed);
  return Array.from({length: points}, () => 20 + 4 * random());
}

test('how surprising an alerted point was is not learned, what came is', () => {
  const before = fed(calm(600));
  const after = fed([...calm(600), 95]);
  expect(before.told).toHaveLength(0);
  expect(after.told).toHaveLength(1);
  const [calmModel, model] = [before.stream.snapshot().model, after.stream.snapshot().model];
  expect([model.rank, model.courseRank]).toEqual([calmModel.rank, calmModel.courseRank]);
  expect(model.scales).not.toEqual(calmModel.scales);
  expect(fed([...calm(600), 22]).stream.snapshot().model.rank).not.toBe(calmModel.rank);
});

test('the limit is the logarithm of the wanted alerts a point, less where few points are known', () => {
  const limitAt = (points: number) => fed([...calm(points), 99], 1e-3).told[0]?.limit;
  expect(limitAt(2_000)).toBeCloseTo(Math.log(1_000), 6);
  expect(limitAt(300)).toBeCloseTo((Math.log(1_000) + Math.log(300)) / 2, 6);
});

test('after an alert it rests for four hours, and only what is clearly more unexpected breaks that', () => {
  const values = [
    ...calm(600),
    ...Array.from({length: 30}, () => 60),
    ...calm(120, 2),
    ...Array.from({length: 30}, () => 60),
  ];
  expect(fed(values).told.map(({time}) => (time - start) / minute)).toEqual([601]);
  const later = [...values.slice(0, 630), ...calm(240, 2), ...Array.from({length: 30}, () => 99)];
  expect(fed(later).told).toHaveLength(2);
});

test('it is ready after 165 points and an hour, and holds no more points than its longest mean', () => {
  expect(fed(calm(164)).stream.ready).toBe(false);
  expect(fed(calm(166)).stream.ready).toBe(true);
  const sizes = [8_000, 16_000].map(points => JSON.stringify(fed(calm(points)).stream.snapshot()).length);
  expect((sizes[1] ?? 0) / (sizes[0] ?? 1)).toBeLessThan(1.15);
  expect(fed(calm(2_000)).stream.lastPoints).toHaveLength(64);
});
