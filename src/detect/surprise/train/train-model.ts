import type {LearnedModel} from '../learned-model.ts';
import {type LstmShape, unflattenWeights} from '../lstm/lstm-weights.ts';
import {saveModel} from '../model-file.ts';
import {type Corpus, CorpusBuilder, type HistoryEvent} from './corpus.ts';
import {sequenceCount, type TrainingJob, type TrainingOutcome, type TrainingProgress} from './job.ts';
import {runTraining, TrainingError} from './training-process.ts';

export interface TrainModelOptions {
  /** Stored log entries, oldest first. Read a little at a time, with pauses between. */
  readonly history: Iterable<HistoryEvent>;
  /** Where the model goes. */
  readonly path: string;
  /** Fewest entries accepted. */
  readonly leastEvents: number;
  readonly backend: TrainingJob['backend'];
  readonly epochs?: number;
  /** Told how many entries were read so far, every few thousand. */
  readonly onRead?: (events: number) => void;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** What TensorFlow.js prints: for the log file, never for the screen. */
  readonly onLibraryOutput: (text: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds of rest after each slice of reading; more where the caller has other work to do. */
  readonly rest?: number;
}

export interface TrainingReport {
  readonly path: string;
  readonly model: LearnedModel;
  readonly corpus: Pick<Corpus, 'events' | 'sequences' | 'distinct' | 'leftOut' | 'symbols'>;
  readonly outcome: Omit<TrainingOutcome, 'weights'>;
}

const units = 64;
const embedding = 32;
const defaultEpochs = 20;
const maxSeconds = 45;
const leastSequences = 20;
const sliceEvents = 250;
const sliceMillis = 4;

/** From history to a saved model. Rejects with a TrainingError that says why there is none. */
export async function trainModel(options: TrainModelOptions): Promise<TrainingReport> {
  const corpus = await readHistory(options);
  const shape = {vocabulary: corpus.vocabulary.length + 3, embedding, units};
  const {weights, ...outcome} = await runTraining(jobOf(corpus, shape, options), {
    onProgress: progress => options.onProgress?.(progress),
    onLibraryOutput: options.onLibraryOutput,
    signal: options.signal,
  });
  const model = modelOf(corpus, shape, weights, outcome);
  saveModel(options.path, model);
  const {events, sequences, distinct, leftOut, symbols} = corpus;
  return {path: options.path, model, corpus: {events, sequences, distinct, leftOut, symbols}, outcome};
}

/** The same beside other work: reads slowly, and `cancel` ends it, keeping the best so far or nothing. */
export function trainInBackground(options: Omit<TrainModelOptions, 'signal' | 'rest'>): {
  readonly done: Promise<TrainingReport>;
  readonly cancel: () => void;
} {
  const abort = new AbortController();
  const done = trainModel({...options, signal: abort.signal, rest: 2 * sliceMillis});
  return {done, cancel: () => abort.abort()};
}

async function readHistory(options: TrainModelOptions): Promise<Corpus> {
  const builder = new CorpusBuilder();
  let began = performance.now();
  for (const event of options.history) {
    builder.add(event);
    if (builder.events % sliceEvents !== 0 || performance.now() - began < sliceMillis) continue;
    options.onRead?.(builder.events);
    await new Promise(resolve => setTimeout(resolve, options.rest ?? 0));
    if (options.signal.aborted)
      throw new TrainingError('Training was stopped while it read history: nothing was kept.');
    began = performance.now();
  }
  options.onRead?.(builder.events);
  return enough(builder, options.leastEvents);
}

function enough(builder: CorpusBuilder, least: number): Corpus {
  if (builder.events < least) {
    throw new TrainingError(
      `Too little history to train: there are ${builder.events} log entries, and ${least} are needed ` +
        '(train_events in [detect]). Let siem monitor run longer, or take a longer period with --since.',
    );
  }
  const corpus = builder.finish();
  const sequences = sequenceCount(corpus.train);
  if (sequences === 0 || sequenceCount(corpus.heldOut) === 0 || corpus.sequences < leastSequences) {
    throw new TrainingError(
      `Too little history to train: the ${corpus.events} log entries make ${corpus.sequences} sequences, ` +
        `and ${leastSequences} are needed. Let siem monitor run longer.`,
    );
  }
  return corpus;
}

function jobOf(corpus: Corpus, shape: LstmShape, options: TrainModelOptions): TrainingJob {
  return {
    shape,
    train: corpus.train,
    heldOut: corpus.heldOut,
    epochs: options.epochs ?? defaultEpochs,
    patience: 2,
    maxSeconds,
    batch: batchSize(sequenceCount(corpus.train)),
    learningRate: 0.01,
    seed: 1,
    risk: 1e-3,
    backend: options.backend,
  };
}

/** Little history needs small batches: else an epoch is too few steps to learn anything. */
function batchSize(sequences: number): number {
  return Math.min(64, Math.max(8, Math.ceil(sequences / 20)));
}

function modelOf(
  corpus: Corpus,
  shape: LstmShape,
  weights: Float32Array,
  outcome: Omit<TrainingOutcome, 'weights'>,
): LearnedModel {
  const {epochs, trainLoss, heldOutLoss, falseAlarmRate, threshold, rank, mix} = outcome;
  const {events, sequences, distinct} = corpus;
  const trainedAt = new Date().toISOString();
  return {
    facts: {
      trainedAt,
      events,
      sequences,
      distinct,
      epochs,
      trainLoss,
      heldOutLoss,
      falseAlarmRate,
      threshold,
      rank,
      mix,
    },
    vocabulary: corpus.vocabulary,
    weights: unflattenWeights(shape, weights),
  };
}
