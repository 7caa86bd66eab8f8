import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {dealFolds, without} from '../bench/folds.ts';
import {machineLives, systemCalls} from '../bench/generated-sessions.ts';
import {MixChooser} from '../bench/mix-chooser.ts';
import {ensembleNats, foldPairs} from '../bench/network-ensemble.ts';
import {distinctSessions, Vocabulary} from '../bench/sequence-encoding.ts';
import {parseSession, readSequenceData, type Session} from '../bench/sequence-files.ts';
import {aucInterval, prevalenceCorrected, type Scored, separation, wilson} from '../bench/sequence-metrics.ts';
import {windowsOf} from '../bench/sequence-windows.ts';
import {makeJudge} from '../bench/session-judge.ts';

const scored = (scores: readonly number[]): Scored[] => scores.map(score => ({score, times: 1}));

describe('how well scores separate', () => {
  test('a perfect score has AUC 1, a reversed one 0, a constant one a half', () => {
    expect(separation(scored([1, 2, 3]), scored([4, 5]))).toMatchObject({
      auc: 1,
      f1: 1,
      precision: 1,
      recall: 1,
      fprAt90: 0,
    });
    expect(separation(scored([4, 5]), scored([1, 2, 3])).auc).toBe(0);
    expect(separation(scored([7, 7, 7]), scored([7, 7])).auc).toBe(0.5);
  });

  test('the AUC is the share of pairs in the right order', () => {
    const [normal, abnormal] = [
      [3, 1, 4, 1, 5, 9, 2],
      [6, 5, 3, 5],
    ];
    const pairs = abnormal.flatMap(a => normal.map((n): number => (a > n ? 1 : a === n ? 0.5 : 0)));
    const expected = pairs.reduce((sum, one) => sum + one, 0) / pairs.length;
    expect(separation(scored(normal), scored(abnormal)).auc).toBeCloseTo(expected, 12);
  });

  test('a session that came several times counts as often', () => {
    const once = separation(scored([1, 1, 1, 4]), scored([2, 5, 5]));
    const counted = separation(
      [
        {score: 1, times: 3},
        {score: 4, times: 1},
      ],
      [
        {score: 2, times: 1},
        {score: 5, times: 2},
      ],
    );
    expect(counted).toEqual(once);
  });

  test('F1 is the best over all thresholds, and false positives are counted where nine of ten are found', () => {
    const normal = scored([0, 0, 0, 0, 0, 0, 0, 5, 6, 9]);
    const abnormal = scored([10, 10, 10, 10, 10, 10, 10, 10, 8, 1]);
    const found = separation(normal, abnormal);
    expect(found.recall).toBe(0.9);
    expect(found.precision).toBe(0.9);
    expect(found.fprAt90).toBe(0.1);
  });
});

describe('intervals', () => {
  test('Wilson’s interval holds the share, and says how little none of a few is', () => {
    const [low, high] = wilson(4, 5_000);
    expect(low).toBeLessThan(8e-4);
    expect(high).toBeGreaterThan(8e-4);
    expect(wilson(0, 100)[0]).toBe(0);
    expect(wilson(0, 100)[1]).toBeCloseTo(0.037, 3);
  });

  test('an AUC is surer with more sessions', () => {
    const [few, many] = [aucInterval(0.9, 50, 20), aucInterval(0.9, 5_000, 2_000)];
    expect(few[1] - few[0]).toBeGreaterThan(many[1] - many[0]);
    expect(many[0]).toBeGreaterThan(0.88);
    expect(aucInterval(1, 50, 20)[0]).toBeLessThan(0.9);
  });

  test('F1 is corrected to the number of normal sessions there would be', () => {
    const {f1, precision, recall, interval} = prevalenceCorrected(
      {falseAlarms: 4, normal: 4_000, found: 990, abnormal: 1_000},
      100_000,
    );
    expect(recall).toBe(0.99);
    expect(precision).toBeCloseTo(990 / (990 + 100), 10);
    expect(f1).toBeCloseTo((2 * 990) / (990 + 100 + 1_000), 10);
    expect(interval[0]).toBeLessThan(f1);
    expect(interval[1]).toBeGreaterThan(f1);
  });

  test('where nothing is found F1 is 0, not a division by nothing', () => {
    expect(prevalenceCorrected({falseAlarms: 0, normal: 10, found: 0, abnormal: 10}, 100)).toMatchObject({
      f1: 0,
      recall: 0,
    });
  });
});

describe('sequence files', () => {
  test('a line is event ids, before them perhaps a session id and a comma', () => {
    expect(parseSession('5 22  5 ')).toEqual(['5', '22', '5']);
    expect(parseSession('blk_-123,5 22 5')).toEqual(['5', '22', '5']);
    expect(parseSession('')).toEqual([]);
  });

  function inFolder(files: Record<string, string>, check: (folder: string) => void): void {
    const folder = mkdtempSync(join(tmpdir(), 'sequences-'));
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      check(folder);
    } finally {
      rmSync(folder, {recursive: true});
    }
  }

  test('every three files of one name are a data set', () => {
    const three = (name: string) => ({
      [`${name}_train`]: '1 2\n1 2 3\n\n',
      [`${name}_test_normal`]: 'a,1 2\n',
      [`${name}_test_abnormal.txt`]: '2 1\n',
    });
    inFolder({...three('one'), ...three('two')}, folder => {
      const sets = readSequenceData(folder, {needNormal: true});
      expect(sets.map(({name}) => name)).toEqual(['one', 'two']);
      expect(sets[0]).toMatchObject({
        train: [
          ['1', '2'],
          ['1', '2', '3'],
        ],
        normal: [['1', '2']],
        abnormal: [['2', '1']],
      });
    });
  });

  test('what is missing is said by name', () => {
    inFolder({x_train: '1\n', x_test_abnormal: '2\n'}, folder => {
      expect(readSequenceData(folder, {needNormal: false})[0]?.normal).toBeUndefined();
      expect(() => readSequenceData(folder, {needNormal: true})).toThrow(/x_test_normal beside x_train/);
    });
    inFolder({x_train: '1\n'}, folder => {
      expect(() => readSequenceData(folder, {needNormal: false})).toThrow(/x_test_abnormal/);
    });
    inFolder({}, folder => expect(() => readSequenceData(folder, {needNormal: false})).toThrow(/NAME_train/));
    expect(() => readSequenceData('/nowhere/at/all', {needNormal: false})).toThrow(/cannot be read/);
  });
});

test('windows cover every place of a session once as a target, and of a long one a bounded number', () => {
  for (const places of [2, 127, 128, 129, 500, 4_500]) {
    const targets = windowsOf(places, Number.POSITIVE_INFINITY).flatMap(({firstTarget, end}) =>
      Array.from({length: end - firstTarget}, (_, at) => firstTarget + at),
    );
    expect(targets).toEqual(Array.from({length: places - 1}, (_, at) => at + 1));
  }
  const some = windowsOf(4_500, 4);
  expect(some).toHaveLength(4);
  expect(some[0]?.begin).toBe(0);
  expect(some[3]?.end).toBe(4_500);
});

test('folds share out everything once, the same for the same seed', () => {
  const items = Array.from({length: 23}, (_, at) => at);
  const folds = dealFolds(items, 5, 7);
  expect(folds.flat().sort((a, b) => a - b)).toEqual(items);
  expect(dealFolds(items, 5, 7)).toEqual(folds);
  expect(without(folds, [1, 3]).sort()).toEqual([...(folds[0] ?? []), ...(folds[2] ?? []), ...(folds[4] ?? [])].sort());
});

test('a session is judged only by networks that did not learn its fold', () => {
  const networks = foldPairs(3).map((pair, index) => ({without: pair, nats: () => Float64Array.of(10 ** index, 0)}));
  const session = Int32Array.of(3);
  expect(ensembleNats(networks, session, [0])?.[0]).toBe((1 + 10) / 2);
  expect(ensembleNats(networks, session, [1, 2])?.[0]).toBe(100);
  expect(ensembleNats(networks, session, [])?.[0]).toBe(37);
  expect(ensembleNats(networks, session, [0, 1, 2])).toBeUndefined();
});

test('the mixture leans to the model that predicts better', () => {
  const lean = (ngram: number, network: number) => {
    const chooser = new MixChooser();
    chooser.add(Float64Array.of(ngram, ngram), Float64Array.of(network, Number.NaN), 3);
    return chooser.best();
  };
  expect(lean(0.1, 3)).toBe(0);
  expect(lean(3, 0.1)).toBe(1);
});

describe('whole sessions are told apart without labels', () => {
  function judged(data: {train: Session[]; normal: Session[]; abnormal: Session[]}) {
    const vocabulary = new Vocabulary(data.train);
    const encoded = (sessions: readonly Session[]) => sessions.map(session => vocabulary.encode(session));
    const judge = makeJudge(dealFolds(encoded(data.train), 4, 1), [], []);
    const scores = (sessions: readonly Session[]) =>
      distinctSessions(encoded(sessions)).map(({symbols, times}) => {
        const verdict = judge.views.combined.judge(judge.evidence(symbols));
        return {times, score: verdict.score, nats: verdict.nats};
      });
    return {normal: scores(data.normal), abnormal: scores(data.abnormal)};
  }

  test('short sessions with a protocol', () => {
    const {normal, abnormal} = judged(machineLives(11, {train: 400, normal: 400, abnormal: 100}));
    expect(separation(normal, abnormal).auc).toBeGreaterThan(0.97);
    const reported = normal.filter(({nats}) => nats > Math.log(100)).reduce((sum, {times}) => sum + times, 0);
    expect(reported).toBeLessThan(20);
  });

  test('long sessions without one, among programs never seen', () => {
    const {normal, abnormal} = judged(systemCalls(12, {train: 100, normal: 120, abnormal: 40}));
    expect(separation(normal, abnormal).auc).toBeGreaterThan(0.75);
  });
});
