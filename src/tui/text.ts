import stringWidth from 'string-width';
import {sanitizeLine} from '../event/sanitize.ts';
import type {Style, Theme} from './pane.ts';

export type Align = 'left' | 'right';

const plainAscii = /^[\x20-\x7e]*$/;
const unknownWidth = 255;
// One byte a code point, filled when first met. Beyond it are only ideographs and what sanitising removes.
const widths = new Uint8Array(0x20000).fill(unknownWidth);

/** Cells that text (without escapes) takes. Counted by code point, as terminals do, not by grapheme. */
export function cellWidth(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += codePointWidth(character);
  return cells;
}

/** Text as exactly `width` cells: made harmless, cut with an ellipsis where too long, padded where too short. */
export function fitCells(text: string, width: number, unicode: boolean, align: Align = 'left'): string {
  if (width <= 0) return '';
  // A message may be 64 kB long; no more of it than can be seen is looked at.
  const bound = 4 * width + 16;
  const safe = printable(text.length > bound ? text.slice(0, bound) : text, unicode);
  const cells = cellWidth(safe);
  if (cells > width || text.length > bound) {
    const head = cutCells(safe, width - 1);
    return `${head}${unicode ? '…' : '~'}${' '.repeat(Math.max(0, width - 1 - cellWidth(head)))}`;
  }
  const padding = ' '.repeat(width - cells);
  return align === 'left' ? safe + padding : padding + safe;
}

/** As `fitCells`, but what is too long loses its middle: for addresses and paths, whose ends tell them apart. */
export function fitMiddle(text: string, width: number, unicode: boolean): string {
  const safe = printable(text, unicode);
  if (width < 5 || cellWidth(safe) <= width) return fitCells(safe, width, unicode);
  const head = cutCells(safe, Math.ceil((width - 1) / 2));
  const tail = cutCellsFromEnd(safe, width - 1 - cellWidth(head));
  return fitCells(`${head}${unicode ? '…' : '~'}${tail}`, width, unicode);
}

/** The longest prefix that takes no more than `width` cells; a wide character that would straddle is left out. */
export function cutCells(text: string, width: number): string {
  if (width <= 0) return '';
  if (plainAscii.test(text)) return text.slice(0, width);
  let cells = 0;
  let end = 0;
  for (const character of text) {
    cells += codePointWidth(character);
    if (cells > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Text broken into lines of at most `width` cells, at spaces where there are any. Never empty. */
export function wrap(text: string, width: number, unicode: boolean): string[] {
  const lines: string[] = [];
  let rest = printable(text, unicode).trimEnd();
  const room = Math.max(2, width);
  while (cellWidth(rest) > room) {
    const head = cutCells(rest, room);
    const space = rest[head.length] === ' ' ? head.length : head.lastIndexOf(' ');
    const cut = space > head.length / 3 ? space : Math.max(1, head.length);
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  lines.push(rest);
  return lines;
}

/**
 * Text as this terminal may show it on one line: nothing that moves the cursor, nothing invisible, and where only ASCII
 * may be shown, its nearest ASCII.
 */
export function printable(text: string, unicode: boolean): string {
  if (plainAscii.test(text)) return text;
  const safe = sanitizeLine(text).replace(variation, '').replace(invisible, '\ufffd');
  return unicode ? safe : toAscii(safe);
}

/** Paints text in a style, and where `search` occurs in it, without case, as a match. */
export function highlight(text: string, search: string, theme: Theme, style: Style): string {
  if (search === '') return theme.paint(style, text);
  const pattern = searchPattern(printable(search, theme.unicode));
  let painted = '';
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    painted += theme.paint(style, text.slice(from, match.index)) + theme.paint('match', match[0]);
    from = match.index + match[0].length;
  }
  return painted + theme.paint(style, text.slice(from));
}

// How wide a character with a variation selector or a skin tone is differs between terminals: without, all agree.
const variation = /[\ufe00-\ufe0f]|(?<=\p{Extended_Pictographic})[\u{1f3fb}-\u{1f3ff}]/gu;
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

function codePointWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code >= widths.length) return code < 0x40000 ? 2 : 1;
  let width = widths[code] ?? unknownWidth;
  if (width === unknownWidth) {
    width = isJoiningJamo(code) ? 0 : stringWidth(character);
    widths[code] = width;
  }
  return width;
}

/** Vowels and finals of Hangul, which terminals draw into the syllable's first cell pair. */
function isJoiningJamo(code: number): boolean {
  return (code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7fb);
}

function cutCellsFromEnd(text: string, width: number): string {
  if (plainAscii.test(text)) return text.slice(Math.max(0, text.length - width));
  const characters = [...text];
  let cells = 0;
  let start = characters.length;
  while (start > 0) {
    cells += codePointWidth(characters[start - 1] ?? '');
    if (cells > width) break;
    start--;
  }
  return characters.slice(start).join('');
}

const asciiForms: Readonly<Record<string, string>> = {
  '…': '...',
  '–': '-',
  '—': '-',
  '−': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '→': '->',
  '←': '<-',
  '·': '.',
  '×': 'x',
  µ: 'u',
  '≥': '>=',
  '≤': '<=',
  '±': '+-',
  '\u2421': '^?',
};

/** Accents go, control pictures become `^[`, the rest its nearest ASCII or `?`. */
function toAscii(text: string): string {
  let ascii = '';
  for (const character of text.normalize('NFD').replace(/\p{M}/gu, '')) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) ascii += character;
    else if (code >= 0x2400 && code < 0x2420) ascii += `^${String.fromCharCode(code - 0x2400 + 0x40)}`;
    else ascii += asciiForms[character] ?? '?';
  }
  return ascii;
}

let lastSearch = '';
let lastPattern = /(?!)/giu;

function searchPattern(search: string): RegExp {
  if (search !== lastSearch) {
    lastSearch = search;
    lastPattern = new RegExp(search.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'giu');
  }
  return lastPattern;
}
