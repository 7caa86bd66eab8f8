import {createReadStream, fstatSync, readSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {QueryError} from '../../query/expression.ts';
import type {CaptureParser} from '../files/capture-parser.ts';
import {openParser} from '../files/open-parser.ts';
import {unpacked} from '../files/unpacked.ts';
import type {Analyser} from './analyser.ts';
import type {Outbox} from './outbox.ts';
import {fileFd} from './sensor-arguments.ts';
import type {SensorPipe} from './sensor-pipe.ts';

const chunkLength = 1 << 18;
const step = 1_000_000;
/** Milliseconds after which what is there is handed over, however little. */
const handOverEvery = 100;
const longestPause = 1_000;
const shortestPause = 10;

export interface FileResult {
  readonly packets: number;
  readonly unsupported: number;
  /** What is wrong with the file; undefined where it is whole. */
  readonly damage: string | undefined;
}

/** The file is no capture that this program reads. */
export class NotACapture extends Error {}

/**
 * Sends a capture file through the analyser in packet time, as fast as the engine takes it or, with `speed`, as fast as
 * it was captured, pauses cut to a second. What is lost in a damaged file is said; what it holds is given.
 */
export class FileCapture {
  readonly #analyser: Analyser;
  readonly #outbox: Outbox;
  readonly #pipe: SensorPipe;
  readonly #speed: number;
  #packets = 0;
  #nextStep = 0;
  #lastTime = 0;
  #due = 0;
  #handedOver = 0;

  constructor(analyser: Analyser, outbox: Outbox, pipe: SensorPipe, speed: number) {
    this.#analyser = analyser;
    this.#outbox = outbox;
    this.#pipe = pipe;
    this.#speed = speed;
    outbox.holdAll();
  }

  async run(): Promise<FileResult> {
    let parser: CaptureParser | undefined;
    let damage: string | undefined;
    this.#due = performance.now();
    try {
      for await (const chunk of unpacked(chunksOf(fileFd))) {
        parser ??= openParser(chunk);
        if (!parser) throw new NotACapture(`it begins with ${Buffer.from(chunk.subarray(0, 4)).toString('hex')}`);
        parser.push(chunk);
        await this.#analyse(parser);
      }
    } catch (error) {
      if (error instanceof NotACapture || error instanceof QueryError || !parser) throw error;
      // A gzip file that was cut: what came before is good.
      damage = error instanceof Error ? error.message : String(error);
    }
    if (!parser) throw new NotACapture('it is empty');
    this.#analyser.finish();
    await this.#handOver();
    return {packets: this.#packets, unsupported: parser.unsupported, damage: damage ?? parser.end()};
  }

  async #analyse(parser: CaptureParser): Promise<void> {
    for (let packet = parser.next(); packet; packet = parser.next()) {
      // Also when time falls back: one packet with a time far ahead must not stop the clock.
      if (packet.time >= this.#nextStep || packet.time < this.#nextStep - 2 * step) {
        this.#nextStep = packet.time + step;
        this.#analyser.advance(packet.time);
      }
      if (this.#speed > 0) await this.#pace(packet.time);
      this.#lastTime = packet.time;
      this.#packets++;
      this.#analyser.packet(packet, parser.interfaceIndex);
    }
    // Each frame wakes the engine up: not for every piece of the file.
    if (this.#outbox.isFull || performance.now() - this.#handedOver > handOverEvery) await this.#handOver();
  }

  /** Waits as long as the capture did, a second at the most. */
  async #pace(time: number): Promise<void> {
    const gap = this.#lastTime === 0 ? 0 : Math.max(0, time - this.#lastTime) / 1000 / this.#speed;
    this.#due += Math.min(longestPause, gap);
    const pause = this.#due - performance.now();
    if (pause < shortestPause) return;
    await this.#handOver();
    await sleep(pause);
  }

  async #handOver(): Promise<void> {
    this.#handedOver = performance.now();
    this.#outbox.flush(this.#analyser.counters(this.#lastTime, 0), true);
    await this.#pipe.drained();
  }
}

/** The file's bytes. Of a regular file always in the same buffer: a piece is done with when the next is asked for. */
function chunksOf(fd: number): AsyncIterable<Uint8Array> {
  if (fstatSync(fd).isFile()) return piecesOf(fd);
  return createReadStream('', {fd, autoClose: false, highWaterMark: chunkLength});
}

async function* piecesOf(fd: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(chunkLength);
  for (;;) {
    const length = readSync(fd, buffer, 0, chunkLength, null);
    if (length === 0) return;
    yield buffer.subarray(0, length);
  }
}
