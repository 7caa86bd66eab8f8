import {beginEntry, endEntry, firstEntry, unknownEntry, windowLength, windowOverlap} from '../learned-model.ts';
import {makeBatches} from './batches.ts';
import {CorpusBuilder, type HistoryEvent, packSequences} from './corpus.ts';
import {sequenceAt, sequenceCount} from './job.ts';

const minute = 60e6;

function event(message: string, minutes: number, pid?: number): HistoryEvent {
  const base = {time: minutes * minute, host: 'alpha', provider: 'app', code: 0, message};
  return pid === undefined ? base : {...base, pid};
}

test('sessions become sequences with begin and end, equal ones once with a count', () => {
  const builder = new CorpusBuilder();
  for (let session = 0; session < 10; session++) {
    for (const message of ['opened the door', 'walked through it now', 'closed everything again after']) {
      builder.add(event(message, session * 20, 5));
    }
  }
  const corpus = builder.finish();
  expect(corpus).toMatchObject({events: 30, sequences: 10, distinct: 2, symbols: 3});
  expect(corpus.vocabulary.map(({text}) => text)).toContain('opened the door');
  expect(sequenceCount(corpus.train)).toBe(1);
  expect([...sequenceAt(corpus.train, 0)]).toEqual([beginEntry, firstEntry, firstEntry + 1, firstEntry + 2, endEntry]);
  expect([...corpus.train.counts]).toEqual([8]);
  // The last session was still open: it has no end.
  expect(sequenceCount(corpus.heldOut)).toBe(2);
});

test('processes that write at the same time are told apart', () => {
  const builder = new CorpusBuilder();
  for (let pair = 0; pair < 10; pair++) {
    for (const message of ['first of all things', 'second thing then', 'third and last one here']) {
      builder.add(event(message, pair * 20, pair * 2));
      builder.add(event(message, pair * 20, pair * 2 + 1));
    }
  }
  const corpus = builder.finish();
  expect(corpus.sequences).toBe(20);
  // With an end, and without one where history ends: never a mixture of two processes.
  expect(corpus.distinct).toBeLessThanOrEqual(2);
  expect(corpus.symbols).toBe(3);
});

test('sessions beyond those held at once lose their end, not their events', () => {
  const builder = new CorpusBuilder();
  for (let pid = 0; pid < 9_000; pid++) builder.add(event('one of very many at once', 0, pid));
  expect(builder.finish()).toMatchObject({events: 9_000, sequences: 9_000});
});

test('long sessions are cut into windows that overlap, and the overlap is context only', () => {
  const builder = new CorpusBuilder();
  for (let at = 0; at < windowLength * 5; at++) builder.add(event(at % 2 === 0 ? 'tick went the clock' : 'tock', 0));
  const {train} = builder.finish();
  expect(sequenceAt(train, 0).length).toBe(windowLength + 1);
  expect(train.firstTargets[0]).toBe(1);
  expect(train.firstTargets[1]).toBe(windowOverlap + 1);
});

test('what came once only is unknown to the vocabulary', () => {
  const builder = new CorpusBuilder();
  for (let at = 0; at < 40; at++) builder.add(event('the same old story', at * 20));
  builder.add(event('a unique thing of its own kind', 40 * 20));
  for (let at = 41; at < 60; at++) builder.add(event('the same old story', at * 20));
  const {vocabulary, train} = builder.finish();
  expect(vocabulary).toHaveLength(1);
  expect([...train.symbols]).toContain(unknownEntry);
});

test('batches weigh each place once, and padding and context not at all', () => {
  const set = packSequences([
    {entries: [1, 3, 4, 2], firstTarget: 1, count: 16},
    {entries: [1, 3, 3, 3, 3, 4], firstTarget: 5, count: 1},
  ]);
  const [batch] = makeBatches(set, 8);
  expect(batch).toMatchObject({rows: 2, columns: 5});
  expect([...(batch?.inputs ?? [])]).toEqual([1, 3, 4, 0, 0, 1, 3, 3, 3, 3]);
  const weights = [...(batch?.weights ?? [])];
  expect(weights.map(weight => weight > 0)).toEqual([true, true, true, false, false, false, false, false, false, true]);
  expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  expect(weights[0]).toBeGreaterThan((weights[9] ?? 0) * 4);
});
