import {beginCode, endEntry, firstEntry, unknownEntry} from '../learned-model.ts';
import {chunksOf, planBatches, Weighing} from './batches.ts';
import {type ClosedAlert, VerdictBook} from './closed-alerts.ts';
import {CorpusBuilder, type HistoryEvent, packSequences, segmentLength, segmentOverlap} from './corpus.ts';
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
  const begin = firstEntry + 3;
  expect(corpus.vocabulary.at(-1)).toEqual({provider: 'app', code: beginCode, text: ''});
  expect([...sequenceAt(corpus.train, 0)]).toEqual([begin, firstEntry, firstEntry + 1, firstEntry + 2, endEntry]);
  expect([...corpus.train.counts]).toEqual([7]);
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

test('an endless session goes on in another sequence, with context that is not learned twice', () => {
  const builder = new CorpusBuilder();
  for (let at = 0; at < segmentLength * 5; at++) builder.add(event(at % 2 === 0 ? 'tick went the clock' : 'tock', 0));
  const {train} = builder.finish();
  expect(sequenceAt(train, 0).length).toBe(segmentLength + 1);
  expect(train.firstTargets[0]).toBe(1);
  expect(train.firstTargets[1]).toBe(segmentOverlap + 1);
});

test('entries without process or session have no end', () => {
  const builder = new CorpusBuilder();
  for (let session = 0; session < 10; session++) builder.add(event('once in a while', session * 20));
  expect([...builder.finish().train.symbols]).not.toContain(endEntry);
});

test('what came once only is unknown to the vocabulary', () => {
  const builder = new CorpusBuilder();
  for (let at = 0; at < 40; at++) builder.add(event('the same old story', at * 20));
  builder.add(event('a unique thing of its own kind', 40 * 20));
  for (let at = 41; at < 60; at++) builder.add(event('the same old story', at * 20));
  const {vocabulary, train} = builder.finish();
  expect(vocabulary.map(({text}) => text)).toEqual(['the same old story', '']);
  expect([...train.symbols]).toContain(unknownEntry);
});

test('a batch is cut into chunks without padding, and context weighs nothing', () => {
  const set = packSequences([
    {entries: [1, 3, 4, 2], firstTarget: 1, count: 16},
    {entries: [1, ...new Array<number>(40).fill(3), 4], firstTarget: 41, count: 1},
  ]);
  const [plan] = planBatches(set, 8, 1, 1);
  const chunks = [...chunksOf(set, plan ?? [], new Weighing(set, 8))];
  expect(chunks.map(({rows}) => [...rows])).toEqual([
    [2, 2, 2, ...new Array<number>(29).fill(1)],
    new Array(9).fill(1),
  ]);
  expect(chunks[0]?.targets.slice(0, 6)).toEqual(Int32Array.from([3, 3, 3, 4, 3, 2]));
  const weights = chunks.flatMap(chunk => [...chunk.weights]);
  expect(weights.filter(weight => weight > 0)).toHaveLength(4);
  expect(chunks[1]?.weights.at(-1)).toBeGreaterThan(0);
  expect(Math.max(...weights)).toBeCloseTo(8 * (chunks[1]?.weights.at(-1) ?? 0), 5);
});

test('the order of batches follows from seed and epoch alone', () => {
  const set = packSequences(Array.from({length: 50}, (_, at) => ({entries: [1, 3, 4 + at], firstTarget: 1, count: 1})));
  expect(planBatches(set, 8, 1, 3)).toEqual(planBatches(set, 8, 1, 3));
  expect(planBatches(set, 8, 1, 3)).not.toEqual(planBatches(set, 8, 1, 4));
  expect(
    planBatches(set, 8, 1, 3)
      .flat()
      .sort((a, b) => a - b),
  ).toEqual(Array.from({length: 50}, (_, at) => at));
});

const attack = 'an odd thing that was an attack';

function closed(verdict: ClosedAlert['verdict'], message: string, minutes: number): ClosedAlert {
  const time = new Date(minutes * 60_000).toISOString();
  return {
    rule: 'surprise.sequence',
    host: 'alpha',
    verdict,
    event: {
      '@timestamp': time,
      'host.name': 'alpha',
      'event.provider': 'app',
      message,
      'surprise.nats': 9,
      'surprise.threshold': 6,
    },
    findings: [{minute: minutes * minute, provider: 'app', message}],
  };
}

function learnedWith(alerts: readonly ClosedAlert[]) {
  const builder = new CorpusBuilder();
  const book = new VerdictBook(alerts);
  for (let session = 0; session < 40; session++) {
    for (const message of ['opened the door', attack, 'closed everything again after']) {
      if (message === attack && session % 10 !== 5) continue;
      const one = event(message, session * 20, 7);
      builder.add(one, book.of(one));
    }
  }
  return builder.finish();
}

test('entries of alerts closed as true are not learned, nor what followed them', () => {
  const places = [5, 15, 25, 35];
  const corpus = learnedWith(places.map(session => closed('true-positive', attack, session * 20)));
  expect(corpus).toMatchObject({events: 120 - 36, notLearned: 4, learnedMore: 0});
  expect(corpus.vocabulary.map(({text}) => text)).not.toContain(attack);
  // Cut off before the attack, without an end: never "opened, closed" as if nothing had been.
  expect(Array.from({length: sequenceCount(corpus.train)}, (_, at) => sequenceAt(corpus.train, at).length)).toContain(
    2,
  );
});

test('entries of alerts closed as false are learned some times more', () => {
  const without = learnedWith([]);
  const corpus = learnedWith([closed('false-positive', attack, 5 * 20), closed('benign', attack, 15 * 20)]);
  expect(corpus).toMatchObject({notLearned: 0, learnedMore: 2});
  const total = (counts: Uint32Array) => counts.reduce((sum, count) => sum + count, 0);
  expect(total(corpus.train.counts)).toBe(total(without.train.counts) + 8);
});

test('each closed alert of the model is an example with what came before it', () => {
  const {verdicts} = learnedWith([closed('true-positive', attack, 100), closed('false-positive', attack, 300)]);
  expect([...verdicts.labels]).toEqual([1, 0]);
  expect(sequenceAt(verdicts.contexts, 0).length).toBe(2);
  expect(verdicts.features[0]).toBeCloseTo(0.6, 5);
});
