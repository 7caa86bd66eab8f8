import {day, minute} from '../../../event/clock.ts';
import {seededRandom} from '../seeded-random.ts';
import {Rest} from './rest.ts';
import {type Judgement, SeriesModel} from './series-model.ts';

const step = 5 * minute;

function run(model: SeriesModel, from: number, values: readonly number[]): (Judgement | undefined)[] {
  return values.map((value, at) => {
    const judged = model.judge((from + at) * step, value);
    model.learn();
    return judged;
  });
}

function highest(judged: readonly (Judgement | undefined)[]): number {
  return Math.max(...judged.map(one => one?.score ?? 0));
}

function daily(days: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({length: days * 288}, (_, at) => 50 + 40 * Math.sin((2 * Math.PI * at) / 288) + 4 * random());
}

test('a day that goes as the days before is less surprising than a night in the middle of the day', () => {
  const [usual, odd] = [new SeriesModel(), new SeriesModel()];
  run(usual, 0, daily(12, 1));
  run(odd, 0, daily(12, 1));
  const broken = daily(1, 2).map((value, at) => (at >= 60 && at < 120 ? 12 : value));
  expect(highest(run(odd, 12 * 288, broken))).toBeGreaterThan(highest(run(usual, 12 * 288, daily(1, 2))) + 1);
});

test('a rise that fails to come is news, though no point of it is', () => {
  const random = seededRandom(6);
  const course = (at: number): number => (at % 288 >= 100 && at % 288 < 210 ? 80 : 20) + 4 * random();
  const model = new SeriesModel();
  const usual = run(
    model,
    0,
    Array.from({length: 10 * 288}, (_, at) => course(at)),
  ).slice(5 * 288);
  const missing = run(
    model,
    10 * 288,
    Array.from({length: 288}, () => 20 + 4 * random()),
  );
  expect(highest(missing)).toBeGreaterThan(highest(usual) + 0.5);
  const courses = (judged: readonly (Judgement | undefined)[]): number[] => judged.map(one => one?.courseNats ?? 0);
  expect(Math.max(...courses(missing))).toBeGreaterThan(1.5 * Math.max(...courses(usual)));
});

test('the scale of the values does not matter', () => {
  const values = [...daily(6, 3), ...Array.from({length: 40}, () => 300)];
  const small = run(new SeriesModel(), 0, values);
  const large = run(
    new SeriesModel(),
    0,
    values.map(value => value * 2 ** 20),
  );
  expect(large.map(one => one?.score.toFixed(3))).toEqual(small.map(one => one?.score.toFixed(3)));
});

test('each point is judged from those before it only', () => {
  const values = daily(4, 4);
  const [whole, part] = [new SeriesModel(), new SeriesModel()];
  const all = run(whole, 0, values);
  expect(run(part, 0, values.slice(0, 700))).toEqual(all.slice(0, 700));
});

test('a snapshot goes on with the same judgements', () => {
  const random = seededRandom(5);
  const values = [...daily(5, 5), ...Array.from({length: 2_000}, () => 1_000 * random() ** 8)];
  const whole = new SeriesModel({range: {low: 0, high: 1_000}});
  const part = new SeriesModel({range: {low: 0, high: 1_000}});
  run(part, 0, values.slice(0, 1_600));
  run(whole, 0, values.slice(0, 1_600));
  const again = new SeriesModel({range: {low: 0, high: 1_000}});
  again.restore(JSON.parse(JSON.stringify(part.snapshot())));
  const scores = (judged: readonly (Judgement | undefined)[]): unknown[] => judged.map(one => one?.score.toFixed(4));
  expect(scores(run(again, 1_600, values.slice(1_600)))).toEqual(scores(run(whole, 1_600, values.slice(1_600))));
});

test('constant, huge and absent values give finite judgements or none', () => {
  const model = new SeriesModel();
  const odd = [
    ...new Array<number>(300).fill(0),
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    ...new Array<number>(300).fill(1e-300),
  ];
  for (const judged of run(model, 0, odd)) expect(Number.isFinite(judged?.score)).toBe(true);
  expect(model.judge(day, Number.NaN)).toBeUndefined();
  expect(model.judge(-day, 5)).toBeDefined();
});

test('after an alarm it rests, and only what is clearly higher passes', () => {
  const rest = new Rest(3);
  expect([5, 5, 5.1, 6, 6, 6, 6, 6, 6].map(score => rest.pass(score))).toEqual([5, 0, 0, 6, 0, 0, 0, 6, 0]);
});
