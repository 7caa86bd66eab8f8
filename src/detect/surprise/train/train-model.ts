import {day, hour} from '../../../event/clock.ts';
import {beginCode, beginEntry, firstEntry, type LearnedModel} from '../learned-model.ts';
import {flattenWeights, type LstmShape, unflattenWeights} from '../lstm/lstm-weights.ts';
import {loadModel, ModelError, saveModel} from '../model-file.ts';
import {providerNumbers} from '../narrowing.ts';
import {checkpointPath} from './checkpoint.ts';
import {type ClosedAlert, VerdictBook} from './closed-alerts.ts';
import {replaces} from './compare.ts';
import {type Corpus, CorpusBuilder, type HistoryEvent} from './corpus.ts';
import {type Rival, sequenceCount, type TrainingJob, type TrainingOutcome, type TrainingProgress} from './job.ts';
import {lockTraining} from './training-lock.ts';
import {leaveOff, runTraining, TrainingError} from './training-process.ts';

export interface TrainModelOptions {
  /** Log entries, oldest first. Read a little at a time, with pauses between. */
  readonly history: Iterable<HistoryEvent> | AsyncIterable<HistoryEvent>;
  /** Where the model goes. */
  readonly path: string;
  /** Fewest entries accepted. */
  readonly leastEvents: number;
  readonly backend: TrainingJob['backend'];
  readonly epochs?: number;
  /** Alerts that analysts closed: what was an attack is not learned, what was none is learned more. */
  readonly alerts?: readonly ClosedAlert[];
  /** Where the history is from, in a word: an interrupted training on history from elsewhere is left alone. */
  readonly origin?: string;
  /** Begin afresh even where an interrupted training could go on. */
  readonly fresh?: boolean;
  /** Compare only, write nothing. */
  readonly dryRun?: boolean;
  /** Told how many entries were read so far, every few thousand. */
  readonly onRead?: (events: number) => void;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** What a person should know on the way. */
  readonly onNote?: (text: string) => void;
  /** What TensorFlow.js prints: for the log file, never for the screen. */
  readonly onLibraryOutput: (text: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds of rest after each slice of reading; more where the caller has other work to do. */
  readonly rest?: number;
}

export interface TrainingReport {
  readonly path: string;
  readonly model: LearnedModel;
  /** The model that was there before, undefined where none could be read. */
  readonly old: LearnedModel | undefined;
  /** Which of the two is the better; it is the one in the file, unless nothing was to be written. */
  readonly kept: 'new' | 'old';
  readonly written: boolean;
  readonly corpus: Omit<
    Corpus,
    'vocabulary' | 'providers' | 'begins' | 'train' | 'heldOut' | 'rivalHeldOut' | 'verdicts'
  > & {readonly eventsADay: number};
  readonly outcome: Omit<TrainingOutcome, 'weights'>;
}

const units = 64;
const embedding = 32;
const defaultEpochs = 20;
const patience = 3;
const maxSeconds = 45;
const leastSequences = 10;
const sliceEvents = 250;
const sliceMillis = 4;

/**
 * From history to a saved model, if it is better than the one that is there. Goes on with an interrupted training of
 * the same history. Rejects with a TrainingError that says why there is no model.
 */
export async function trainModel(options: TrainModelOptions): Promise<TrainingReport> {
  const lock = lockTraining(options.path);
  if ('holder' in lock) {
    throw new TrainingError(
      `Another training of ${options.path} is under way (process ${lock.holder}): wait until it is done, or stop it.`,
    );
  }
  try {
    return await trainLocked(options);
  } finally {
    lock.release();
  }
}

/**
 * The same beside other work: reads slowly. `cancel` ends it and keeps the best so far; `leave` ends it at once, with a
 * checkpoint for the next time.
 */
export function trainInBackground(options: Omit<TrainModelOptions, 'signal' | 'rest'>): {
  readonly done: Promise<TrainingReport>;
  readonly cancel: () => void;
  readonly leave: () => void;
} {
  const abort = new AbortController();
  const done = trainModel({...options, signal: abort.signal, rest: 2 * sliceMillis});
  return {done, cancel: () => abort.abort(), leave: () => abort.abort(leaveOff)};
}

async function trainLocked(options: TrainModelOptions): Promise<TrainingReport> {
  const old = oldModel(options);
  const corpus = await readHistory(options, old);
  const shape = {vocabulary: corpus.vocabulary.length + firstEntry, embedding, units};
  const {weights, ...outcome} = await runTraining(jobOf(corpus, shape, options, old), {
    onProgress: progress => options.onProgress?.(progress),
    onNote: text => options.onNote?.(text),
    onLibraryOutput: options.onLibraryOutput,
    signal: options.signal,
  });
  const model = modelOf(corpus, shape, weights, outcome);
  const kept = replaces(outcome.worth, outcome.rival) ? 'new' : 'old';
  const written = !options.dryRun;
  if (written) saveModel(options.path, kept === 'old' && old ? checkedNow(old, model) : model);
  return {path: options.path, model, old, kept, written, corpus: factsOf(corpus), outcome};
}

/** The model to be compared with. One that cannot be read is replaced, and that is said. */
function oldModel({path, onNote}: TrainModelOptions): LearnedModel | undefined {
  try {
    return loadModel(path);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    if (error.code !== 'missing') onNote?.(`There is no old model to compare with. ${error.message}`);
    return undefined;
  }
}

function checkedNow(old: LearnedModel, {facts}: LearnedModel): LearnedModel {
  return {...old, facts: {...old.facts, checkedAt: facts.checkedAt}};
}

async function readHistory(options: TrainModelOptions, old: LearnedModel | undefined): Promise<Corpus> {
  const builder = new CorpusBuilder();
  const book = new VerdictBook(options.alerts ?? []);
  let began = performance.now();
  for await (const event of options.history) {
    builder.add(event, book.of(event));
    if (builder.events % sliceEvents !== 0 || performance.now() - began < sliceMillis) continue;
    options.onRead?.(builder.events);
    await new Promise(resolve => setTimeout(resolve, options.rest ?? 0));
    if (options.signal.aborted)
      throw new TrainingError('Training was stopped while it read history: nothing was kept.');
    began = performance.now();
  }
  options.onRead?.(builder.events);
  return enough(builder, options.leastEvents, old);
}

function enough(builder: CorpusBuilder, least: number, old: LearnedModel | undefined): Corpus {
  if (builder.events < least) {
    throw new TrainingError(
      `Too little history to train: there are ${builder.events} log entries, and ${least} are needed ` +
        '(train_events in [detect]). Let siem monitor run longer, or take a longer period with --since.',
    );
  }
  const corpus = builder.finish(old);
  const sequences = sequenceCount(corpus.train);
  if (sequences === 0 || sequenceCount(corpus.heldOut) === 0 || corpus.sequences < leastSequences) {
    throw new TrainingError(
      `Too little history to train: the ${corpus.events} log entries make ${corpus.sequences} sequences, ` +
        `and ${leastSequences} are needed. Let siem monitor run longer.`,
    );
  }
  return corpus;
}

function jobOf(
  corpus: Corpus,
  shape: LstmShape,
  options: TrainModelOptions,
  old: LearnedModel | undefined,
): TrainingJob {
  const {train, heldOut, providers, begins, verdicts, newest} = corpus;
  const {path, origin = '', fresh = false} = options;
  const rival = old && corpus.rivalHeldOut && rivalOf(old, corpus.rivalHeldOut);
  return {
    shape,
    train,
    heldOut,
    providers,
    begins,
    verdicts,
    epochs: options.epochs ?? defaultEpochs,
    patience,
    maxSeconds,
    batch: batchSize(sequenceCount(train)),
    learningRate: 0.01,
    seed: 1,
    risk: 1e-3,
    backend: options.backend,
    ...(options.dryRun ? {} : {checkpoint: {path: checkpointPath(path), fresh, origin, newest}}),
    ...(rival ? {rival} : {}),
  };
}

function rivalOf({vocabulary, weights}: LearnedModel, heldOut: Uint16Array): Rival {
  const begins = vocabulary.flatMap(({code}, at) => (code === beginCode ? [firstEntry + at] : []));
  return {
    shape: {vocabulary: weights.vocabulary, embedding: weights.embedding, units: weights.units},
    weights: flattenWeights(weights),
    providers: providerNumbers(vocabulary),
    begins: Uint16Array.from([beginEntry, ...begins]),
    heldOut,
  };
}

/** Little history needs small batches: else an epoch is too few steps to learn anything. */
function batchSize(sequences: number): number {
  return Math.min(64, Math.max(8, Math.ceil(sequences / 40)));
}

function modelOf(
  corpus: Corpus,
  shape: LstmShape,
  weights: Float32Array,
  outcome: Omit<TrainingOutcome, 'weights'>,
): LearnedModel {
  const {epochs, trainLoss, heldOutLoss, falseAlarmRate, threshold, rank, mix, choices, head} = outcome;
  const {events, sequences, distinct, newest, vocabulary} = corpus;
  const now = new Date().toISOString();
  const judged = {epochs, trainLoss, heldOutLoss, falseAlarmRate, threshold, rank, mix};
  return {
    facts: {trainedAt: now, checkedAt: now, newest, events, sequences, distinct, ...judged},
    providers: choices.flatMap(choice => {
      const place = corpus.providers.indexOf(choice.provider);
      const provider = vocabulary[place - firstEntry]?.provider;
      return provider === undefined ? [] : [{provider, threshold: choice.threshold, mix: choice.mix}];
    }),
    vocabulary,
    weights: unflattenWeights(shape, weights),
    ...(head ? {head} : {}),
  };
}

function factsOf(corpus: Corpus): TrainingReport['corpus'] {
  const {events, sequences, distinct, leftOut, symbols, oldest, newest, notLearned, learnedMore} = corpus;
  const eventsADay = (events * day) / Math.max(newest - oldest, hour);
  return {events, sequences, distinct, leftOut, symbols, oldest, newest, notLearned, learnedMore, eventsADay};
}
