import {open} from 'node:fs/promises';
import {gunzipFile, isDamage} from './gunzip.ts';
import {beginsWith, type FilePlace, tailBytes} from './place.ts';
import {describeFile, isMissing, type LogFile, rotatedFiles} from './rotation.ts';

/** A file to be read from where it was left, or from its beginning where `place` is missing. */
export interface Step {
  readonly file: LogFile;
  readonly place: FilePlace | undefined;
}

export interface Plan {
  /** Oldest first. */
  readonly steps: readonly Step[];
  /** Places whose file is not there any more. */
  readonly lost: readonly FilePlace[];
  /** Of the lost: those of which a rotated copy without anything new is there (copytruncate), with that copy. */
  readonly copied: ReadonlyMap<FilePlace, LogFile>;
  /** All that was there when it was made. */
  readonly files: readonly LogFile[];
}

export interface PlanLimits {
  /** Where no known file tells: files changed since then (ms) are unread. */
  readonly changedAfter: number;
}

/**
 * Finds the files in which reading goes on: each known place by inode and content, by content alone after a copy or
 * packing, and then every file younger than the last one known, which was never read.
 */
export async function planReading(path: string, places: readonly FilePlace[], limits: PlanLimits): Promise<Plan> {
  let files = await filesOf(path);
  for (let attempt = 0; ; attempt++) {
    const plan = await planFor(path, files, places, limits);
    // Files that were renamed meanwhile were looked at under each other's names.
    const after = await filesOf(path);
    if (attempt === mostAttempts || sameFiles(files, after)) return plan;
    files = after;
  }
}

const mostAttempts = 20;

/** Whether the path and its rotated files are still those that a plan was made for. */
export async function isCurrent(path: string, {files}: Plan): Promise<boolean> {
  return sameFiles(files, await filesOf(path));
}

async function filesOf(path: string): Promise<LogFile[]> {
  const files = await rotatedFiles(path);
  const current = await describeFile(path);
  return current ? [...files, current] : files;
}

function sameFiles(before: readonly LogFile[], after: readonly LogFile[]): boolean {
  return (
    before.length === after.length &&
    before.every((file, at) => file.path === after[at]?.path && file.inode === after[at]?.inode)
  );
}

async function planFor(
  path: string,
  files: readonly LogFile[],
  places: readonly FilePlace[],
  limits: PlanLimits,
): Promise<Plan> {
  const current = files.find(file => file.path === path);
  const found = new Map<LogFile, FilePlace>();
  const lost: FilePlace[] = [];
  const copied = new Map<FilePlace, LogFile>();
  for (const place of places) {
    const match = await findPlace(place, files, found);
    if (match) found.set(match, place);
    else lost.push(place);
  }
  const last = Math.max(-1, ...[...found.keys()].map(file => files.indexOf(file)));
  const newest = files[last];
  // An emptied file that was filled, copied and emptied again looks untouched: only the copy's time of change tells.
  const byTime = last < 0 || (newest !== undefined && found.get(newest)?.offset === 0);
  const fresh = new Set(
    files.filter((file, at) => {
      if (found.has(file)) return false;
      // A path's own file that is not known was never begun, whatever its clock says.
      return file === current || (last >= 0 && at > last) || (byTime && file.modified > limits.changedAfter);
    }),
  );
  for (const place of lost) {
    const copy = await findCopy(
      place,
      files.filter(file => file !== current),
    );
    if (!copy) continue;
    copied.set(place, copy);
    fresh.delete(copy);
  }
  const steps = files.flatMap(file => {
    const place = found.get(file);
    return place || fresh.has(file) ? [{file, place}] : [];
  });
  return {steps, lost, copied, files};
}

async function findPlace(
  place: FilePlace,
  files: readonly LogFile[],
  taken: ReadonlyMap<LogFile, FilePlace>,
): Promise<LogFile | undefined> {
  const free = files.filter(file => !taken.has(file));
  const sameInode = free.find(file => file.inode === place.inode && !file.packed);
  if (sameInode && (await holdsPlace(sameInode, place))) return sameInode;
  // Nothing was read of it, so nothing in it can be recognised.
  if (place.offset === 0) return undefined;
  const others = free.filter(file => file !== sameInode);
  for (const file of [...others.filter(other => !other.packed), ...others.filter(other => other.packed)]) {
    if (await holdsPlace(file, place)) return file;
  }
  return undefined;
}

/** A rotated file that begins like the lost one: copied before the last lines were read, so it holds nothing new. */
async function findCopy(place: FilePlace, files: readonly LogFile[]): Promise<LogFile | undefined> {
  if (place.offset === 0) return undefined;
  for (const file of files) {
    if (!file.packed && file.size > place.offset) continue;
    if (await readable(() => startsLike(file, place))) return file;
  }
  return undefined;
}

async function holdsPlace(file: LogFile, place: FilePlace): Promise<boolean> {
  if (place.offset === 0) return file.inode === place.inode && file.born === place.born;
  if (!file.packed && file.size < place.offset) return false;
  return readable(() => (file.packed ? packedHolds(file, place) : plainHolds(file, place)));
}

async function plainHolds(file: LogFile, place: FilePlace): Promise<boolean> {
  const handle = await open(file.path, 'r');
  try {
    const head = Buffer.alloc(place.head.length);
    await handle.read(head, 0, head.length, 0);
    const tail = Buffer.alloc(place.tail.length);
    await handle.read(tail, 0, tail.length, place.offset - tail.length);
    return beginsWith(head, place.head) && beginsWith(tail, place.tail);
  } finally {
    await handle.close();
  }
}

async function packedHolds(file: LogFile, place: FilePlace): Promise<boolean> {
  let total = 0;
  let recent = Buffer.alloc(0);
  for await (const piece of gunzipFile(file.path)) {
    const first = total === 0;
    if (first && !beginsWith(piece, place.head)) return false;
    const end = place.offset - total;
    recent = Buffer.concat([recent, piece.subarray(0, Math.max(0, end))]).subarray(-tailBytes);
    total += piece.length;
    if (total >= place.offset) return beginsWith(recent.subarray(recent.length - place.tail.length), place.tail);
  }
  return false;
}

async function startsLike(file: LogFile, place: FilePlace): Promise<boolean> {
  if (file.packed) {
    for await (const piece of gunzipFile(file.path)) return beginsWith(piece, place.head);
    return false;
  }
  const handle = await open(file.path, 'r');
  try {
    const head = Buffer.alloc(Math.min(file.size, place.head.length));
    await handle.read(head, 0, head.length, 0);
    return head.length === place.head.length && beginsWith(head, place.head);
  } finally {
    await handle.close();
  }
}

/** A file that vanishes while it is looked at, or a damaged packed one, is not the wanted one. */
async function readable(check: () => Promise<boolean>): Promise<boolean> {
  try {
    return await check();
  } catch (error) {
    if (isMissing(error) || isDamage(error)) return false;
    throw error;
  }
}
