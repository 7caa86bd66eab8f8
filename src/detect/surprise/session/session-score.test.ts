import {seededRandom} from '../seeded-random.ts';
import type {Evidence} from './evidence.ts';
import {SessionScore} from './session-score.ts';
import {TailScale} from './tail-scale.ts';

/** Evidence of a normal session: every piece from a law of its own. */
function usual(random: () => number, changes: Partial<Evidence> = {}): Evidence {
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  return {
    ngramMean: 0.3 + exponential(0.1),
    ngramMost: exponential(3),
    ngramStretch: exponential(0.5),
    unknownRuns: random() < 0.9 ? 0 : random() / 10,
    unknownSymbols: 0,
    networkMean: 0.2 + exponential(0.1),
    networkMost: exponential(2),
    networkStretch: exponential(0.4),
    unknownVector: random() < 0.02 ? 1 : 0,
    symbolCounts: exponential(5),
    mixture: random() / 10,
    length: exponential(1),
    ...changes,
  };
}

function calibrated(sessions = 2_000): SessionScore {
  const random = seededRandom(1);
  const score = new SessionScore();
  for (let session = 0; session < sessions; session++) score.learn(usual(random));
  return score;
}

test('nats are −ln of the share of normal values that reach a value', () => {
  const scale = new TailScale(Array.from({length: 1_000}, (_, index) => index));
  expect(scale.nats(500)).toBeCloseTo(Math.log(2), 1);
  expect(scale.nats(900)).toBeCloseTo(Math.log(10), 1);
});

test('beyond all that was held out nats go on growing, as the tail does', () => {
  const random = seededRandom(2);
  const scale = new TailScale(Array.from({length: 3_000}, () => -Math.log(1 - random())));
  let before = 0;
  for (const value of [0.5, 1, 2, 4, 8, 12, 16, 30]) {
    const nats = scale.nats(value);
    expect(nats).toBeGreaterThan(before);
    before = nats;
  }
  // Of an exponential law itself, −ln of the share above x is x.
  expect(scale.nats(10)).toBeGreaterThan(7);
  expect(scale.nats(10)).toBeLessThan(14);
});

test('a sign that no held-out session showed is worth as many nats as there were sessions to show it', () => {
  const scale = new TailScale(new Array(500).fill(0));
  expect(scale.nats(1)).toBeGreaterThan(Math.log(500));
  expect(scale.nats(0)).toBeLessThan(1);
});

test('of normal sessions as many are reported as the threshold says', () => {
  const score = calibrated();
  const random = seededRandom(9);
  let reported = 0;
  for (let session = 0; session < 5_000; session++) {
    if (score.judge(usual(random)).nats > Math.log(100)) reported += 1;
  }
  expect(reported).toBeGreaterThan(20);
  expect(reported).toBeLessThan(100);
});

test('one overwhelming sign is enough, and it is named first', () => {
  const verdict = calibrated().judge(usual(seededRandom(3), {ngramMost: 60}));
  expect(verdict.nats).toBeGreaterThan(Math.log(1_000));
  expect(verdict.signs[0]?.name).toBe('ngramMost');
});

test('weak signs of different kinds add up to more than weak signs of one kind', () => {
  const score = calibrated();
  const calm = usual(() => 0.5);
  const oneKind = score.judge({...calm, ngramMean: 0.6, ngramMost: 9, ngramStretch: 1.5}).score;
  const allKinds = score.judge({...calm, ngramMost: 9, networkMost: 6, symbolCounts: 15, mixture: 0.097}).score;
  const none = score.judge(calm).score;
  expect(oneKind).toBeGreaterThan(none);
  expect(allKinds).toBeGreaterThan(none);
  const both = score.judge({
    ...calm,
    ngramMean: 0.6,
    ngramMost: 9,
    ngramStretch: 1.5,
    unknownVector: 1,
    symbolCounts: 15,
    mixture: 0.097,
  }).score;
  expect(both).toBeGreaterThan(oneKind);
});

test('a network that adds nothing to the n-gram is not listened to', () => {
  const random = seededRandom(5);
  const deaf = new SessionScore({networkMix: 0});
  for (let session = 0; session < 200; session++) deaf.learn(usual(random));
  const calm = usual(() => 0.5);
  expect(deaf.judge({...calm, networkMost: 90, networkMean: 9}).score).toBe(deaf.judge(calm).score);
});

test('what is held is bounded, and survives being saved as JSON', () => {
  const random = seededRandom(6);
  const score = new SessionScore({capacity: 100});
  for (let session = 0; session < 350; session++) score.learn(usual(random));
  expect(score.size).toBe(100);
  const copy = new SessionScore({capacity: 100});
  copy.restore(JSON.parse(JSON.stringify(score.snapshot())));
  expect(copy.size).toBe(100);
  const fresh = usual(random, {symbolCounts: 40});
  expect(copy.judge(fresh).nats).toBeCloseTo(score.judge(fresh).nats, 2);
});

test('too few sessions are not judged by', () => {
  const score = new SessionScore();
  expect(score.ready).toBe(false);
  const random = seededRandom(7);
  for (let session = 0; session < 30; session++) score.learn(usual(random));
  expect(score.ready).toBe(true);
});
