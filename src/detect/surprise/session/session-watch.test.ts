import {seededRandom} from '../seeded-random.ts';
import {SessionTrace} from './session-trace.ts';
import {SessionWatch} from './session-watch.ts';

/** A session that goes 1 2 3, some 4s, 5; odd ones leave out the 3 and end with something new. */
function session(random: () => number, odd = false): SessionTrace {
  const trace = new SessionTrace();
  const symbols = [1, 2, ...(odd ? [] : [3]), ...new Array<number>(1 + Math.floor(random() * 4)).fill(4), odd ? 9 : 5];
  for (const symbol of symbols) {
    const unknown = symbol === 9;
    trace.add({symbol, ngram: unknown ? 9 : 0.1 + random() / 5, unknownRun: odd && symbol === 4, unknown});
  }
  trace.end(random() / 5);
  return trace;
}

function taught(): {watch: SessionWatch; random: () => number; reported: number} {
  const random = seededRandom(3);
  const watch = new SessionWatch();
  let reported = 0;
  for (let count = 0; count < 1_000; count++) if (watch.ended(session(random))) reported += 1;
  return {watch, random, reported};
}

test('normal sessions raise next to nothing, an odd one is reported with its strongest signs', () => {
  const {watch, random, reported} = taught();
  expect(reported).toBeLessThanOrEqual(3);
  const verdict = watch.ended(session(random, true));
  expect(verdict?.nats).toBeGreaterThan(Math.log(2_000));
  expect(verdict?.signs.slice(0, 6).map(({name}) => name)).toContain('unknownSymbols');
});

test('what was reported is not learned from: the same again is reported again', () => {
  const {watch, random} = taught();
  for (let time = 0; time < 50; time++) expect(watch.ended(session(random, true))).toBeDefined();
});

test('a stream that had few sessions reports nothing', () => {
  const random = seededRandom(4);
  const watch = new SessionWatch();
  for (let count = 0; count < 150; count++) expect(watch.ended(session(random, count === 149))).toBeUndefined();
  expect(watch.progress).toBeCloseTo(0.75, 2);
});

test('what it learned survives a restart', () => {
  const {watch, random} = taught();
  const restarted = new SessionWatch();
  restarted.restore(JSON.parse(JSON.stringify(watch.snapshot())));
  expect(restarted.progress).toBe(1);
  expect(restarted.ended(session(random))).toBeUndefined();
  expect(restarted.ended(session(random, true))).toBeDefined();
});
