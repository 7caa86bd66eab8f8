import {Worker} from 'node:worker_threads';
import type {AppLog} from '../config/app-log.ts';
import {errorText} from '../event/error-code.ts';
import {EngineError} from './engine-error.ts';
import type {EngineOptions, FromEngine, ToEngine} from './engine-messages.ts';
import {type Command, mergeSnapshot, type Snapshot} from './snapshot.ts';

// Left to itself V8 grows this to 48 MB, most of it empty; measured, less makes no event dearer.
const youngMegabytes = 12;

/**
 * The main thread's hold of the engine: starts its thread, gives each new snapshot to whoever subscribed, passes
 * commands on and stops it in order.
 */
export class EngineClient {
  /** Resolves when a replay or demonstration is through; never for live watching. Rejects with an EngineError. */
  readonly finished: Promise<void>;
  latest: Snapshot | undefined;
  private readonly worker: Worker;
  private readonly exited: Promise<void>;
  private readonly listeners = new Set<(snapshot: Snapshot) => void>();

  /** `log` is asked for when a library in the engine's thread prints something: that belongs on no screen. */
  constructor(options: EngineOptions, log: () => AppLog) {
    this.worker = new Worker(new URL('./engine-worker.js', import.meta.url), {
      workerData: options,
      stdout: true,
      stderr: true,
      resourceLimits: {maxYoungGenerationSizeMb: youngMegabytes},
    });
    this.worker.stdout.on('data', data => log().info(String(data).trimEnd()));
    this.worker.stderr.on('data', data => log().warning(String(data).trimEnd()));
    this.exited = new Promise(resolve => this.worker.once('exit', () => resolve()));
    this.finished = new Promise((resolve, reject) => {
      this.worker.on('message', (message: FromEngine) => {
        if (message.type === 'update') {
          this.take(mergeSnapshot(this.latest, message.update));
          this.worker.postMessage({type: 'taken'} satisfies ToEngine);
        } else if (message.type === 'finished') resolve();
        else reject(new EngineError(message.message, message.mend));
      });
      this.worker.once('error', error => reject(new EngineError(errorText(error), undefined)));
      this.worker.once('exit', code => {
        if (code !== 0) reject(new EngineError(`The engine stopped with status ${code}; see the log.`, undefined));
      });
    });
    // Whoever waits is told; nobody waiting is no crash.
    this.finished.catch(() => {});
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.listeners.add(listener);
    if (this.latest) listener(this.latest);
    return () => this.listeners.delete(listener);
  }

  send(command: Command): void {
    this.worker.postMessage({type: 'command', command} satisfies ToEngine);
  }

  /** Lets the engine store what it holds and end; after `patience` milliseconds it is ended. */
  async stop(patience = 10_000): Promise<void> {
    this.send({type: 'stop'});
    const timer = setTimeout(() => void this.worker.terminate(), patience);
    await this.exited;
    clearTimeout(timer);
  }

  private take(snapshot: Snapshot): void {
    this.latest = snapshot;
    for (const listener of this.listeners) listener(snapshot);
  }
}
