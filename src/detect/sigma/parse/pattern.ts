import type {Pattern, Piece} from '../rule.ts';

/** A piece of a pattern whose placeholders have no values yet. */
export type OpenPiece = Piece | {readonly placeholder: string};

/**
 * Reads a value's backslashes and wildcards: `\*` and `\?` are plain characters, `\\` before anything is one backslash,
 * a backslash before anything else is itself. With `placeholders`, `%name%` is one and `\%` is a plain percent sign.
 *
 * @example
 * readPattern('C:\\*.exe') // [{text: 'C:*.exe'}]: the wildcard was escaped
 */
export function readPattern(source: string, placeholders = false): OpenPiece[] {
  const pieces: OpenPiece[] = [];
  let text = '';
  const close = (piece: OpenPiece) => {
    if (text !== '') pieces.push({text});
    text = '';
    pieces.push(piece);
  };
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    const next = source.charAt(at + 1);
    if (char === '\\' && (next === '*' || next === '?' || next === '\\' || (placeholders && next === '%'))) {
      text += next;
      at++;
    } else if (char === '*' || char === '?') close(char);
    else if (char === '%' && placeholders) {
      const name = /^%([\w.-]{1,128})%/.exec(source.slice(at, at + 131))?.[1];
      if (name === undefined) text += char;
      else {
        close({placeholder: name});
        at += name.length + 1;
      }
    } else text += char;
  }
  if (text !== '') pieces.push({text});
  return pieces;
}

/** The text of a pattern without wildcards, or undefined where it has one. */
export function plainText(pattern: Pattern): string | undefined {
  let text = '';
  for (const piece of pattern) {
    if (typeof piece === 'string') return undefined;
    text += piece.text;
  }
  return text;
}

/** Joins neighbouring texts and drops a `*` beside another. */
export function tidy(pieces: Pattern): Piece[] {
  const tidied: Piece[] = [];
  for (const piece of pieces) {
    const last = tidied.at(-1);
    if (piece === '*' && last === '*') continue;
    if (typeof piece === 'object' && typeof last === 'object')
      tidied[tidied.length - 1] = {text: last.text + piece.text};
    else tidied.push(piece);
  }
  return tidied;
}

/** A pattern as a rule would write it. */
export function showPattern(pattern: Pattern): string {
  return pattern.map(piece => (typeof piece === 'string' ? piece : piece.text)).join('');
}
