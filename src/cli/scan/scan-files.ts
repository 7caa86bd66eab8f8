import {once} from 'node:events';
import {Worker} from 'node:worker_threads';
import {errorText} from '../../event/error-code.ts';
import {EngineError} from '../../pipeline/engine-error.ts';
import type {Progress} from './progress.ts';
import type {FromScanner, ScanThread, ToScanner} from './scan-messages.ts';
import {type FileReport, type NumberedTarget, Scanner, type ScanResult, type ScanSetup} from './scanner.ts';

export interface Scanned {
  /** In the order of the files' numbers. */
  readonly reports: readonly FileReport[];
  readonly results: readonly ScanResult[];
}

/**
 * Scans files in so many threads, the largest first, each thread taking the next when it is done. One job scans in this
 * thread. Throws an EngineError where a thread breaks.
 */
export async function scanFiles(
  targets: readonly NumberedTarget[],
  setup: ScanSetup,
  jobs: number,
  progress: Progress,
): Promise<Scanned> {
  const queue = [...targets].sort((left, right) => right.bytes - left.bytes || left.number - right.number);
  const reports = new Map<number, FileReport>();
  const take = () => queue.shift();
  const done = (target: NumberedTarget, report: FileReport) => {
    reports.set(target.number, report);
    progress.done(target);
  };
  const results =
    jobs === 1
      ? [await scanHere(setup, take, done, progress)]
      : await inThreads(jobs, number => scanInThread({setup, name: String(number)}, take, done, progress));
  return {reports: targets.flatMap(({number}) => reports.get(number) ?? []), results};
}

type Take = () => NumberedTarget | undefined;
type Done = (target: NumberedTarget, report: FileReport) => void;

async function scanHere(setup: ScanSetup, take: Take, done: Done, progress: Progress): Promise<ScanResult> {
  const scanner = new Scanner(setup, '0');
  for (let target = take(); target; target = take()) {
    const {number} = target;
    done(target, await scanner.scan(target, (bytes, events) => progress.read(number, bytes, events)));
  }
  return scanner.end();
}

async function inThreads(
  jobs: number,
  run: (number: number) => {readonly result: Promise<ScanResult>; readonly stop: () => Promise<unknown>},
): Promise<ScanResult[]> {
  const threads = Array.from({length: jobs}, (_, number) => run(number));
  try {
    return await Promise.all(threads.map(({result}) => result));
  } finally {
    await Promise.all(threads.map(({stop}) => stop()));
  }
}

function scanInThread(
  thread: ScanThread,
  take: Take,
  done: Done,
  progress: Progress,
): {readonly result: Promise<ScanResult>; readonly stop: () => Promise<unknown>} {
  const worker = new Worker(new URL('./scan-worker.js', import.meta.url), {workerData: thread});
  const exited = once(worker, 'exit');
  const result = new Promise<ScanResult>((resolve, reject) => {
    let target: NumberedTarget | undefined;
    const next = () => {
      target = take();
      worker.postMessage((target ? {type: 'file', target} : {type: 'end'}) satisfies ToScanner);
    };
    const failed = (reason: string) =>
      reject(new EngineError(`The thread that read ${target?.path ?? 'files'} stopped: ${reason}`, undefined));
    worker.on('message', (message: FromScanner) => {
      if (message.type === 'ended') resolve(message.result);
      else if (message.type === 'progress' && target) progress.read(target.number, message.bytes, message.events);
      else if (message.type === 'done' && target) {
        done(target, message.report);
        next();
      }
    });
    worker.once('error', error => failed(errorText(error)));
    worker.once('exit', code => failed(`status ${code}`));
    next();
  });
  return {
    result,
    stop: async () => {
      await worker.terminate();
      await exited;
    },
  };
}
