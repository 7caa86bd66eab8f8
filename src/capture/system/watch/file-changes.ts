import {sanitizeLine} from '../../../event/sanitize.ts';
import {type FileState, hashOf} from './file-state.ts';

/** What differs between two states, for a person: `size 120 → 240 bytes, 1 line added`. '' where nothing does. */
export function changesBetween(before: FileState, after: FileState, nameOf: (uid: number) => string): string {
  const changes: string[] = [];
  if (before.link !== after.link) changes.push(`link ${before.link || 'none'} → ${after.link || 'none'}`);
  else if (typeOf(before) !== typeOf(after))
    changes.push(typeOf(after) === regular ? 'now a file' : 'no file any more');
  if (octal(before.mode) !== octal(after.mode)) changes.push(`mode ${octal(before.mode)} → ${octal(after.mode)}`);
  if (before.uid !== after.uid) changes.push(`owner ${nameOf(before.uid)} → ${nameOf(after.uid)}`);
  if (before.gid !== after.gid) changes.push(`group ${before.gid} → ${after.gid}`);
  if (hasOtherContent(before, after)) changes.push(...contentChanges(before, after));
  return changes.map(sanitizeLine).join(', ');
}

/** The lines that were not there before, for showing: the first three, shortened. */
export function addedLines(before: FileState | undefined, lines: readonly string[]): string {
  const known = new Set(before?.lines);
  const added = lines.filter(line => !known.has(hashOf(line, 8)));
  return added
    .slice(0, 3)
    .map(line => sanitizeLine(line.length > 200 ? `${line.slice(0, 200)}…` : line))
    .join(' ⏎ ');
}

export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

const regular = 0o100000;

function typeOf({mode}: FileState): number {
  return mode & 0o170000;
}

// Read now and not before, or the other way: who looks has changed, not the file.
function hasOtherContent(before: FileState, after: FileState): boolean {
  if (before.hash === '' && after.hash === '') return before.link === after.link && before.size !== after.size;
  return before.hash !== '' && after.hash !== '' && before.hash !== after.hash;
}

function contentChanges(before: FileState, after: FileState): string[] {
  const size = before.size === after.size ? [] : [`size ${before.size} → ${after.size} bytes`];
  const added = before.lines && after.lines ? countMissing(after.lines, before.lines) : 0;
  const removed = before.lines && after.lines ? countMissing(before.lines, after.lines) : 0;
  const lines = [...counted(added, 'added'), ...counted(removed, 'removed')];
  return size.length + lines.length === 0 ? ['content changed'] : [...size, ...lines];
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? 'line' : 'lines'} ${what}`];
}

/** How many of `lines` are not among `others`, each standing for one. */
function countMissing(lines: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  let missing = 0;
  for (const line of lines) {
    const count = left.get(line) ?? 0;
    if (count === 0) missing++;
    else left.set(line, count - 1);
  }
  return missing;
}
