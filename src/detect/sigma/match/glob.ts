import type {Pattern, Piece} from '../rule.ts';

/** Tells whether a whole text is as a pattern says; time is at most its length times the pattern's. */
export function compileGlob(pattern: Pattern): (text: string) => boolean {
  const parts = splitAtStars(pattern);
  const [head = []] = parts;
  const tail = parts.at(-1) ?? [];
  const middle = parts.slice(1, -1).filter(part => part.length > 0);
  if (parts.length === 1) return text => lengthOf(head) === text.length && standsAt(head, text, 0);
  const [headLength, tailLength] = [lengthOf(head), lengthOf(tail)];
  return text => {
    if (text.length < headLength + tailLength) return false;
    const end = text.length - tailLength;
    if (!standsAt(head, text, 0) || !standsAt(tail, text, end)) return false;
    let at = headLength;
    for (const part of middle) {
      const found = find(part, text, at, end);
      if (found < 0) return false;
      at = found + lengthOf(part);
    }
    return true;
  };
}

type Part = readonly Exclude<Piece, '*'>[];

function splitAtStars(pattern: Pattern): Part[] {
  const parts: Exclude<Piece, '*'>[][] = [[]];
  for (const piece of pattern) {
    if (piece === '*') parts.push([]);
    else parts.at(-1)?.push(piece);
  }
  return parts;
}

function lengthOf(part: Part): number {
  return part.reduce((sum, piece) => sum + (piece === '?' ? 1 : piece.text.length), 0);
}

function standsAt(part: Part, text: string, start: number): boolean {
  let at = start;
  for (const piece of part) {
    if (piece === '?') {
      if (at++ >= text.length) return false;
    } else {
      if (!text.startsWith(piece.text, at)) return false;
      at += piece.text.length;
    }
  }
  return true;
}

function find(part: Part, text: string, from: number, end: number): number {
  const [first] = part;
  const length = lengthOf(part);
  for (let at = from; at + length <= end; at++) {
    if (typeof first === 'object') {
      at = text.indexOf(first.text, at);
      if (at < 0 || at + length > end) return -1;
    }
    if (standsAt(part, text, at)) return at;
  }
  return -1;
}
