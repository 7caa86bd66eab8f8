import {fork} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {FromTrainer, ToTrainer, TrainingJob, TrainingOutcome, TrainingProgress} from './job.ts';

/** Why there is no model, in a sentence. */
export class TrainingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TrainingError';
  }
}

/** The reason to abort with where training is to end at once, with a checkpoint and no model. */
export const leaveOff = 'leave off';

export interface TrainingOptions {
  readonly onProgress: (progress: TrainingProgress) => void;
  /** What a person should know: that training goes on from a checkpoint, or why it does not. */
  readonly onNote?: (text: string) => void;
  /** What TensorFlow.js prints: for the log file, never for the screen. */
  readonly onLibraryOutput: (text: string) => void;
  /** Once aborted, training ends with the best so far; without one it rejects. */
  readonly signal: AbortSignal;
}

/**
 * Trains in a process of low priority and gives what it learned. Rejects with a TrainingError. The process ends with
 * this one, whatever happens to it.
 */
export function runTraining(job: TrainingJob, options: TrainingOptions): Promise<TrainingOutcome> {
  const child = fork(fileURLToPath(new URL('./train-main.js', import.meta.url)), [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    execArgv: [],
  });
  const send = (message: ToTrainer): void => {
    child.send(message, error => {
      if (error) options.onLibraryOutput(`The training process could not be told "${message.type}": ${error.message}`);
    });
  };
  const stop = (): void => send({type: 'stop', leave: options.signal.reason === leaveOff});
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => options.onLibraryOutput(text));
  }
  options.signal.addEventListener('abort', stop, {once: true});
  return new Promise<TrainingOutcome>((resolve, reject) => {
    let answer: FromTrainer | undefined;
    child.on('error', error =>
      reject(new TrainingError(`The training process could not be started: ${error.message}`)),
    );
    child.on('message', (message: FromTrainer) => {
      if (message.type === 'progress') options.onProgress(message.progress);
      else if (message.type === 'note') options.onNote?.(message.text);
      else answer = message;
    });
    child.on('close', (code, signal) => {
      if (answer?.type === 'done') return resolve(answer.outcome);
      if (answer?.type === 'failed') return reject(new TrainingError(answer.reason));
      const how = signal ? `was ended by ${signal}` : `ended with status ${code}`;
      reject(new TrainingError(`The training process ${how} before it was done; the log file has what it said.`));
    });
    send({type: 'train', job});
    if (options.signal.aborted) stop();
  }).finally(() => {
    options.signal.removeEventListener('abort', stop);
    if (child.exitCode === null) child.kill('SIGKILL');
  });
}
