import {fitTail} from './pareto-tail.ts';
import {seededRandom} from './seeded-random.ts';
import {Spot} from './threshold.ts';

const draws: Readonly<Record<string, (random: () => number) => number>> = {
  exponential: random => -Math.log(1 - random()),
  normal: random => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  Pareto: random => (1 - random()) ** (-1 / 4),
};

test.each(Object.keys(draws))('on %s draws the threshold is exceeded about as often as asked', name => {
  const draw = draws[name] ?? Math.random;
  const risk = 2e-3;
  let exceeded = 0;
  let all = 0;
  for (let seed = 1; seed <= 3; seed++) {
    const random = seededRandom(seed);
    const spot = new Spot();
    for (let at = 0; at < 12_000; at++) {
      const value = draw(random);
      if (spot.ready && at > 2_000) {
        all += 1;
        if (value > spot.threshold(risk)) {
          exceeded += 1;
          continue;
        }
      }
      spot.learn(value);
    }
  }
  expect(exceeded / all).toBeGreaterThan(risk / 3);
  expect(exceeded / all).toBeLessThan(risk * 3);
});

test('the tail’s shape is found', () => {
  const random = seededRandom(9);
  const heavy = fitTail(Array.from({length: 3_000}, () => (random() ** -0.5 - 1) / 0.5));
  expect(heavy.shape).toBeGreaterThan(0.4);
  expect(heavy.shape).toBeLessThan(0.6);
  const light = fitTail(Array.from({length: 3_000}, () => 2 * -Math.log(1 - random())));
  expect(Math.abs(light.shape)).toBeLessThan(0.08);
  expect(light.scale).toBeGreaterThan(1.8);
  expect(light.scale).toBeLessThan(2.2);
});

test('nothing exceeds the threshold before it is calibrated, and constant streams are survived', () => {
  const spot = new Spot({calibration: 100});
  expect(spot.threshold(1e-4)).toBe(Number.POSITIVE_INFINITY);
  for (let at = 0; at < 5_000; at++) spot.learn(0.25);
  expect(spot.threshold(1e-4)).toBe(0.25);
});

test('the threshold follows a stream that becomes more surprising for good', () => {
  const spot = new Spot();
  const random = seededRandom(5);
  for (let at = 0; at < 3_000; at++) spot.learn(random());
  for (let at = 0; at < 6_000; at++) spot.learn(5 + random());
  expect(spot.threshold(1e-3)).toBeGreaterThan(5.5);
  expect(spot.threshold(1e-3)).toBeLessThan(9);
});

test('a snapshot through JSON keeps the threshold', () => {
  const spot = new Spot();
  const random = seededRandom(6);
  for (let at = 0; at < 5_000; at++) spot.learn(-Math.log(1 - random()));
  const other = new Spot();
  other.restore(JSON.parse(JSON.stringify(spot.snapshot())));
  expect(other.threshold(1e-4)).toBeCloseTo(spot.threshold(1e-4), 1);
});

test('a slow rise is followed: few points exceed, where without drift removal most do', () => {
  const exceeded = (drift: number): number => {
    const spot = new Spot({drift});
    const random = seededRandom(11);
    let count = 0;
    for (let at = 0; at < 20_000; at++) {
      const value = at / 400 + random();
      if (spot.threshold(1e-4) < value) count += 1;
      else spot.learn(value);
    }
    return count;
  };
  expect(exceeded(100)).toBeLessThan(10);
  expect(exceeded(0)).toBeGreaterThan(5_000);
});

test('a burst that ends leaves the threshold where it was, or calibrated on what came after', () => {
  const spot = new Spot();
  const random = seededRandom(12);
  const exponential = (): number => -Math.log(1 - random());
  for (let at = 0; at < 5_000; at++) spot.learn(exponential());
  const before = spot.threshold(1e-3);
  for (let at = 0; at < 150; at++) spot.learn(20 + random());
  for (let at = 0; at < 3_000; at++) spot.learn(exponential());
  expect(spot.threshold(1e-3)).toBeGreaterThan(before * 0.6);
  expect(spot.threshold(1e-3)).toBeLessThan(before * 1.6);
});
