// How well whole sessions are told apart on HDFS block sessions and folders of the same form:
// `npm run -s bench:hdfs -- FOLDER`, a folder with NAME_train and NAME_test_abnormal. One JSON line.
//
// The false-alarm rate is measured on training sessions by five-fold cross-validation and scaled to the 553,366 normal
// sessions of the published test set; where the folder holds NAME_test_normal, that is used instead. Thresholds come from
// held-out normal sessions alone: a session is reported when fewer than one normal one in 2,000 scores as high.
import {sessionRisk} from '../src/detect/surprise/session/session-watch.ts';
import {dealFolds, without} from './folds.ts';
import {meanDetections, type Tally, tallyOf, type View, views} from './hdfs-tally.ts';
import {type FoldNetwork, foldPairs} from './network-ensemble.ts';
import {distinctSessions, Vocabulary} from './sequence-encoding.ts';
import {readSequenceData, type SequenceData, SequenceFilesError} from './sequence-files.ts';
import {prevalenceCorrected} from './sequence-metrics.ts';
import {trainNetwork} from './sequence-network.ts';
import {makeJudge} from './session-judge.ts';

const folds = 5;
const publishedNormal = 553_366;
const network = {units: 32, epochs: 10, maxSeconds: 40};

const [folder] = process.argv.slice(2);
try {
  if (folder === undefined) throw new SequenceFilesError('Expected a folder: npm run -s bench:hdfs -- FOLDER');
  const [first] = readSequenceData(folder, {needNormal: false});
  if (first) process.stdout.write(`${JSON.stringify(await measure(first))}\n`);
} catch (error) {
  if (!(error instanceof SequenceFilesError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function measure(data: SequenceData) {
  const began = performance.now();
  const vocabulary = new Vocabulary(data.train);
  const dealt = dealFolds(
    data.train.map(session => vocabulary.encode(session)),
    folds,
    1,
  );
  const networks = await trainPairs(dealt, vocabulary.size);
  const abnormal = distinctSessions(data.abnormal.map(session => vocabulary.encode(session)));
  const normal = data.normal && distinctSessions(data.normal.map(session => vocabulary.encode(session)));
  const tallies: Tally[] = [];
  const left = normal ? [[]] : dealt.map((_, fold) => [fold]);
  for (const out of left) {
    const judge = makeJudge(dealt, out, networks);
    const quiet = normal ?? distinctSessions(out.flatMap(fold => dealt[fold] ?? []));
    tallies.push(tallyOf(judge, quiet, abnormal));
  }
  const normalSessions = data.normal?.length ?? publishedNormal;
  const results = Object.fromEntries(views.map(view => [view, viewResult(tallies, view, normalSessions)]));
  return {
    bench: 'hdfs',
    data: data.name,
    ...results.combined,
    normalFrom: normal ? 'test_normal' : `cross-validation on train, scaled to ${publishedNormal}`,
    ...results,
    risk: sessionRisk,
    counts: meanDetections(tallies, 'combined')[0],
    folds,
    networkEpochs: networks.map(({epochs}) => epochs),
    networkMix: tallies.map(({mix}) => mix),
    seconds: Math.round((performance.now() - began) / 1_000),
  };
}

/** At the risk chosen beforehand; `best` is over several risks, so chosen afterwards. */
function viewResult(tallies: readonly Tally[], view: View, normalSessions: number) {
  const all = meanDetections(tallies, view).map(detection => prevalenceCorrected(detection, normalSessions));
  return {...all[0], best: Math.max(...all.map(({f1}) => f1))};
}

/** A network for each pair of folds that learns neither: one judges a session held out twice over. */
async function trainPairs(dealt: readonly Int32Array[][], vocabulary: number) {
  const trained: (FoldNetwork & {epochs: number})[] = [];
  for (const pair of foldPairs(folds)) {
    const sessions = distinctSessions(without(dealt, pair));
    const {nats, epochs} = await trainNetwork(sessions, {...network, vocabulary, seed: trained.length + 1});
    trained.push({without: pair, nats, epochs});
  }
  return trained;
}
