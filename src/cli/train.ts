import {resolve} from 'node:path';
import {Command, InvalidArgumentError} from 'commander';
import {openAppLog} from '../config/app-log.ts';
import {type LoadedConfig, loadConfig} from '../config/load.ts';
import {modelPath} from '../detect/surprise/model-file.ts';
import {type TrainingReport, trainModel} from '../detect/surprise/train/train-model.ts';
import {TrainingError} from '../detect/surprise/train/training-process.ts';
import {sanitizeLine} from '../event/sanitize.ts';
import {parseTime} from '../query/time.ts';
import {tellFailure} from './failure.ts';
import {type HistorySource, historyOfFiles, historyOfStore} from './train-history.ts';
import {progressLine, reportTable} from './train-report.ts';

interface TrainFlags {
  readonly read?: readonly string[];
  readonly since?: string;
  readonly dryRun?: boolean;
  readonly fresh?: boolean;
  readonly dataDir?: string;
  readonly config?: string;
  readonly epochs?: number;
  readonly out?: string;
}

/**
 * `siem train`: makes the learned model from stored history or from files, and keeps the better of it and the one
 * before. Exit status: 0 done, 1 too little history or no model, 2 wrong use, 3 store or file failure, 130 stopped by
 * ctrl+C (what is done is kept, and the next call goes on with it).
 */
export function trainCommand(): Command {
  return new Command('train')
    .option('--read <FILE...>', 'learn from these log files instead of the store; gzip too')
    .option('-S, --since <TIME>', 'learn from this time on (default: all that there is)')
    .option('--dry-run', 'compare the new model with the old one and write nothing')
    .option('--fresh', 'do not go on with an interrupted training: begin again')
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
    const report = await trainFrom(flags, abort.signal);
    process.stdout.write(`${reportTable(report)}\n`);
    if (abort.signal.aborted) process.stderr.write('Stopped. The next `siem train` goes on from here.\n');
    return abort.signal.aborted ? 130 : 0;
  } catch (error) {
    if (!(error instanceof TrainingError)) return tellFailure(error);
    process.stderr.write(`${error.message}\n`);
    return abort.signal.aborted ? 130 : 1;
  } finally {
    process.off('SIGINT', stop);
  }
}

async function trainFrom(flags: TrainFlags, signal: AbortSignal): Promise<TrainingReport> {
  const config = loadConfig(flags);
  const {settings, dataDir} = config;
  const log = openAppLog(dataDir, settings.log);
  const show = statusLine();
  const path = flags.out === undefined ? modelPath(dataDir, settings.DEFAULT.ModelFile) : resolve(flags.out);
  const source = await openSource(flags, config, path);
  try {
    return await trainModel({
      history: source.history,
      alerts: source.alerts,
      origin: source.origin,
      path,
      leastEvents: settings.detect.train_events,
      backend: settings.detect.backend,
      fresh: flags.fresh === true,
      dryRun: flags.dryRun === true,
      onRead: events => show(`Read ${events.toLocaleString('en')} log entries …`, true),
      onProgress: progress => show(progressLine(progress), false),
      onNote: text => show(sanitizeLine(text), false),
      onLibraryOutput: text => log.info(`training: ${text}`),
      signal,
      ...(flags.epochs === undefined ? {} : {epochs: flags.epochs}),
    });
  } finally {
    source.close();
  }
}

async function openSource(flags: TrainFlags, config: LoadedConfig, path: string): Promise<HistorySource> {
  const utc = config.settings.screen.time === 'utc';
  const since = flags.since === undefined ? 0 : parseTime(flags.since, {now: Date.now() * 1000, utc});
  if (flags.read !== undefined) return historyOfFiles(flags.read, since, config.settings);
  const resumeFrom = flags.fresh === true || flags.dryRun === true ? undefined : path;
  return historyOfStore(config, since, resumeFrom);
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
