const longest = 55;
const w = new Int32Array(80);
const digest = new Uint8Array(20);
const letters = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const text = Buffer.alloc(28, '=');

/**
 * SHA-1 (FIPS 180-4) of the first `length` bytes, 55 at the most so that they fit one block, as base64. For so little it
 * takes a third of what node:crypto does, and each flow needs one.
 */
export function sha1Base64(message: Uint8Array, length: number): string {
  if (length > longest) throw new RangeError(`Expected at most ${longest} bytes, got ${length}.`);
  schedule(message, length);
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  let e = 0xc3d2e1f0 | 0;
  for (let i = 0; i < 80; i++) {
    const next = (((a << 5) | (a >>> 27)) + part(i, b, c, d) + e + (w[i] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  put(0, a + 0x67452301);
  put(4, b + 0xefcdab89);
  put(8, c + 0x98badcfe);
  put(12, d + 0x10325476);
  put(16, e + 0xc3d2e1f0);
  return base64();
}

function schedule(message: Uint8Array, length: number): void {
  w.fill(0, 0, 16);
  for (let i = 0; i < length; i++) w[i >> 2] = (w[i >> 2] ?? 0) | ((message[i] ?? 0) << (24 - (i & 3) * 8));
  w[length >> 2] = (w[length >> 2] ?? 0) | (0x80 << (24 - (length & 3) * 8));
  w[15] = length * 8;
  for (let i = 16; i < 80; i++) {
    const x = (w[i - 3] ?? 0) ^ (w[i - 8] ?? 0) ^ (w[i - 14] ?? 0) ^ (w[i - 16] ?? 0);
    w[i] = (x << 1) | (x >>> 31);
  }
}

/** The round's function and constant. */
function part(i: number, b: number, c: number, d: number): number {
  if (i < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (i < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (i < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function put(at: number, word: number): void {
  digest[at] = word >>> 24;
  digest[at + 1] = word >>> 16;
  digest[at + 2] = word >>> 8;
  digest[at + 3] = word;
}

/** Twenty bytes are 27 letters and one `=`. */
function base64(): string {
  for (let i = 0, at = 0; i < 20; i += 3, at += 4) {
    const [x = 0, y = 0, z = 0] = [digest[i], digest[i + 1], digest[i + 2]];
    text[at] = letters[x >> 2] ?? 0;
    text[at + 1] = letters[((x & 3) << 4) | (y >> 4)] ?? 0;
    text[at + 2] = letters[((y & 15) << 2) | (z >> 6)] ?? 0;
    if (at < 24) text[at + 3] = letters[z & 63] ?? 0;
  }
  return text.toString('latin1');
}
