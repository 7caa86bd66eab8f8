import {type FSWatcher, watch} from 'node:fs';

/**
 * Wakes a follower when its file changes. The operating system's notices are used where they come; where a change was
 * found that no notice told of (network and some overlay file systems), only the clock is trusted from then on.
 */
export class Changes {
  #watcher: FSWatcher | undefined;
  #changed = false;
  #silent = false;
  #announced = false;
  #unannounced = 0;
  #wake: (() => void) | undefined;

  /** Watches another file from now on; a path that is missing is left to polling. */
  follow(path: string): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    if (this.#silent) return;
    try {
      this.#watcher = watch(path, {persistent: false}, () => this.#notice());
      this.#watcher.once('error', () => this.close());
    } catch {
      // No watches left, or the file just went: polling finds what changes.
      this.#watcher = undefined;
    }
  }

  /** Told when new bytes were found: three times without a notice in between, and notices do not work here. */
  found(): void {
    const announced = this.#announced;
    this.#announced = false;
    if (!this.#watcher || announced || ++this.#unannounced < 3) return;
    this.#silent = true;
    this.close();
  }

  /** Waits for a notice, `slow` ms at most, or `quick` ms where there are no notices. */
  async wait(quick: number, slow: number, signal: AbortSignal): Promise<void> {
    if (this.#changed || signal.aborted) {
      this.#changed = false;
      return;
    }
    await new Promise<void>(resolve => {
      const timer = setTimeout(done, this.#watcher ? slow : quick);
      this.#wake = done;
      signal.addEventListener('abort', done, {once: true});
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
    });
    this.#wake = undefined;
    this.#changed = false;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #notice(): void {
    this.#changed = true;
    this.#announced = true;
    this.#unannounced = 0;
    this.#wake?.();
  }
}

/** Resolves after a time, or at once on abort. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>(resolve => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, {once: true});
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
