import {resolve} from 'node:path';
import {Command, InvalidArgumentError} from 'commander';
import {openAppLog} from '../config/app-log.ts';
import {loadConfig} from '../config/load.ts';
import {modelPath} from '../detect/surprise/model-file.ts';
import {historyOf} from '../detect/surprise/train/history.ts';
import {type TrainingReport, trainModel} from '../detect/surprise/train/train-model.ts';
import {TrainingError} from '../detect/surprise/train/training-process.ts';
import {parseTime} from '../query/time.ts';
import {openReader} from '../store/open-reader.ts';
import {tellFailure} from './failure.ts';
import {progressLine, reportTable} from './train-report.ts';

/** Entries that training reads at most, the newest. */
const maxHistory = 500_000;

interface TrainFlags {
  readonly since?: string;
  readonly dataDir?: string;
  readonly config?: string;
  readonly epochs?: number;
  readonly out?: string;
}

/**
 * `siem train`: makes the learned model from stored history. Exit status: 0 done, 1 too little history or no model,
 * 2 wrong use, 3 store failure, 130 stopped by ctrl+C (with the best so far kept, if there was one).
 */
export function trainCommand(): Command {
  return new Command('train')
    .description('learn from the stored logs what is normal here')
    .option('-S, --since <TIME>', 'learn from this time on (default: all that is stored)')
    .option('--epochs <N>', 'at most so many passes over the history (default: 20)', wholeNumber)
    .option('--out <FILE>', 'where the model goes (default: ModelFile of the configuration)')
    .option('--data-dir <FOLDER>', 'where the store is')
    .option('--config <FILE>', 'configuration file')
    .action(async (flags: TrainFlags) => {
      process.exitCode = await train(flags);
    });
}

async function train(flags: TrainFlags): Promise<number> {
  const abort = new AbortController();
  const stop = (): void => {
    process.stderr.write('\nStopping after this batch; once more ends at once.\n');
    abort.abort();
  };
  process.once('SIGINT', stop);
  try {
    const report = await trainStored(flags, abort.signal);
    process.stdout.write(`${reportTable(report)}\n`);
    return abort.signal.aborted ? 130 : 0;
  } catch (error) {
    if (!(error instanceof TrainingError)) return tellFailure(error);
    process.stderr.write(`${error.message}\n`);
    return abort.signal.aborted ? 130 : 1;
  } finally {
    process.off('SIGINT', stop);
  }
}

async function trainStored(flags: TrainFlags, signal: AbortSignal): Promise<TrainingReport> {
  const {settings, dataDir} = loadConfig(flags);
  const utc = settings.screen.time === 'utc';
  const since = flags.since === undefined ? {} : {since: parseTime(flags.since, {now: Date.now() * 1000, utc})};
  const log = openAppLog(dataDir, settings.log);
  const show = statusLine();
  const reader = await openReader(dataDir, settings.store.engine, utc);
  try {
    return await trainModel({
      history: historyOf(reader.iterate({kind: 'logs', limit: maxHistory, ...since})),
      path: flags.out === undefined ? modelPath(dataDir, settings.DEFAULT.ModelFile) : resolve(flags.out),
      leastEvents: settings.detect.train_events,
      backend: settings.detect.backend,
      onRead: events => show(`Read ${events.toLocaleString('en')} log entries …`, true),
      onProgress: progress => show(progressLine(progress), false),
      onLibraryOutput: text => log.info(`training: ${text}`),
      signal,
      ...(flags.epochs === undefined ? {} : {epochs: flags.epochs}),
    });
  } finally {
    reader.close();
  }
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
