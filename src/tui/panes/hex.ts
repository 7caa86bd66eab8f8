import type {Size, Style, Theme} from '../pane.ts';
import {frame, type Parts, partsLine} from './frame.ts';

/** Bytes that are lit up. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/**
 * Bytes in hexadecimal and as text, sixteen a line where there is room, those of a range lit up and, where there are no
 * colours, in brackets; scrolled so that the range is seen.
 */
export function hexLines(bytes: Uint8Array, lit: ByteRange, size: Size, theme: Theme): string[] {
  const perLine = [16, 8, 4].find(count => lineCells(count) <= size.width);
  if (perLine === undefined) return frame([], size);
  const rows = Math.ceil(bytes.length / perLine);
  const top = topRow(Math.floor(lit.start / perLine), rows, size.height);
  const count = Math.max(0, Math.min(rows - top, size.height));
  const lines = Array.from({length: count}, (_, row) =>
    hexLine(bytes, (top + row) * perLine, perLine, lit, size, theme),
  );
  return frame(lines, size);
}

/** Lines that all the bytes take at this width. */
export function hexHeight(bytes: Uint8Array, width: number): number {
  const perLine = [16, 8, 4].find(count => lineCells(count) <= width);
  return perLine === undefined ? 0 : Math.ceil(bytes.length / perLine);
}

/** Cells of a line of sixteen. */
export const fullHexWidth = lineCells(16);

function lineCells(perLine: number): number {
  return 4 + perLine * 3 + 3 + perLine;
}

function topRow(wanted: number, rows: number, height: number): number {
  return Math.max(0, Math.min(wanted - Math.floor(height / 3), rows - height));
}

function hexLine(bytes: Uint8Array, from: number, perLine: number, lit: ByteRange, size: Size, theme: Theme): string {
  const parts: [Style, string][] = [['dim', from.toString(16).padStart(4, '0')]];
  const brackets = theme.paint('selected', 'x') === 'x';
  const isLit = (at: number) => at >= lit.start && at < lit.start + lit.length && at >= from && at < from + perLine;
  for (let at = from; at < from + perLine; at++) {
    const byte = bytes[at];
    const [now, before] = [isLit(at), isLit(at - 1)];
    const edge = now === before ? ' ' : now ? '[' : ']';
    parts.push([now && before ? 'selected' : 'plain', brackets ? edge : ' ']);
    parts.push([now ? 'selected' : 'plain', byte === undefined ? '  ' : byte.toString(16).padStart(2, '0')]);
  }
  parts.push(['plain', brackets && isLit(from + perLine - 1) ? ']  ' : '   ']);
  for (let at = from; at < Math.min(from + perLine, bytes.length); at++) {
    parts.push([isLit(at) ? 'selected' : 'dim', textOf(bytes[at] ?? 0)]);
  }
  return partsLine(joined(parts), size.width, theme);
}

function textOf(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}

/** Neighbours of one style as one part: less to paint and to write. */
function joined(parts: Parts): Parts {
  const whole: [Style, string][] = [];
  for (const [style, text] of parts) {
    const last = whole.at(-1);
    if (last && last[0] === style) last[1] += text;
    else whole.push([style, text]);
  }
  return whole;
}
