import {
  classCount,
  classOf,
  isAlphanumeric,
  isAt,
  isBackslash,
  isColon,
  isDash,
  isDigit,
  isDot,
  isHexLetter,
  isLetter,
  isSlash,
  isUnderscore,
} from './character-class.ts';

/** What a masked piece of a line was; the name stands in the template as `<name>`. */
export const maskNames = ['', 'n', 'ip', 'hex', 'id', 'path', 'time', 'text', 'url', 'mail'] as const;
export const number = 1;
const address = 2;
const hexadecimal = 3;
const identifier = 4;
const path = 5;
const time = 6;
export const quoted = 7;
export const url = 8;
const mail = 9;
/** Of the word only the runs of digits are masked: `rdd_42_20`, `broadcast_0_piece0`. */
export const digitRuns = -1;

/** Hexadecimal words without a digit are this long at least: shorter ones may be English. */
const leastPlainHex = 8;

/** Domains of more than two letters that names of machines end in. */
const topDomains = new Set('com net org edu gov mil int info biz arpa local lan internal localdomain'.split(' '));

/** Endings of two letters that names of files have more often than names of machines. */
const fileEndings = new Set('gz xz so ko py js ts db cs rb sh'.split(' '));

/** How many characters of each class the word in hand has; kept here so that masking allocates nothing. */
const counts = new Uint16Array(classCount);
let capitals = 0;

/** The mask of a whole word, 0 where it stays as it is, or `digitRuns`. */
export function maskOf(text: string, start: number, end: number): number {
  count(text, start, end);
  const digits = of(isDigit);
  const hexLetters = of(isHexLetter);
  const letters = of(isLetter);
  const colons = of(isColon);
  const dots = of(isDot);
  const ats = of(isAt);
  if (of(isSlash) + of(isBackslash) > 0) {
    const mask = slashMask(text, start, end, letters + hexLetters);
    if (mask > 0) return mask;
  }
  if (dots > 0 && isHost(text, start, end)) return address;
  if (digits === 0) {
    if (letters === 0 && hexLetters === end - start && hexLetters >= leastPlainHex) return hexadecimal;
    return ats === 1 && dots > 0 && text.charCodeAt(start) !== 0x40 ? mail : 0;
  }
  const first = text.charCodeAt(start);
  if (letters + hexLetters === 0) return numericMask(first);
  if (letters === 0 && dots <= 1) return hexMask(end - start);
  if (first === 0x30 && (text.charCodeAt(start + 1) | 0x20) === 0x78) return hexadecimal;
  if (letters + hexLetters <= 2 && colons >= 1 && of(isDash) >= 2) return time;
  if (letters + hexLetters <= 3 && classOf(first) === isDigit && ats === 0) return number;
  if (ats === 1 && dots > 0) return mail;
  if (dots >= 1 && colons === 1 && isHostPort(text, start, end)) return address;
  return mixedMask(text, start, end);
}

/**
 * Where the first run of digits to mask begins at or after `from`, with its sign; `end` where there is none. The run
 * ends at `runEnd`.
 */
export function runStart(text: string, from: number, start: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (classOf(text.charCodeAt(at)) !== isDigit) continue;
    const signed =
      at - 1 > start && at - 1 >= from && text.charCodeAt(at - 1) === 0x2d && !isAlphanumeric(text.charCodeAt(at - 2));
    return signed ? at - 1 : at;
  }
  return end;
}

/** A run goes on over dots that digits follow: a version or a fraction is one number. */
export function runEnd(text: string, from: number, end: number): number {
  let at = from + 1;
  while (at < end) {
    const code = text.charCodeAt(at);
    const dotted = code === 0x2e && at + 1 < end && classOf(text.charCodeAt(at + 1)) === isDigit;
    if (classOf(code) !== isDigit && !dotted) break;
    at += 1;
  }
  return at;
}

function count(text: string, start: number, end: number): void {
  counts.fill(0);
  capitals = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    const kind = classOf(code);
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (code >= 0x41 && code <= 0x5a) capitals += 1;
  }
}

function of(kind: number): number {
  return counts[kind] ?? 0;
}

function slashMask(text: string, start: number, end: number, letters: number): number {
  const first = text.charCodeAt(start);
  // A backslash counts for two: one is enough for a path of Windows.
  const slashes = of(isSlash) + of(isBackslash) * 2;
  if (first === 0x2f || first === 0x7e || slashes >= 2) return letters === 0 ? number : path;
  return of(isDot) > 0 && isRelativePath(text, start, end) ? path : 0;
}

/** `./configure`, `com.example/.MainActivity`, but not `HTTP/1.1`, and not `input/output`. */
function isRelativePath(text: string, start: number, end: number): boolean {
  const slash = text.indexOf('/', start);
  if (slash + 1 >= end) return false;
  const next = text.charCodeAt(slash + 1);
  return of(isColon) === 0 && (next === 0x2e || (isAlphanumeric(next) && classOf(next) !== isDigit));
}

function numericMask(first: number): number {
  const colons = of(isColon);
  const dots = of(isDot);
  if (of(isDash) >= 2 && of(isDigit) >= 8) return time;
  if (dots === 3 || colons >= 3) return address;
  return colons >= 1 && dots <= 1 && classOf(first) === isDigit ? time : number;
}

function hexMask(length: number): number {
  if (of(isColon) >= 2) return address;
  if (length >= 6 || of(isDigit) > of(isHexLetter)) return of(isDash) === 4 ? identifier : hexadecimal;
  return 0;
}

/** A name with dots that ends as names in the DNS do, perhaps with a port: `ns1.example.org`, `PC-7.example.com:80`. */
function isHost(text: string, start: number, end: number): boolean {
  if (of(isUnderscore) + of(isSlash) + of(isBackslash) + of(isAt) > 0 || of(isColon) > 1) return false;
  const stop = of(isColon) === 1 ? portStart(text, start, end) : end;
  const last = text.lastIndexOf('.', stop - 1);
  if (last <= start || stop === 0) return false;
  const domain = text.slice(last + 1, stop);
  if (domain.length === 2) {
    return capitals === 0 && of(isDot) >= 2 && /^[a-z]+$/.test(domain) && !fileEndings.has(domain);
  }
  return topDomains.has(domain) && (capitals === 0 || of(isDot) >= 2);
}

/** Where `:443` begins that the word ends with; 0 where it does not end so. */
function portStart(text: string, start: number, end: number): number {
  let at = end - 1;
  while (at > start && classOf(text.charCodeAt(at)) === isDigit) at -= 1;
  return at < end - 1 && text.charCodeAt(at) === 0x3a ? at : 0;
}

/** A lower-case name with dots and a port: `www.example.org:443`, but not `Worker.java:17`. */
function isHostPort(text: string, start: number, end: number): boolean {
  return capitals === 0 && of(isUnderscore) === 0 && portStart(text, start, end) > 0;
}

/** A word of letters and digits: made up at random, a name with a counter, or a name (`ssh2`, `ipv4`, `x86`). */
function mixedMask(text: string, start: number, end: number): number {
  let lettersBefore = 0;
  let run = 0;
  let counters = false;
  let glued = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    const kind = classOf(code);
    if (kind === isDigit) {
      run += 1;
      if (run === 1 && lettersBefore > 0) glued += 1;
      if (lettersBefore === 0 || run >= 3 || (run === 2 && lettersBefore >= 3)) counters = true;
    } else if (kind === isLetter || kind === isHexLetter) {
      if (run > 0) return of(isDigit) >= 4 || of(isDigit) * 2 >= end - start ? identifier : 0;
      lettersBefore += 1;
    } else {
      lettersBefore = 0;
      run = 0;
    }
  }
  if (!counters) return 0;
  return glued >= 3 && of(isDigit) >= 4 ? identifier : digitRuns;
}
