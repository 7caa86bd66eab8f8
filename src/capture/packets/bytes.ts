import {sanitizeLine} from '../../event/sanitize.ts';
import {TextCache} from './text-cache.ts';

const encoder = new TextEncoder();
/** V8 knows half a dozen kinds of strings, and would look the method up anew for each letter. */
const {charCodeAt} = String.prototype;
/** The upper five bits of a half of a character beyond the first 65,536. */
const surrogates = 0x1b;
const shortTexts = new TextCache();
/** Words that had the form asked for. */
const checkedWords = new Map<RegExp, Set<string>>();
const mostChecked = 1024;

/** Appends numbers and text to a buffer that grows as needed. Little endian. */
export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  u8(value: number): void {
    this.#need(1);
    this.#bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.#need(2);
    this.#view.setUint16(this.length, value, true);
    this.length += 2;
  }

  u32(value: number): void {
    this.#need(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  f64(value: number): void {
    this.#need(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  raw(bytes: Uint8Array): void {
    this.#need(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** UTF-8 after its length in two bytes; cut at `limit` characters. */
  text(value: string, limit = 4096): void {
    const length = Math.min(value.length, limit);
    this.#need(2 + length * 3);
    const at = this.length;
    this.length += 2;
    if (!this.#short(value, length)) this.length = at + 2 + this.#encode(value.slice(0, length), at + 2);
    this.#view.setUint16(at, this.length - at - 2, true);
  }

  /** Most text is short: writing it here spares an encoder's call and a view for it. False, and undone, where a surrogate is in it. */
  #short(text: string, length: number): boolean {
    const bytes = this.#bytes;
    let at = this.length;
    for (let i = 0; i < length; i++) {
      const code = charCodeAt.call(text, i);
      if (code < 0x80) bytes[at++] = code;
      else if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        if (code >> 11 === surrogates) return false;
        bytes[at++] = 0xe0 | (code >> 12);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
      }
    }
    this.length = at;
    return true;
  }

  #encode(text: string, at: number): number {
    return encoder.encodeInto(text, this.#bytes.subarray(at)).written;
  }

  /** Overwrites four bytes written before. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  patchU8(at: number, value: number): void {
    this.#bytes[at] = value;
  }

  patchU16(at: number, value: number): void {
    this.#view.setUint16(at, value, true);
  }

  /** A copy of what was written; the writer starts afresh. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  #need(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + more));
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** The bytes of the arrow that most rows have. */
const arrow = [0xe2, 0x86, 0x92] as const;

/** Nothing but printable ASCII and arrows: safe, and told in a fraction of the time that the expressions take. */
function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x20 && byte <= 0x7e) continue;
    if (byte !== arrow[0] || i + 2 >= to || bytes[i + 1] !== arrow[1] || bytes[i + 2] !== arrow[2]) return false;
    i += 2;
  }
  return true;
}

/** A frame from the sensor that is not what the protocol allows. */
export class FrameError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FrameError';
  }
}

/** Reads what ByteWriter wrote. Throws FrameError rather than read past the end or return what is out of range. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #buffer: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  /** An integer that a double holds exactly, 0 or more: counts and times. */
  count(): number {
    const value = this.#view.getFloat64(this.#step(8), true);
    if (!Number.isSafeInteger(value) || value < 0) throw new FrameError(`Expected a count, got ${value}.`);
    return value;
  }

  /** Any number that is one. */
  finite(): number {
    const value = this.#view.getFloat64(this.#step(8), true);
    if (!Number.isFinite(value)) throw new FrameError(`Expected a number, got ${value}.`);
    return value;
  }

  raw(length: number): Uint8Array {
    const at = this.#step(length);
    return this.#bytes.slice(at, at + length);
  }

  /** Text of at most `limit` bytes. */
  text(limit: number): string {
    const {at, length} = this.#textPlace(limit);
    return shortTexts.text(this.#buffer, at, length) ?? this.#buffer.toString('utf8', at, at + length);
  }

  /** As `text`, safe to show on one line. */
  line(limit: number): string {
    const {at, length} = this.#textPlace(limit);
    const known = shortTexts.text(this.#buffer, at, length);
    if (known !== undefined) return known;
    const text = this.#buffer.toString('utf8', at, at + length);
    return isPlain(this.#buffer, at, at + length) ? text : sanitizeLine(text);
  }

  /** Text of a form: one regular expression a kind of word, for what was checked against it is remembered. */
  word(limit: number, form: RegExp): string {
    const text = this.text(limit);
    const checked = checkedWords.get(form);
    if (checked?.has(text)) return text;
    if (!form.test(text)) throw new FrameError(`Expected text like ${form}, got ${sanitizeLine(text)}.`);
    if (!checked) checkedWords.set(form, new Set([text]));
    else if (checked.size < mostChecked) checked.add(text);
    return text;
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.left !== 0) throw new FrameError(`Expected the frame to end, got ${this.left} more bytes.`);
  }

  #textPlace(limit: number): {at: number; length: number} {
    const length = this.u16();
    if (length > limit) throw new FrameError(`Expected text of at most ${limit} bytes, got ${length}.`);
    return {at: this.#step(length), length};
  }

  #step(length: number): number {
    if (length > this.left) throw new FrameError(`Expected ${length} more bytes in a frame, got ${this.left}.`);
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
