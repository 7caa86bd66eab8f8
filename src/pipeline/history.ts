import {Worker} from 'node:worker_threads';
import {errorText} from '../event/error-code.ts';
import type {Micros} from '../event/event.ts';
import {QueryError} from '../query/expression.ts';
import type {CountRequest, QueryRequest, QueryRow} from '../query/request.ts';
import type {AlertContext} from '../store/alert-context.ts';
import type {CountRow} from '../store/reader.ts';
import {StoreError} from '../store/sink.ts';
import type {FromHistory, HistoryFailure, HistoryOptions, HistoryRequest, ToHistory} from './history-messages.ts';

/** Most questions that wait at once. A screen that asks more often than it can be answered is at fault. */
const mostWaiting = 64;

/**
 * The main thread's hold of the stored past: questions are answered by a thread with a connection of its own. Each
 * method takes an AbortSignal; a question given up rejects with the signal's reason and costs nothing more. Rejects with
 * a QueryError (its `at` points into the expression) or a StoreError. The thread starts with the first question, and
 * keeps the program alive only while one waits.
 */
export class History {
  private readonly options: HistoryOptions;
  private readonly pending = new Map<number, Pending>();
  private worker: Worker | undefined;
  private nextId = 1;
  private closing = false;

  constructor(options: HistoryOptions) {
    this.options = options;
  }

  /** Rows of any kind, by the request. */
  logs(request: QueryRequest, signal?: AbortSignal): Promise<readonly QueryRow[]> {
    return this.ask({type: 'rows', request}, signal) as Promise<readonly QueryRow[]>;
  }

  count(request: CountRequest, signal?: AbortSignal): Promise<readonly CountRow[]> {
    return this.ask({type: 'count', request}, signal) as Promise<readonly CountRow[]>;
  }

  /** An alert with its life, its minutes and the log lines around it; null where the store has none of that id. */
  alertContext(alert: string, signal?: AbortSignal): Promise<AlertContext | null> {
    return this.ask({type: 'alert-context', alert}, signal) as Promise<AlertContext | null>;
  }

  /** Up to `rows` log lines before a moment and as many from it on, oldest first. */
  around(moment: Micros, rows: number, signal?: AbortSignal): Promise<readonly QueryRow[]> {
    return this.ask({type: 'around', moment, rows}, signal) as Promise<readonly QueryRow[]>;
  }

  /** Ends the thread; what still waits rejects. */
  async close(): Promise<void> {
    this.closing = true;
    await this.worker?.terminate();
    this.closing = false;
  }

  private ask(request: HistoryRequest, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.pending.size >= mostWaiting)
      return Promise.reject(new StoreError('busy', `Expected at most ${mostWaiting} questions to wait at once.`));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.forget(id);
        this.post({type: 'cancel', id});
        reject(signal?.reason);
      };
      const settle = () => signal?.removeEventListener('abort', giveUp);
      this.pending.set(id, {resolve, reject, settle});
      signal?.addEventListener('abort', giveUp, {once: true});
      this.post({type: 'ask', id, request});
      this.worker?.ref();
    });
  }

  private forget(id: number): void {
    this.pending.delete(id);
    // An answer that comes while the thread is being ended must not let the program end before it.
    if (this.pending.size === 0 && !this.closing) this.worker?.unref();
  }

  private post(message: ToHistory): void {
    this.worker ??= this.start();
    this.worker.postMessage(message);
  }

  private start(): Worker {
    const worker = new Worker(new URL('./history-worker.js', import.meta.url), {
      workerData: this.options,
      execArgv: [],
    });
    worker.on('message', (message: FromHistory) => this.take(message));
    worker.once('error', error => this.lose(worker, errorText(error)));
    worker.once('exit', () => this.lose(worker, 'the thread that reads the store ended'));
    return worker;
  }

  private take(message: FromHistory): void {
    const pending = this.pending.get(message.id);
    if (!pending) return;
    this.forget(message.id);
    pending.settle();
    if ('failure' in message) pending.reject(errorOf(message.failure));
    else pending.resolve(message.answer);
  }

  /** The next question starts a new thread. */
  private lose(worker: Worker, reason: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    const lost = [...this.pending.values()];
    this.pending.clear();
    for (const pending of lost) {
      pending.settle();
      pending.reject(new StoreError('failed', `Reading the store failed: ${reason}`));
    }
  }
}

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Forgets the abort signal. */
  readonly settle: () => void;
}

function errorOf({message, at, mend}: HistoryFailure): Error {
  return at === undefined ? new StoreError('failed', message, mend) : new QueryError(message, at);
}
