/** What a masked piece of a line was; the name stands in the template as `<name>`. */
const maskNames = ['', 'n', 'ip', 'hex', 'id', 'path', 'time', 'text', 'url', 'mail'] as const;
const number = 1;
const address = 2;
const hexadecimal = 3;
const identifier = 4;
const path = 5;
const time = 6;
const quoted = 7;
const url = 8;
const mail = 9;

/** Longer lines, and more words, tell nothing more about which statement wrote them. */
const maxLength = 2_048;
export const maxTokens = 48;
const maxQuoted = 1_024;
const maxLiteral = 48;

const isDigit = 1;
const isHexLetter = 2;
const isLetter = 3;
const isDelimiter = 4;
const isSpace = 5;
const isQuote = 6;
const isOther = 7;
const classes = characterClasses();

/**
 * Cuts a line into words and masks what varies: numbers, addresses, hexadecimal, ids, paths, times, quoted text. One
 * pass over the characters, no regular expression, nothing allocated: `scan` gives a hash of the masked line, and only
 * for a line not met before need `tokens` make the words themselves. The hash is seeded, so that nobody can write a
 * line that is taken for another.
 */
export class LineScanner {
  private text = '';
  private pieces = 0;
  private readonly starts = new Int32Array(maxLength + 1);
  private readonly ends = new Int32Array(maxLength + 1);
  private readonly masks = new Uint8Array(maxLength + 1);
  private readonly breaks = new Uint8Array(maxLength + 1);
  private readonly seed: number;

  constructor(seed = 0x5eed) {
    this.seed = seed | 0;
  }

  /** The hash of the masked line, an integer below 2^53. */
  scan(whole: string): number {
    const text = whole.length > maxLength ? whole.slice(0, maxLength) : whole;
    this.text = text;
    this.pieces = 0;
    const {length} = text;
    let words = 0;
    let fresh = true;
    let at = 0;
    while (at < length) {
      const kind = classOf(text.charCodeAt(at));
      if (kind === isSpace) {
        fresh = true;
        at += 1;
        continue;
      }
      if (fresh && ++words > maxTokens) break;
      at = this.take(kind, at, length, fresh);
      fresh = false;
    }
    return this.hash();
  }

  /** The words of the line scanned last, masked. */
  tokens(): string[] {
    const tokens: string[] = [];
    let word = '';
    for (let piece = 0; piece < this.pieces; piece++) {
      if (this.breaks[piece] === 1 && piece > 0) {
        tokens.push(bounded(word));
        word = '';
      }
      const mask = this.masks[piece] ?? 0;
      word += mask === 0 ? this.text.slice(this.starts[piece], this.ends[piece]) : `<${maskNames[mask]}>`;
    }
    if (this.pieces > 0) tokens.push(bounded(word));
    return tokens;
  }

  /** Takes the piece that begins here, and says where the next one does. */
  private take(kind: number, at: number, length: number, fresh: boolean): number {
    if (kind === isQuote && (fresh || classOf(this.text.charCodeAt(at - 1)) === isDelimiter)) {
      const close = this.closing(at, length);
      if (close > 0) return this.push(at, close + 1, quoted, fresh);
    }
    if (kind === isDelimiter || kind === isQuote) return this.push(at, at + 1, 0, fresh);
    let end = at + 1;
    while (end < length && inWord(this.text.charCodeAt(end))) end += 1;
    const trimmed = this.withoutPunctuation(at, end);
    if (isUrl(this.text, at, trimmed)) {
      return this.push(at, this.wordEnd(end, length), url, fresh);
    }
    const counter = counterStart(this.text, at, trimmed);
    if (counter > 0) {
      this.push(at, counter, 0, fresh);
      this.push(counter, trimmed, number, false);
    } else {
      this.push(at, trimmed, maskOf(this.text, at, trimmed), fresh);
    }
    if (trimmed < end) this.push(trimmed, end, 0, false);
    return end;
  }

  /** A URL goes on over marks that end other words. */
  private wordEnd(from: number, length: number): number {
    let end = from;
    while (end < length && classOf(this.text.charCodeAt(end)) !== isSpace) end += 1;
    return end;
  }

  private closing(at: number, length: number): number {
    const quote = this.text[at] ?? '"';
    const close = this.text.indexOf(quote, at + 1);
    return close < 0 || close >= length || close - at > maxQuoted ? -1 : close;
  }

  private withoutPunctuation(start: number, end: number): number {
    let trimmed = end;
    while (trimmed > start + 1 && isPunctuation(this.text.charCodeAt(trimmed - 1))) trimmed -= 1;
    return trimmed;
  }

  private push(start: number, end: number, mask: number, fresh: boolean): number {
    const piece = this.pieces++;
    this.starts[piece] = start;
    this.ends[piece] = end;
    this.masks[piece] = mask;
    this.breaks[piece] = fresh ? 1 : 0;
    return end;
  }

  private hash(): number {
    let low = this.seed ^ 0x811c9dc5;
    let high = this.seed ^ 0x1b873593;
    for (let piece = 0; piece < this.pieces; piece++) {
      const mask = this.masks[piece] ?? 0;
      if (this.breaks[piece] === 1) low = Math.imul(low ^ 0x20, 0x01000193);
      if (mask > 0) {
        low = Math.imul(low ^ (0x400 + mask), 0x01000193);
        high = Math.imul(high ^ low, 0x85ebca6b);
        continue;
      }
      const end = this.ends[piece] ?? 0;
      for (let at = this.starts[piece] ?? 0; at < end; at++) {
        low = Math.imul(low ^ this.text.charCodeAt(at), 0x01000193);
        high = Math.imul(high ^ low, 0x85ebca6b);
        high ^= high >>> 15;
      }
    }
    return (low >>> 0) * 0x200000 + (high >>> 11);
  }
}

/** True where the word is, or holds, something that was masked. */
export function isMasked(token: string): boolean {
  return token.includes('<');
}

function bounded(word: string): string {
  return word.length > maxLiteral ? '<*>' : word;
}

function isUrl(text: string, start: number, end: number): boolean {
  for (let at = start + 1; at < end - 2; at++) {
    if (text.charCodeAt(at) === 0x3a) return text.startsWith('//', at + 1);
  }
  return false;
}

/** Where the number begins in `core.17`, `blk_-38`, `worker-3`: a word without digits or slashes, a mark, a number. */
function counterStart(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && classOf(text.charCodeAt(at - 1)) === isDigit) at -= 1;
  if (at === end || at === start || !isMark(text.charCodeAt(at - 1))) return 0;
  let letters = 0;
  for (let before = start; before < at; before++) {
    const kind = classOf(text.charCodeAt(before));
    if (kind === isDigit || text.charCodeAt(before) === 0x2f || text.charCodeAt(before) === 0x5c) return 0;
    if (kind === isLetter || kind === isHexLetter) letters += 1;
  }
  return letters > 0 ? at : 0;
}

function maskOf(text: string, start: number, end: number): number {
  let digits = 0;
  let hexLetters = 0;
  let letters = 0;
  let colons = 0;
  let dots = 0;
  let dashes = 0;
  let slashes = 0;
  let ats = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    const kind = classOf(code);
    if (kind === isDigit) digits += 1;
    else if (kind === isHexLetter) hexLetters += 1;
    else if (kind === isLetter) letters += 1;
    else if (code === 0x3a) colons += 1;
    else if (code === 0x2e) dots += 1;
    else if (code === 0x2d) dashes += 1;
    else if (code === 0x2f) slashes += 1;
    else if (code === 0x5c) slashes += 2;
    else if (code === 0x40) ats += 1;
  }
  const length = end - start;
  if (slashes > 0) {
    const mask = slashMask(text, start, slashes, letters + hexLetters);
    if (mask > 0) return mask;
  }
  if (digits === 0) return ats === 1 && dots > 0 && text.charCodeAt(start) !== 0x40 ? mail : 0;
  if (letters + hexLetters === 0) return numericMask(colons, dots);
  if (letters === 0) {
    if (colons >= 2) return address;
    if (length >= 6 || digits > hexLetters) return dashes === 4 ? identifier : hexadecimal;
    return 0;
  }
  const first = text.charCodeAt(start);
  if (first === 0x30 && (text.charCodeAt(start + 1) | 0x20) === 0x78) return hexadecimal;
  if (letters + hexLetters <= 2 && colons >= 1 && dashes >= 2) return time;
  if (letters + hexLetters <= 3 && classOf(first) === isDigit && ats === 0) return number;
  if (ats === 1 && dots > 0) return mail;
  if (dots >= 1 && colons === 1 && endsInPort(text, start, end)) return address;
  return digits >= 4 || digits * 2 >= length ? identifier : 0;
}

function slashMask(text: string, start: number, slashes: number, letters: number): number {
  const first = text.charCodeAt(start);
  if (first === 0x2f || first === 0x7e || slashes >= 2) return letters === 0 ? number : path;
  return 0;
}

function numericMask(colons: number, dots: number): number {
  if (dots === 3) return address;
  if (colons >= 3) return address;
  return colons >= 1 && dots <= 1 ? time : number;
}

function endsInPort(text: string, start: number, end: number): boolean {
  let at = end - 1;
  while (at > start && classOf(text.charCodeAt(at)) === isDigit) at -= 1;
  return at < end - 1 && text.charCodeAt(at) === 0x3a;
}

function inWord(code: number): boolean {
  const kind = classOf(code);
  return kind !== isSpace && kind !== isDelimiter && kind !== isQuote;
}

function isMark(code: number): boolean {
  return code === 0x2e || code === 0x2d || code === 0x5f || code === 0x23;
}

function isPunctuation(code: number): boolean {
  return code === 0x2e || code === 0x3a;
}

function classOf(code: number): number {
  return code < 128 ? (classes[code] ?? isOther) : isLetter;
}

function characterClasses(): Uint8Array {
  const table = new Uint8Array(128).fill(isOther);
  for (let code = 0; code <= 0x20; code++) table[code] = isSpace;
  for (let code = 0x30; code <= 0x39; code++) table[code] = isDigit;
  for (let code = 0x61; code <= 0x7a; code++) {
    table[code] = code <= 0x66 ? isHexLetter : isLetter;
    table[code - 0x20] = table[code] ?? isLetter;
  }
  for (const character of '=,;()[]{}<>|!?') table[character.charCodeAt(0)] = isDelimiter;
  for (const character of '"\'`') table[character.charCodeAt(0)] = isQuote;
  return table;
}
