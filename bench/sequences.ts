// How well whole sessions are told apart where there are normal sessions to test on:
// `npm run -s bench:sequences -- FOLDER`, a folder with NAME_train, NAME_test_normal and NAME_test_abnormal, or several
// such threes. One JSON line: the combined score, and beside it n-gram, STIDE and LSTM alone on the same sessions. With
// several data sets the figures are their means, and `sets` has each.
import {KnownRuns} from '../src/detect/surprise/session/known-runs.ts';
import {dealFolds, without} from './folds.ts';
import type {FoldNetwork} from './network-ensemble.ts';
import {type Counted, distinctSessions, Vocabulary} from './sequence-encoding.ts';
import {readSequenceData, type SequenceData, SequenceFilesError} from './sequence-files.ts';
import {meanSeparation, type Scored, type Separation, separation} from './sequence-metrics.ts';
import {trainNetwork} from './sequence-network.ts';
import {type Judge, makeJudge} from './session-judge.ts';

const folds = 4;
/** Each network leaves out half of the folds, so that every session is calibrated by one that did not learn it. */
const halves = [
  [0, 1],
  [2, 3],
];
const network = {units: 32, epochs: 30, maxSeconds: 40};
const runLengths = [6, 7, 8, 9, 10];

const [folder] = process.argv.slice(2);
try {
  if (folder === undefined) throw new SequenceFilesError('Expected a folder: npm run -s bench:sequences -- FOLDER');
  const measured = [];
  for (const data of readSequenceData(folder, {needNormal: true})) measured.push(await measure(data));
  process.stdout.write(`${JSON.stringify(summary(measured))}\n`);
} catch (error) {
  if (!(error instanceof SequenceFilesError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function measure(data: SequenceData) {
  const began = performance.now();
  const vocabulary = new Vocabulary(data.train);
  const train = data.train.map(session => vocabulary.encode(session));
  const normal = distinctSessions((data.normal ?? []).map(session => vocabulary.encode(session)));
  const abnormal = distinctSessions(data.abnormal.map(session => vocabulary.encode(session)));
  const dealt = dealFolds(train, folds, 1);
  const networks = await trainHalves(dealt, vocabulary.size);
  const judge = makeJudge(dealt, [], networks);
  return {
    name: data.name,
    sessions: {train: train.length, normal: data.normal?.length ?? 0, abnormal: data.abnormal.length},
    ...modelScores(judge, normal, abnormal),
    stide: stideScores(train, normal, abnormal),
    networkMix: judge.mix,
    networkEpochs: networks.map(({epochs}) => epochs),
    networkMaxProcessorSeconds: network.maxSeconds * halves.length,
    seconds: Math.round((performance.now() - began) / 1_000),
  };
}

async function trainHalves(dealt: readonly Int32Array[][], vocabulary: number) {
  const trained: (FoldNetwork & {epochs: number})[] = [];
  for (const left of halves) {
    const sessions = distinctSessions(without(dealt, left));
    const {nats, epochs} = await trainNetwork(sessions, {...network, vocabulary, seed: trained.length + 1});
    trained.push({without: left, nats, epochs});
  }
  return trained;
}

function modelScores(judge: Judge, normal: readonly Counted[], abnormal: readonly Counted[]) {
  const [quiet, loud] = [normal, abnormal].map(sessions =>
    sessions.map(({symbols, times}) => {
      const evidence = judge.evidence(symbols);
      const {combined, composition} = judge.views;
      return {
        times,
        combined: combined.judge(evidence).score,
        corroborators: composition.judge(evidence).score,
        ngram: evidence.ngramMean,
        lstm: evidence.networkMean,
      };
    }),
  );
  const by = (view: 'combined' | 'corroborators' | 'ngram' | 'lstm'): Separation => {
    const scored = (sessions: typeof quiet): Scored[] =>
      (sessions ?? []).map(session => ({score: session[view], times: session.times}));
    return separation(scored(quiet), scored(loud));
  };
  return {combined: by('combined'), ngram: by('ngram'), lstm: by('lstm'), corroborators: by('corroborators')};
}

/** The run length that separates best is shown, which favours STIDE. */
function stideScores(train: readonly Int32Array[], normal: readonly Counted[], abnormal: readonly Counted[]) {
  const all = runLengths.map(length => {
    const runs = new KnownRuns(length, 2 ** 22);
    for (const symbols of train) runs.learn(symbols);
    const scored = ({symbols, times}: Counted): Scored => {
      const unknown = runs.unknownAt(symbols);
      return {score: unknown.reduce((sum, one) => sum + one, 0) / Math.max(1, unknown.length - length + 1), times};
    };
    return {length, ...separation(normal.map(scored), abnormal.map(scored))};
  });
  return all.reduce((best, one) => (one.auc > best.auc ? one : best));
}

function summary(measured: readonly Awaited<ReturnType<typeof measure>>[]) {
  const mean = (pick: (one: (typeof measured)[number]) => Separation) => meanSeparation(measured.map(pick));
  return {
    bench: 'sequences',
    ...mean(({combined}) => combined),
    intervalOf: 'auc',
    ngram: mean(({ngram}) => ngram),
    stide: mean(({stide}) => stide),
    lstm: mean(({lstm}) => lstm),
    corroborators: mean(({corroborators}) => corroborators),
    sets: measured,
  };
}
