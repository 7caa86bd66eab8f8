import {i32, u16} from './decoded.ts';

/** Dotted form of an IPv4 address held in a 32-bit integer. */
export function ipv4Text(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/**
 * RFC 5952: lower case, the longest run of two or more zero groups shortened, the first of equals. An IPv4 address within
 * (`::ffff:10.0.0.1`, `::10.0.0.1`) is written as one, as C libraries do.
 */
export function ipv6Text(w0: number, w1: number, w2: number, w3: number): string {
  const groups = [w0 >>> 16, w0 & 0xffff, w1 >>> 16, w1 & 0xffff, w2 >>> 16, w2 & 0xffff, w3 >>> 16, w3 & 0xffff];
  const run = longestZeroRun(groups);
  const hex = (part: readonly number[]) => part.map(group => group.toString(16)).join(':');
  if (run.length < 2) return hex(groups);
  const mapped = run.length === 5 && groups[5] === 0xffff;
  if (run.at === 0 && (run.length === 6 || mapped)) return `::${mapped ? 'ffff:' : ''}${ipv4Text(w3)}`;
  return `${hex(groups.slice(0, run.at))}::${hex(groups.slice(run.at + run.length))}`;
}

const remembered = 4096;
const known = {words: new Int32Array(remembered * 4), texts: new Array<string>(remembered).fill('')};

/** '' for another family than 4 and 6. The texts of addresses met lately are remembered, some thousand of them. */
export function addressText(family: number, w0: number, w1: number, w2: number, w3: number): string {
  if (family !== 4 && family !== 6) return '';
  const mixed = Math.imul(
    w3 ^ Math.imul(w2 ^ Math.imul(w1 ^ Math.imul(w0 ^ family, 0x9e3779b1), 0x85ebca6b), 0xc2b2ae35),
    0x27d4eb2f,
  );
  const cell = (mixed ^ (mixed >>> 15)) & (remembered - 1);
  const at = cell * 4;
  const {words, texts} = known;
  const text = texts[cell] ?? '';
  if (words[at + 3] === w3 && words[at + 2] === w2 && words[at + 1] === w1 && words[at] === w0) {
    // The family is in the text: no IPv4 address has a colon, and each IPv6 address has one.
    if (text !== '' && text.includes(':') === (family === 6)) return text;
  }
  words[at] = w0;
  words[at + 1] = w1;
  words[at + 2] = w2;
  words[at + 3] = w3;
  const made = family === 4 ? ipv4Text(w3) : ipv6Text(w0, w1, w2, w3);
  texts[cell] = made;
  return made;
}

const hex = Array.from({length: 256}, (_, byte) => byte.toString(16).padStart(2, '0'));

export function macText(bytes: Uint8Array, at: number): string {
  if (at < 0) return '';
  let text = '';
  const end = Math.min(at + 6, bytes.length);
  for (let i = at; i < end; i++) text += (i === at ? '' : ':') + (hex[bytes[i] ?? 0] ?? '');
  return text;
}

/** A MAC address as a number of 48 bits. */
export function macAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 2 ** 32 + (i32(bytes, at + 2) >>> 0);
}

const knownMacs = {numbers: new Float64Array(1024), texts: new Array<string>(1024).fill('00:00:00:00:00:00')};

/** Of the number that `macAt` gives. The texts of those met lately are remembered: a link has few. */
export function macNumberText(mac: number): string {
  const cell = ((mac | 0) ^ (Math.floor(mac / 2 ** 32) | 0)) & 1023;
  if (knownMacs.numbers[cell] !== mac) {
    knownMacs.numbers[cell] = mac;
    knownMacs.texts[cell] = (mac.toString(16).padStart(12, '0').match(/../g) ?? []).join(':');
  }
  return knownMacs.texts[cell] ?? '';
}

/** The address as four words, as `Decoded` holds it, with its family; undefined where the text is no address. */
export function parseAddress(
  text: string,
): {family: 4 | 6; words: readonly [number, number, number, number]} | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return {family: 4, words: [0, 0, 0, v4]};
  const groups = parseGroups(text.replace(/%.*$/, ''));
  if (groups?.length !== 8) return undefined;
  const word = (at: number) => ((groups[at] ?? 0) << 16) | (groups[at + 1] ?? 0);
  return {family: 6, words: [word(0), word(2), word(4), word(6)]};
}

function longestZeroRun(groups: readonly number[]): {at: number; length: number} {
  let best = {at: 0, length: 0};
  let at = 0;
  while (at < groups.length) {
    let end = at;
    while (groups[end] === 0) end++;
    if (end - at > best.length) best = {at, length: end - at};
    at = Math.max(end, at) + 1;
  }
  return best;
}

function parseIpv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts?.every(part => part < 256)) return undefined;
  return parts.reduce((word, part) => (word << 8) | part, 0);
}

function parseGroups(text: string): readonly number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const left = groupList(head);
  const right = tail === undefined ? [] : groupList(tail);
  if (!left || !right) return undefined;
  if (tail === undefined) return left;
  const zeros = 8 - left.length - right.length;
  return zeros < 1 ? undefined : [...left, ...new Array<number>(zeros).fill(0), ...right];
}

function groupList(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  for (const part of text.split(':')) {
    const v4 = part.includes('.') ? parseIpv4(part) : undefined;
    if (v4 !== undefined) groups.push(v4 >>> 16, v4 & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
