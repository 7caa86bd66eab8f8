import type {FieldValue} from '../../../event/event.ts';
import {sanitize} from '../../../event/sanitize.ts';
import type {Chunk} from './chunk.ts';
import {fileTimeText, systemTimeText} from './times.ts';

/** Value types of binary XML ([MS-EVEN6] 2.2.12). */
export const Types = {
  null: 0x00,
  string: 0x01,
  ansiString: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size: 0x10,
  fileTime: 0x11,
  systemTime: 0x12,
  sid: 0x13,
  hexInt32: 0x14,
  hexInt64: 0x15,
  handle: 0x20,
  binaryXml: 0x21,
  xml: 0x23,
} as const;

/** In a type: an array of it. */
export const arrayFlag = 0x80;

const sizes: readonly number[] = [0, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, 0, 16, 0, 8, 16, 0, 4, 8];

/** Bytes of a value whose type has one size only, otherwise 0. */
export function fixedSize(type: number): number {
  return sizes[type] ?? 0;
}

/**
 * One value. Whole numbers are numbers where a double holds them exactly, otherwise their digits; GUIDs, SIDs,
 * hexadecimal numbers and times are written as Windows writes them; text is sanitised.
 */
export function decodeValue(chunk: Chunk, start: number, size: number, type: number): FieldValue {
  const {bytes} = chunk;
  const fixed = fixedSize(type);
  if (size < fixed && type !== Types.bool) return size === 0 ? '' : hexText(bytes, start, size);
  switch (type) {
    case Types.string:
    case Types.xml:
      return chunk.texts.read(bytes, start, untilNul(bytes, start, size >>> 1));
    case Types.ansiString:
      return ansiText(bytes, start, size);
    case Types.int8:
      return bytes.readInt8(start);
    case Types.uint8:
      return bytes[start] as number;
    case Types.int16:
      return bytes.readInt16LE(start);
    case Types.uint16:
      return bytes.readUInt16LE(start);
    case Types.int32:
      return bytes.readInt32LE(start);
    case Types.uint32:
      return bytes.readUInt32LE(start);
    case Types.int64:
      return exact(bytes, start, bytes.readInt32LE(start + 4), signed);
    case Types.uint64:
      return exact(bytes, start, bytes.readUInt32LE(start + 4), unsigned);
    case Types.real32:
      return real(bytes.readFloatLE(start));
    case Types.real64:
      return real(bytes.readDoubleLE(start));
    case Types.bool:
      return isTrue(bytes, start, size);
    case Types.guid:
      return guidText(bytes, start);
    case Types.fileTime:
      return fileTimeText(bytes, start);
    case Types.systemTime:
      return systemTimeText(bytes, start);
    case Types.sid:
      return sidText(bytes, start, size);
    case Types.hexInt32:
      return `0x${bytes.readUInt32LE(start).toString(16)}`;
    case Types.hexInt64:
      return hex64(bytes, start);
    case Types.size:
    case Types.handle:
      return sizeText(bytes, start, size);
    default:
      // Binary data, and types that are not known: nothing of them is lost.
      return hexText(bytes, start, size);
  }
}

/** The values of an array, in their order. Text is kept apart by its end signs; the last of them ends nothing. */
export function decodeArray(chunk: Chunk, start: number, size: number, arrayType: number): FieldValue[] {
  const type = arrayType & ~arrayFlag;
  if (type === Types.string || type === Types.ansiString) return textArray(chunk, start, size, type);
  const width = type === Types.sid ? 0 : fixedSize(type) || (type === Types.size ? 8 : 0);
  const items: FieldValue[] = [];
  for (let at = start; at < start + size; ) {
    const rest = start + size - at;
    const step = type === Types.sid ? sidSize(chunk.bytes, at, rest) : width || rest;
    if (step > rest || step === 0) break;
    items.push(decodeValue(chunk, at, step, type));
    at += step;
  }
  return items;
}

/** Sanitised text of a character that the binary XML names by its number. */
export function textOf(character: string): string {
  return sanitize(character);
}

function textArray(chunk: Chunk, start: number, size: number, type: number): FieldValue[] {
  const width = type === Types.string ? 2 : 1;
  const items: FieldValue[] = [];
  let from = start;
  const end = start + size - (size % width);
  for (let at = start; at < end; at += width) {
    if (chunk.bytes[at] !== 0 || (width === 2 && chunk.bytes[at + 1] !== 0)) continue;
    items.push(decodeValue(chunk, from, at - from, type));
    from = at + width;
  }
  if (from < end) items.push(decodeValue(chunk, from, end - from, type));
  return items;
}

/** Text counts its end sign in some records and not in others; what stands behind it is no text. */
function untilNul(bytes: Buffer, start: number, length: number): number {
  if (length === 0) return 0;
  const last = start + (length - 1) * 2;
  if (bytes[last] !== 0 || bytes[last + 1] !== 0) return length;
  let kept = length - 1;
  while (kept > 0 && bytes[start + kept * 2 - 2] === 0 && bytes[start + kept * 2 - 1] === 0) kept--;
  return kept;
}

// Code page 1252 differs from Latin-1 in these only. Node's own decoder for it leaves them as they are.
const ansi = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function ansiText(bytes: Buffer, start: number, size: number): string {
  let end = start + size;
  while (end > start && bytes[end - 1] === 0) end--;
  const text = bytes.toString('latin1', start, end);
  return sanitize(text.replace(/[\u0080-\u009f]/g, character => ansi[character.charCodeAt(0) - 0x80] ?? character));
}

const signed = (bytes: Buffer, start: number) => bytes.readBigInt64LE(start);
const unsigned = (bytes: Buffer, start: number) => bytes.readBigUInt64LE(start);

function exact(
  bytes: Buffer,
  start: number,
  high: number,
  whole: (bytes: Buffer, start: number) => bigint,
): FieldValue {
  if (high >= -0x200000 && high < 0x200000) return high * 0x1_0000_0000 + bytes.readUInt32LE(start);
  return String(whole(bytes, start));
}

/** Windows' words for what is no number; JSON has none. */
function real(value: number): FieldValue {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return '-1.#IND';
  return value > 0 ? '1.#INF' : '-1.#INF';
}

/** Whatever is not zero is true: some providers write -1. */
function isTrue(bytes: Buffer, start: number, size: number): boolean {
  for (let i = 0; i < size; i++) if (bytes[start + i] !== 0) return true;
  return false;
}

const hexBytes = Array.from({length: 256}, (_, byte) => byte.toString(16).padStart(2, '0').toUpperCase());

function hexText(bytes: Buffer, start: number, size: number): string {
  return bytes.toString('hex', start, start + size).toUpperCase();
}

function hex64(bytes: Buffer, start: number): string {
  const low = bytes.readUInt32LE(start);
  const high = bytes.readUInt32LE(start + 4);
  return high === 0 ? `0x${low.toString(16)}` : `0x${high.toString(16)}${low.toString(16).padStart(8, '0')}`;
}

function sizeText(bytes: Buffer, start: number, size: number): string {
  if (size >= 8) return hex64(bytes, start);
  return size >= 4 ? `0x${bytes.readUInt32LE(start).toString(16)}` : hexText(bytes, start, size);
}

const guidOrder = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];

function guidText(bytes: Buffer, start: number): string {
  let text = '{';
  for (const place of guidOrder) text += place < 0 ? '-' : hexBytes[bytes[start + place] as number];
  return `${text}}`;
}

const sidHead = 8;

function sidSize(bytes: Buffer, start: number, rest: number): number {
  return rest < sidHead ? rest : sidHead + (bytes[start + 1] as number) * 4;
}

/** `S-1-5-18`: revision, authority (48 bits, most significant first), then the parts. */
function sidText(bytes: Buffer, start: number, size: number): string {
  if (size < sidHead) return size === 0 ? '' : hexText(bytes, start, size);
  const parts = Math.min(bytes[start + 1] as number, (size - sidHead) >>> 2);
  let text = `S-${bytes[start]}-${bytes.readUIntBE(start + 2, 6)}`;
  for (let i = 0; i < parts; i++) text += `-${bytes.readUInt32LE(start + sidHead + i * 4)}`;
  return text;
}
