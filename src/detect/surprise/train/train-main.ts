// The training process: niced, silent on the terminal, ended by its parent or with it.
import {constants, setPriority} from 'node:os';
import {flattenWeights} from '../lstm/lstm-weights.ts';
import {openBackend} from './backend.ts';
import {evaluate} from './evaluate.ts';
import {fitNetwork} from './fit.ts';
import type {FromTrainer, ToTrainer, TrainingJob, TrainingOutcome} from './job.ts';

let stopped = false;

lowerPriority();
// Ctrl+C reaches the whole process group; the parent says what is to be done.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToTrainer) => {
  if (message.type === 'stop') stopped = true;
  else void answer(message.job);
});

async function answer(job: TrainingJob): Promise<void> {
  try {
    const outcome = await train(job);
    if (outcome) await send({type: 'done', outcome});
    else
      await send({type: 'failed', reason: 'Training was stopped before its first epoch ended, so nothing was kept.'});
  } catch (error) {
    console.error(error);
    await send({type: 'failed', reason: error instanceof Error ? error.message : String(error)});
  }
  process.disconnect?.();
}

async function train(job: TrainingJob): Promise<TrainingOutcome | undefined> {
  const began = seconds();
  const backend = await openBackend(job.backend);
  const fitted = await fitNetwork(job, {
    now: seconds,
    stopped: () => stopped,
    progress: progress => void send({type: 'progress', progress}),
    pause: () => new Promise(resolve => setImmediate(resolve)),
  });
  if (!fitted) return undefined;
  const {loss, ...chosen} = evaluate(fitted.weights, job.train, job.heldOut, job.risk);
  const {epochs, trainLoss, stoppedBy} = fitted;
  const weights = flattenWeights(fitted.weights);
  return {weights, epochs, trainLoss, stoppedBy, heldOutLoss: loss, ...chosen, seconds: seconds() - began, backend};
}

function send(message: FromTrainer): Promise<void> {
  return new Promise(resolve => {
    if (!process.send) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
}

function lowerPriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch (error) {
    console.error('The training process keeps its priority:', error);
  }
}

function seconds(): number {
  return performance.now() / 1000;
}
