import {setTimeout as pause} from 'node:timers/promises';
import {rulesFingerprint} from './rule-files.ts';

export interface FileWatchOptions {
  /** Seconds between two looks. */
  readonly seconds: number;
  /** Files and folders to look at, asked before each look. */
  readonly paths: () => readonly string[];
  /** Called at the first look with all paths, then with those that changed, also from or to missing. */
  readonly read: (changed: readonly string[]) => Promise<void>;
  /** Told what looking or reading threw; it is tried again when something changes. */
  readonly failed: (error: unknown) => void;
}

/** Reads files at the start and again when they change, until it is stopped. Keeps no process alive. */
export class FileWatch {
  readonly #options: FileWatchOptions;
  readonly #abort = new AbortController();
  #fingerprints: ReadonlyMap<string, string> | undefined;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: FileWatchOptions) {
    this.#options = options;
  }

  /** Resolves after the first look. */
  async start(): Promise<void> {
    await this.#look();
    this.#watching = this.#watch();
  }

  /** Resolves when no look is under way any more. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const {signal} = this.#abort;
    while (!signal.aborted) {
      // Ended by the abort, which is no error.
      await pause(this.#options.seconds * 1_000, undefined, {signal, ref: false}).catch(() => {});
      if (!signal.aborted) await this.#look();
    }
  }

  async #look(): Promise<void> {
    const {paths, read, failed} = this.#options;
    try {
      const found = new Map<string, string>();
      for (const path of paths()) found.set(path, await rulesFingerprint([path]));
      const before = this.#fingerprints;
      this.#fingerprints = found;
      const changed = [...found.keys()].filter(path => found.get(path) !== before?.get(path));
      if (!before || changed.length > 0 || found.size < before.size) await read(changed);
    } catch (error) {
      failed(error);
    }
  }
}
