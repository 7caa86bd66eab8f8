import {setTimeout as pause} from 'node:timers/promises';

/** Looks at something once, then again and again with a pause between, until it is stopped. Keeps no process alive. */
export class RepeatedLook {
  readonly #look: () => Promise<void>;
  readonly #seconds: number;
  readonly #abort = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  /** `look` must not throw. */
  constructor(look: () => Promise<void>, seconds: number) {
    this.#look = look;
    this.#seconds = seconds;
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
      await pause(this.#seconds * 1_000, undefined, {signal, ref: false}).catch(() => {});
      if (!signal.aborted) await this.#look();
    }
  }
}
