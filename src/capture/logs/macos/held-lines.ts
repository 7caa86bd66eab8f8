import type {LogLines} from './log-child.ts';

const mostLines = 20_000;
const mostCharacters = 2 ** 24;

/**
 * Lines of `log stream` that wait to be read. The stream is never made to wait, or the system would drop messages
 * without a word: what does not fit is passed over here, and `passedOver` says that it must be asked for.
 */
export class HeldLines {
  passedOver = false;
  #lines: string[] = [];
  #characters = 0;
  #cut = 0;
  #wake: (() => void) | undefined;
  #closed = false;

  push({lines, cut}: LogLines): void {
    this.#cut += cut;
    for (const line of lines) {
      // Once something is missing, what follows would only be out of order.
      if (this.#lines.length >= mostLines || this.#characters >= mostCharacters) this.passedOver = true;
      if (this.passedOver) break;
      this.#lines.push(line);
      this.#characters += line.length;
    }
    this.#wake?.();
  }

  /** There will be no more. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  take(): LogLines {
    const taken = {lines: this.#lines, cut: this.#cut};
    this.#lines = [];
    this.#characters = 0;
    this.#cut = 0;
    return taken;
  }

  /** Resolves when there is something to do, or after some ms. */
  async wait(milliseconds = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#lines.length > 0 || this.#cut > 0 || this.passedOver || this.#closed) return;
    await new Promise<void>(resolve => {
      const timer = Number.isFinite(milliseconds) ? setTimeout(resolve, milliseconds) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
