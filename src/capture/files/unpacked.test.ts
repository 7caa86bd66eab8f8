import {gzipSync} from 'node:zlib';
import {unpacked} from './unpacked.ts';

const text = Buffer.from(Array.from({length: 60_000}, (_, i) => `line ${i * 7919} of a long text\n`).join(''));

/** What comes out of pieces of a file, and what is said at the end. */
async function read(file: Uint8Array, size = 1000): Promise<{bytes: Buffer; error: string}> {
  const pieces: Uint8Array[] = [];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
  }
  try {
    for await (const piece of unpacked(chunks())) pieces.push(Buffer.from(piece));
  } catch (error) {
    return {bytes: Buffer.concat(pieces), error: error instanceof Error ? error.message : String(error)};
  }
  return {bytes: Buffer.concat(pieces), error: ''};
}

test('gzip is unpacked whatever the pieces are, two packed files in one too, and other files pass as they are', async () => {
  const packed = gzipSync(text);
  for (const size of [50_000, packed.length]) expect((await read(packed, size)).bytes.equals(text)).toBe(true);
  // Each piece is a turn of the thread that unpacks: of two bytes only a few thousand.
  const short = text.subarray(0, 20_000);
  expect((await read(gzipSync(short), 2)).bytes.equals(short)).toBe(true);
  const two = await read(Buffer.concat([packed, packed]));
  expect([two.bytes.length, two.error]).toEqual([text.length * 2, '']);
  expect((await read(text)).bytes.equals(text)).toBe(true);
});

test('a cut gzip file gives all that it holds before it is said to be cut', async () => {
  const packed = gzipSync(text);
  const {bytes, error} = await read(packed.subarray(0, packed.length - 200));
  expect(bytes.length).toBeGreaterThan(text.length * 0.99);
  expect(bytes.equals(text.subarray(0, bytes.length))).toBe(true);
  expect(error).toContain('damaged or cut');
});

test('a damaged gzip file gives what came before the damage', async () => {
  const packed = Buffer.from(gzipSync(text));
  packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 200);
  const {bytes, error} = await read(packed);
  expect(bytes.length).toBeGreaterThan(text.length / 4);
  expect(error).toContain('damaged or cut');
});
