import {readSeries} from '../bench/nab-data.ts';
import {generatedSeries} from '../bench/nab-families.ts';
import {windowedGaussian} from '../bench/nab-gaussian.ts';
import {type LabelledSeries, nabScore, profiles} from '../bench/nab-score.ts';
import {data, dataFolder, needs} from './needs.ts';

/** A hundred rows, of which 15 are not scored, and a window over rows 50 to 59. */
const one: LabelledSeries = {
  name: 'one',
  values: new Float64Array(100),
  times: new Float64Array(100),
  windows: [[50, 59]],
};

function detections(...rows: readonly number[]): Float64Array[] {
  return [new Float64Array(100).map((_, row) => (rows.includes(row) ? 1 : 0))];
}

const standard = (...rows: readonly number[]): number => nabScore([one], detections(...rows), profiles.standard).score;

test('a hit at the window’s first row is 100, a later one less, none is 0', () => {
  expect(standard(50)).toBeCloseTo(100, 6);
  expect(standard(55)).toBeGreaterThan(90);
  expect(standard(59)).toBeLessThan(standard(55));
  expect(standard()).toBe(0);
});

test('a false detection costs its weight, and one just behind the window less', () => {
  const cost = (profile: keyof typeof profiles): number =>
    100 - nabScore([one], detections(20, 50), profiles[profile]).score;
  expect(cost('standard')).toBeCloseTo(11 / 2, 6);
  expect(cost('lowFP')).toBeCloseTo(22 / 2, 6);
  expect(cost('lowFN')).toBeCloseTo(11 / 3, 6);
  expect(standard(50, 61)).toBeGreaterThan(standard(50, 90));
  expect(standard(3, 50)).toBeCloseTo(100, 6);
});

test('generated series are the same for the same seed and have their windows within', () => {
  const series = generatedSeries(3, 1);
  expect(generatedSeries(3, 1)).toEqual(series);
  for (const {values, windows} of series) {
    expect(values.every(Number.isFinite)).toBe(true);
    for (const [first, last] of windows) expect(first >= 0 && last < values.length && first < last).toBe(true);
  }
});

needs(data)(
  'the windowed Gaussian on the real series scores as an independent scorer says',
  async () => {
    const series = readSeries(`${dataFolder}/learning/nab`);
    const scores = series.map(({values}) => windowedGaussian(values));
    const found = Object.values(profiles).map(profile => nabScore(series, scores, profile).score);
    expect(found.map(score => score.toFixed(2))).toEqual(['11.89', '3.10', '16.40']);
  },
  60_000,
);
