import {classOf, inWord, isDelimiter, isHexLetter, isLetter, isQuote, isSpace} from './character-class.ts';
import {condensed} from './condensed-words.ts';
import {digitRuns, maskNames, maskOf, number, quoted, runEnd, runStart, url} from './word-mask.ts';

/** Longer lines, and more words, tell nothing more about which statement wrote them. */
const maxLength = 2_048;
export const maxTokens = 48;
const maxQuoted = 1_024;
const maxLiteral = 48;

/**
 * Cuts a line into words and masks what varies: numbers, addresses, hexadecimal, ids, paths, times, quoted text. One
 * pass over the characters, no regular expression, nothing allocated: `scan` gives a hash of the masked line, and only
 * for a line not met before need `tokens` make the words themselves. The hash is seeded, so that nobody can write a
 * line that is taken for another.
 */
export class LineScanner {
  private text = '';
  private pieces = 0;
  /** There may be a URL in the line. */
  private urls = false;
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
    this.urls = text.includes('://');
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
      fresh = isListMark(text.charCodeAt(at - 1));
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
    return condensed(tokens);
  }

  /** Takes the piece that begins here, and says where the next one does. */
  private take(kind: number, at: number, length: number, fresh: boolean): number {
    if (kind === isQuote && (fresh || classOf(this.text.charCodeAt(at - 1)) === isDelimiter)) {
      const close = this.closing(at, length);
      const whole = at === 0 && close >= length - 1;
      if (close > 0 && !whole && !isRequest(this.text, at + 1)) return this.push(at, close + 1, quoted, fresh);
    }
    if (kind === isDelimiter || kind === isQuote || isPrefix(this.text.charCodeAt(at))) {
      return this.push(at, at + 1, 0, fresh);
    }
    const plain = plainEnd(this.text, at, length);
    if (plain > 0) return this.push(at, plain, 0, fresh);
    let end = at + 1;
    while (end < length && inWord(this.text.charCodeAt(end))) end += 1;
    const trimmed = this.withoutPunctuation(at, end);
    if (this.urls && isUrl(this.text, at, trimmed)) {
      return this.push(at, this.wordEnd(end, length), url, fresh);
    }
    const mask = maskOf(this.text, at, trimmed);
    if (mask === digitRuns) this.pushRuns(at, trimmed, fresh);
    else this.push(at, trimmed, mask, fresh);
    if (trimmed < end) this.push(trimmed, end, 0, false);
    return end;
  }

  private pushRuns(start: number, end: number, fresh: boolean): void {
    let at = start;
    while (at < end) {
      const run = runStart(this.text, at, start, end);
      if (run > at) this.push(at, run, 0, fresh && at === start);
      if (run === end) return;
      at = runEnd(this.text, run, end);
      this.push(run, at, number, fresh && run === start);
    }
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

/** Where the word that begins here ends, if it is letters and nothing else and not hexadecimal; else 0. */
function plainEnd(text: string, start: number, length: number): number {
  let end = start;
  let beyondHex = false;
  while (end < length) {
    const kind = classOf(text.charCodeAt(end));
    if (kind === isLetter) beyondHex = true;
    else if (kind !== isHexLetter) break;
    end += 1;
  }
  return beyondHex && (end === length || !inWord(text.charCodeAt(end))) ? end : 0;
}

function isUrl(text: string, start: number, end: number): boolean {
  for (let at = start + 1; at < end - 2; at++) {
    if (text.charCodeAt(at) === 0x3a) return text.startsWith('//', at + 1);
  }
  return false;
}

/** True where a quote holds the first line of an HTTP request: its method and version are words, its path is masked. */
function isRequest(text: string, start: number): boolean {
  let at = start;
  while (at - start < 8 && text.charCodeAt(at) >= 0x41 && text.charCodeAt(at) <= 0x5a) at += 1;
  return at - start >= 3 && (text.startsWith(' /', at) || text.startsWith(' http', at));
}

/** Marks that stand before a word and say nothing of what it is: `@0x7fed806eb5d`, `#17`. */
function isPrefix(code: number): boolean {
  return code === 0x40 || code === 0x23 || code === 0x2a || code === 0x2b || code === 0x26;
}

/** A list's items are words of their own, with a space between them or not. */
function isListMark(code: number): boolean {
  return code === 0x2c || code === 0x3b;
}

function isPunctuation(code: number): boolean {
  return code === 0x2e || code === 0x3a;
}
