import {resolve} from 'node:path';
import {Command, InvalidArgumentError} from 'commander';
import type {Settings} from '../config/settings.ts';
import {modelPath} from '../detect/surprise/model-file.ts';
import {type TrainingReport, trainModel} from '../detect/surprise/train/train-model.ts';
import {TrainingError} from '../detect/surprise/train/training-process.ts';
import type {Micros} from '../event/event.ts';
import type {StoreReader} from '../store/reader.ts';
import {storedHistory} from './stored-history.ts';
import {progressLine, reportTable} from './train-report.ts';

interface TrainFlags {
  readonly since?: string;
  readonly dataDir?: string;
  readonly config?: string;
  readonly epochs?: number;
  readonly out?: string;
}

/** A store opened for training, and where its data folder's log is. */
export interface TrainingStore {
  readonly reader: Pick<StoreReader, 'iterate' | 'close'>;
  readonly settings: Pick<Settings, 'DEFAULT' | 'detect'>;
  readonly dataDir: string;
  /** Takes what TensorFlow.js prints. */
  readonly log: (message: string) => void;
}

/** What the command needs of the rest of the program. */
export interface TrainSurroundings {
  /** Throws what `fail` can tell. */
  readonly open: (flags: {readonly config?: string; readonly dataDir?: string}) => Promise<TrainingStore>;
  /** Reads a time as a user writes it. */
  readonly since: (text: string) => Micros;
  /** Tells an error to the user and gives the exit status. */
  readonly fail: (error: unknown) => number;
}

/**
 * `siem train`: makes the learned model from stored history. Exit status: 0 done, 1 too little history or no model,
 * 2 wrong use, 3 store failure, 130 stopped by ctrl+C (with the best so far kept, if there was one).
 */
export function trainCommand(surroundings: TrainSurroundings): Command {
  return new Command('train')
    .description('learn from the stored logs what is normal here')
    .option('-S, --since <TIME>', 'learn from this time on (default: all that is stored)')
    .option('--epochs <N>', 'at most so many passes over the history (default: 20)', wholeNumber)
    .option('--out <FILE>', 'where the model goes (default: ModelFile of the configuration)')
    .option('--data-dir <FOLDER>', 'where the store is')
    .option('--config <FILE>', 'configuration file')
    .action(async (flags: TrainFlags) => {
      process.exitCode = await train(flags, surroundings);
    });
}

async function train(flags: TrainFlags, surroundings: TrainSurroundings): Promise<number> {
  const abort = new AbortController();
  const stop = (): void => {
    process.stderr.write('\nStopping after this batch; once more ends at once.\n');
    abort.abort();
  };
  process.once('SIGINT', stop);
  try {
    const since = flags.since === undefined ? undefined : surroundings.since(flags.since);
    const store = await surroundings.open(flags);
    try {
      const report = await trainStored(store, flags, since, abort.signal);
      process.stdout.write(`${reportTable(report)}\n`);
    } finally {
      store.reader.close();
    }
    return abort.signal.aborted ? 130 : 0;
  } catch (error) {
    if (!(error instanceof TrainingError)) return surroundings.fail(error);
    process.stderr.write(`${error.message}\n`);
    return abort.signal.aborted ? 130 : 1;
  } finally {
    process.off('SIGINT', stop);
  }
}

async function trainStored(
  {reader, settings, dataDir, log}: TrainingStore,
  flags: TrainFlags,
  since: Micros | undefined,
  signal: AbortSignal,
): Promise<TrainingReport> {
  const show = statusLine();
  const options = {
    history: storedHistory(reader, since),
    path: flags.out === undefined ? modelPath(dataDir, settings.DEFAULT.ModelFile) : resolve(flags.out),
    leastEvents: settings.detect.train_events,
    backend: settings.detect.backend,
    onRead: (events: number) => show(`Read ${events.toLocaleString('en')} log entries …`, true),
    onProgress: (progress: Parameters<typeof progressLine>[0]) => show(progressLine(progress), false),
    onLibraryOutput: log,
    signal,
  };
  return trainModel(flags.epochs === undefined ? options : {...options, epochs: flags.epochs});
}

/** On a terminal one line that changes; elsewhere only what is worth a line of its own. */
function statusLine(): (text: string, passing: boolean) => void {
  const {stderr} = process;
  return (text, passing) => {
    if (stderr.isTTY) stderr.write(`\r\u001b[K${text}${passing ? '' : '\n'}`);
    else if (!passing) stderr.write(`${text}\n`);
  };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000) {
    throw new InvalidArgumentError('Expected a whole number from 1 to 1000.');
  }
  return value;
}
