import {createGunzip, type Gunzip} from 'node:zlib';
import {isGzip} from './open-parser.ts';

const outputPiece = 1 << 18;
/** Deflate makes at most a thousand bytes of one: so much is unpacked at once that 16 MB may wait at the most. */
const inputPiece = 1 << 14;

/**
 * A file's bytes, unpacked where it is gzip, by its content. Throws what the unpacking says of a damaged or cut file, but
 * only after everything that could be unpacked was given.
 */
export async function* unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let gunzip: Unpacking | undefined;
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && isGzip(chunk)) gunzip = new Unpacking();
    isFirst = false;
    if (gunzip) yield* gunzip.add(chunk);
    else yield chunk;
  }
  if (gunzip) yield* gunzip.finish();
}

/**
 * A gunzip stream that is fed piece by piece. Reading the stream itself would lose what was unpacked but not yet read
 * when the damage is met.
 */
class Unpacking {
  readonly #gunzip: Gunzip;
  #out: Uint8Array[] = [];
  #failure: Error | undefined;
  #settle = () => {};

  constructor() {
    this.#gunzip = createGunzip({chunkSize: outputPiece});
    this.#gunzip.on('data', (piece: Buffer) => this.#out.push(piece));
    this.#gunzip.on('error', error => {
      this.#failure = error;
      this.#settle();
    });
  }

  async *add(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < chunk.length; at += inputPiece) {
      const piece = chunk.subarray(at, at + inputPiece);
      await this.#settled(() => this.#gunzip.write(piece, () => this.#settle()));
      yield* this.#take();
    }
  }

  async *finish(): AsyncGenerator<Uint8Array> {
    this.#gunzip.once('end', () => this.#settle());
    await this.#settled(() => this.#gunzip.end());
    yield* this.#take();
  }

  /** Until the step is done, or has failed: then its own callback never comes. */
  #settled(step: () => void): Promise<void> {
    return new Promise(resolve => {
      this.#settle = resolve;
      step();
    });
  }

  *#take(): Generator<Uint8Array> {
    const out = this.#out;
    this.#out = [];
    yield* out;
    if (this.#failure) throw new Error(`its gzip data is damaged or cut: ${this.#failure.message}`);
  }
}
