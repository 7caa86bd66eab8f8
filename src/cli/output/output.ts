import {setImmediate} from 'node:timers/promises';
import {errorCode} from '../../event/error-code.ts';

/**
 * Standard output for results. Text is gathered into large writes, a slow reader is waited for, and a reader that went
 * away (`| head`) ends the writing without a word: `open` is false from then on.
 */
export class Output {
  private readonly stream: NodeJS.WritableStream;
  private waiting: string[] = [];
  private length = 0;
  private closed = false;

  constructor(stream: NodeJS.WritableStream = process.stdout) {
    this.stream = stream;
    stream.on('error', error => {
      if (errorCode(error) !== 'EPIPE') throw error;
      this.closed = true;
    });
  }

  get open(): boolean {
    return !this.closed;
  }

  /** Resolves when there is room for more. */
  async write(text: string): Promise<void> {
    this.waiting.push(text);
    this.length += text.length;
    if (this.length >= enough) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.waiting.join('');
    this.waiting = [];
    this.length = 0;
    if (text === '' || this.closed) return;
    await new Promise<void>(resolve => {
      this.stream.write(text, () => resolve());
    });
    // A broken pipe is told after the write returned.
    await setImmediate();
  }
}

const enough = 65_536;
