import {crc32} from 'node:zlib';
import type {SqlValue} from './engine.ts';

/** One statement that changed the database, with what was bound to it. */
export interface Change {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/**
 * A frame is one transaction: 4 bytes length of the body, 4 bytes CRC-32 of the number and the body, 8 bytes number (a
 * double), then the body. All little endian.
 */
export const frameHeader = 16;

/** Collects the changes of one transaction in one buffer that is used again for the next. */
export class FrameBuilder {
  #buffer = Buffer.allocUnsafe(1 << 16);
  #at = frameHeader;
  readonly #texts = new Map<string, number>();

  get empty(): boolean {
    return this.#at === frameHeader;
  }

  clear(): void {
    this.#at = frameHeader;
    this.#texts.clear();
  }

  add(sql: string, parameters: readonly SqlValue[]): void {
    const known = this.#texts.get(sql);
    this.#number(known ?? this.#texts.size);
    if (known === undefined) {
      this.#texts.set(sql, this.#texts.size);
      this.#text(sql);
    }
    this.#number(parameters.length);
    for (const parameter of parameters) this.#value(parameter);
  }

  /** The finished frame, valid until the next `clear`. */
  finish(number: number): Buffer {
    const frame = this.#buffer.subarray(0, this.#at);
    frame.writeUInt32LE(this.#at - frameHeader, 0);
    frame.writeDoubleLE(number, 8);
    frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
    return frame;
  }

  #value(value: SqlValue): void {
    if (value === null) this.#tag(tags.null);
    else if (typeof value === 'string') {
      this.#tag(tags.text);
      this.#text(value);
    } else if (typeof value === 'number') {
      this.#tag(tags.number);
      this.#room(8);
      this.#at = this.#buffer.writeDoubleLE(value, this.#at);
    } else {
      this.#tag(tags.blob);
      this.#number(value.length);
      this.#room(value.length);
      this.#buffer.set(value, this.#at);
      this.#at += value.length;
    }
  }

  #tag(tag: number): void {
    this.#room(1);
    this.#at = this.#buffer.writeUInt8(tag, this.#at);
  }

  #number(value: number): void {
    this.#room(4);
    this.#at = this.#buffer.writeUInt32LE(value, this.#at);
  }

  #text(text: string): void {
    this.#room(4 + text.length * 3);
    const length = this.#buffer.write(text, this.#at + 4);
    this.#buffer.writeUInt32LE(length, this.#at);
    this.#at += 4 + length;
  }

  #room(more: number): void {
    if (this.#at + more <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + more));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

const tags = {null: 0, number: 1, text: 2, blob: 3} as const;

/** The changes within the body of a frame whose checksum was right. */
export function* changesOf(body: Buffer): Generator<Change> {
  const texts: string[] = [];
  let at = 0;
  const number = () => {
    at += 4;
    return body.readUInt32LE(at - 4);
  };
  const text = () => {
    const length = number();
    at += length;
    return body.toString('utf8', at - length, at);
  };
  const value = (): SqlValue => {
    const tag = body.readUInt8(at++);
    if (tag === tags.null) return null;
    if (tag === tags.text) return text();
    if (tag === tags.blob) {
      const length = number();
      at += length;
      return Uint8Array.from(body.subarray(at - length, at));
    }
    at += 8;
    return body.readDoubleLE(at - 8);
  };
  while (at < body.length) {
    const index = number();
    if (index === texts.length) texts.push(text());
    const count = number();
    const parameters: SqlValue[] = [];
    for (let i = 0; i < count; i++) parameters.push(value());
    yield {sql: texts[index] ?? '', parameters};
  }
}

export interface Frame {
  readonly number: number;
  readonly body: Buffer;
}

/** `torn`: the last frame was being written when the program was killed. `damaged`: something else is wrong. */
export interface FrameList {
  readonly frames: readonly Frame[];
  /** Where the last good frame ends. */
  readonly end: number;
  readonly rest: 'none' | 'torn' | 'damaged';
}

/** Cuts bytes into frames, up to the first that is not whole. */
export function framesIn(bytes: Buffer, from: number): FrameList {
  const frames: Frame[] = [];
  let at = from;
  while (at + frameHeader <= bytes.length) {
    const end = at + frameHeader + bytes.readUInt32LE(at);
    if (end > bytes.length) return {frames, end: at, rest: 'torn'};
    if (crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) {
      return {frames, end: at, rest: end === bytes.length ? 'torn' : 'damaged'};
    }
    frames.push({number: bytes.readDoubleLE(at + 8), body: bytes.subarray(at + frameHeader, end)});
    at = end;
  }
  return {frames, end: at, rest: at === bytes.length ? 'none' : 'torn'};
}
