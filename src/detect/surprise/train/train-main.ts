// The training process: niced, silent on the terminal, ended by its parent or with it.
import {constants, setPriority} from 'node:os';
import {unflattenWeights} from '../lstm/lstm-weights.ts';
import {Narrowing} from '../narrowing.ts';
import {openBackend} from './backend.ts';
import {type Checkpoint, jobFingerprint, readCheckpoint, removeCheckpoint, writeCheckpoint} from './checkpoint.ts';
import {evaluate} from './evaluate.ts';
import {type Fitted, fitNetwork, narrowingOf} from './fit.ts';
import type {FromTrainer, ToTrainer, TrainingJob, TrainingOutcome, Worth} from './job.ts';
import {trainHead} from './train-head.ts';

let stopped = false;
let leaving = false;
/** A parent that is gone must not leave this running: what takes longer than a batch and a checkpoint is cut off. */
const longestAlone = 5_000;

lowerPriority();
// Ctrl+C reaches the whole process group; the parent says what is to be done.
process.on('SIGINT', () => {});
process.on('disconnect', () => {
  stopped = true;
  leaving = true;
  setTimeout(() => process.exit(0), longestAlone).unref();
});
process.on('message', (message: ToTrainer) => {
  if (message.type === 'train') void answer(message.job);
  else {
    stopped = true;
    leaving = message.leave;
  }
});

async function answer(job: TrainingJob): Promise<void> {
  try {
    const outcome = await train(job);
    if (outcome) await send({type: 'done', outcome});
    else await send({type: 'failed', reason: whyNone(job)});
  } catch (error) {
    console.error(error);
    await send({type: 'failed', reason: error instanceof Error ? error.message : String(error)});
  }
  if (process.connected) process.disconnect?.();
  process.exit(0);
}

function whyNone({checkpoint}: TrainingJob): string {
  const next = checkpoint ? ' The next training goes on from here.' : '';
  return `Training was stopped before there was a model to keep.${next}`;
}

async function train(job: TrainingJob): Promise<TrainingOutcome | undefined> {
  const began = seconds();
  const backend = await openBackend(job.backend);
  const fitted = await fitOrGoOn(job);
  if (!fitted || leaving) return undefined;
  const weights = unflattenWeights(job.shape, fitted.weights);
  const narrowing = narrowingOf(job);
  const {worth, ...chosen} = evaluate(weights, job.train, job.heldOut, narrowing, job.providers, job.risk);
  const head = job.verdicts && trainHead(weights, job.verdicts, job.seed);
  return {
    ...fitted,
    ...chosen,
    heldOutLoss: worth.placeNats,
    worth,
    ...(job.rival ? {rival: rivalWorth(job, job.rival)} : {}),
    ...(head ? {head} : {}),
    seconds: seconds() - began,
    backend,
  };
}

/** Goes on from the checkpoint where there is one of this very job, and leaves one unless it gets to the end. */
async function fitOrGoOn(job: TrainingJob): Promise<Fitted | undefined> {
  const {checkpoint} = job;
  const fingerprint = jobFingerprint(job);
  const from = checkpoint && !checkpoint.fresh ? await goOn(checkpoint.path, fingerprint, job) : undefined;
  const fitted = await fitNetwork(
    job,
    {
      now: seconds,
      stopped: () => stopped,
      progress: progress => void send({type: 'progress', progress}),
      pause: () => new Promise(resolve => setImmediate(resolve)),
      keep: state => {
        if (checkpoint) writeCheckpoint(checkpoint, fingerprint, state);
      },
    },
    from,
  );
  if (checkpoint && fitted && fitted.stoppedBy !== 'user') removeCheckpoint(checkpoint.path);
  return fitted;
}

async function goOn(path: string, fingerprint: string, job: TrainingJob): Promise<Checkpoint | undefined> {
  const found = readCheckpoint(path, fingerprint, job.shape);
  if ('checkpoint' in found) {
    const {epoch, batch} = found.checkpoint;
    const where = batch > 0 ? `within epoch ${epoch}` : `after epoch ${epoch - 1}`;
    await send({type: 'note', text: `Training goes on where it was interrupted, ${where}.`});
    return found.checkpoint;
  }
  if (found.reason !== '') {
    await send({type: 'note', text: `Training begins afresh: the checkpoint ${found.reason}.`});
  }
  return undefined;
}

function rivalWorth({train, heldOut, risk}: TrainingJob, rival: NonNullable<TrainingJob['rival']>): Worth {
  const {shape, providers, begins} = rival;
  const weights = unflattenWeights(shape, rival.weights);
  const narrowing = new Narrowing(shape.vocabulary, providers, new Set(begins));
  return evaluate(weights, train, {...heldOut, symbols: rival.heldOut}, narrowing, providers, risk).worth;
}

function send(message: FromTrainer): Promise<void> {
  return new Promise(resolve => {
    if (!process.send || !process.connected) return resolve();
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
