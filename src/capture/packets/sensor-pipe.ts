import {once} from 'node:events';
import {Socket} from 'node:net';
import type {Pipe} from './outbox.ts';
import {pipeFd} from './sensor-arguments.ts';

/** The sensor's end of the pipe. The engine closes its end to say "finish"; if the engine is gone, so are we. */
export class SensorPipe implements Pipe {
  readonly #socket = new Socket({fd: pipeFd, readable: true, writable: true, allowHalfOpen: true});
  /** Resolves when the engine wants no more. */
  readonly finished: Promise<unknown>;

  constructor() {
    this.#socket.on('error', () => process.exit(0));
    this.#socket.resume();
    this.finished = once(this.#socket, 'end');
  }

  /** What the other end sends; to be asked for at once, for else it is thrown away. */
  onBytes(listener: (bytes: Buffer) => void): void {
    this.#socket.on('data', listener);
  }

  write(frame: Uint8Array): void {
    this.#socket.write(frame);
  }

  pending(): number {
    return this.#socket.writableLength;
  }

  /** Resolves when what was written is taken, all but what fits the socket's buffer. */
  async drained(): Promise<void> {
    while (this.#socket.writableNeedDrain) await once(this.#socket, 'drain');
  }

  /** Resolves when everything written is with the kernel. */
  async close(): Promise<void> {
    await new Promise<void>(resolve => this.#socket.end(() => resolve()));
  }
}
