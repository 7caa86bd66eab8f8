import {u8} from '../decoded.ts';

/** One element of DER (X.690): its tag byte, and where its content lies. */
export interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

export const Tag = {
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * The element at `at`, which lies before `end` as a whole. Undefined for what is cut and for what certificates have not:
 * long tags, lengths that are not said or take more than three bytes.
 */
export function elementAt(bytes: Uint8Array, at: number, end: number): Element | undefined {
  if (at + 2 > end) return undefined;
  const tag = u8(bytes, at);
  if ((tag & 0x1f) === 0x1f) return undefined;
  const first = u8(bytes, at + 1);
  const more = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + more;
  if (first === 0x80 || more > 3 || start > end) return undefined;
  let length = more === 0 ? first : 0;
  for (let i = at + 2; i < start; i++) length = length * 256 + u8(bytes, i);
  return start + length <= end ? {tag, start, end: start + length} : undefined;
}

/** The elements within one, in their order, `most` at the most. What is damaged ends it. */
export function* elementsOf(bytes: Uint8Array, {start, end}: Element, most: number): Generator<Element> {
  let at = start;
  for (let count = 0; count < most; count++) {
    const element = elementAt(bytes, at, end);
    if (!element) return;
    yield element;
    at = element.end;
  }
}

/** An object identifier as hexadecimal: `550403`. */
export function hexOf(bytes: Uint8Array, {start, end}: Element): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('hex');
}

/** The text of a string of any kind, `most` characters of it. */
export function stringOf(bytes: Uint8Array, {tag, start, end}: Element, most: number): string {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, most * 4));
  if (tag === Tag.utf8) return view.toString('utf8').slice(0, most);
  if (tag === Tag.bmpString) return wide(view, 2).slice(0, most);
  if (tag === Tag.universalString) return wide(view, 4).slice(0, most);
  return view.toString('latin1').slice(0, most);
}

/** UTCTime or GeneralizedTime in UTC, as in certificates (RFC 5280): ISO 8601, '' where it is none. */
export function timeOf(bytes: Uint8Array, element: Element): string {
  const text = stringOf(bytes, element, 20);
  const full = element.tag === Tag.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (!parts) return '';
  const [, year, month, day, hour, minute, second] = parts;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

/** Big endian, two or four bytes a character. */
function wide(bytes: Buffer, width: 2 | 4): string {
  let text = '';
  for (let at = 0; at + width <= bytes.length; at += width) {
    const code = width === 2 ? bytes.readUInt16BE(at) : bytes.readUInt32BE(at);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}
