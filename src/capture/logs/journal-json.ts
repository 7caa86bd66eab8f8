import type {JournalRecord} from './journal-entry.ts';
import {parseObject} from './parse/json-line.ts';

/**
 * One line of `journalctl -o json`. It is an object of text, mostly, whose fields stand in another order in each line:
 * JSON.parse makes a shape for each order and takes ten times as long as this walk, to which whatever is not plain
 * text without escapes is left.
 */
export function parseJournalLine(line: string): JournalRecord | undefined {
  return walk(line) ?? parsed(line);
}

function walk(line: string): JournalRecord | undefined {
  const record = new Map<string, unknown>();
  let at = 1;
  if (!line.startsWith('{"')) return undefined;
  for (;;) {
    // A key, `"KEY":"`: names of fields hold no escapes.
    const keyEnd = line.indexOf('":"', at + 1);
    if (line.charCodeAt(at) !== 34 || keyEnd < 0) return undefined;
    const key = line.slice(at + 1, keyEnd);
    if (!/^\w{1,64}$/.test(key)) return undefined;
    const end = closing(line, keyEnd + 3);
    if (end < 0) return undefined;
    record.set(key, unescaped(line, keyEnd + 2, end));
    const next = line.charCodeAt(end + 1);
    if (next === 125) return end + 2 === line.length ? record : undefined;
    if (next !== 44) return undefined;
    at = end + 2;
  }
}

/** The quote that ends the text which begins at `start`. */
function closing(line: string, start: number): number {
  for (let at = line.indexOf('"', start); at >= 0; at = line.indexOf('"', at + 1)) {
    let slashes = 0;
    while (line.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/** Text between the quotes at `open` and `end`. */
function unescaped(line: string, open: number, end: number): string {
  const text = line.slice(open + 1, end);
  if (!text.includes('\\')) return text;
  // Once through the parser for what is escaped; a broken escape gives the text as it stands.
  const value = parseObject(`{"v":${line.slice(open, end + 1)}}`)?.v;
  return typeof value === 'string' ? value : text;
}

function parsed(line: string): JournalRecord | undefined {
  const record = parseObject(line);
  return record && new Map(Object.entries(record));
}
