import {existsSync, renameSync, rmSync} from 'node:fs';
import {dirname} from 'node:path';
import {sizeOf, syncFolder} from './disk.ts';
import type {Database} from './engine.ts';
import {journalPath} from './journal.ts';
import {StoreError} from './sink.ts';

// A full check reads everything: only what takes some ten milliseconds is checked so at each start.
const checkedWhole = 16 * 1_048_576;

/** Throws a StoreError `damaged` where the file cannot be trusted. A large file is only looked at in places. */
export function checkDatabase(database: Database, path: string): void {
  const tables = database.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
  );
  for (const {name} of tables.all()) database.prepare(`SELECT * FROM "${name}" LIMIT 1`).get();
  if (sizeOf(path) > checkedWhole) return;
  const verdict = String(Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
  if (verdict !== 'ok') throw new StoreError('damaged', `${path}: ${verdict}`);
}

/** Moves a damaged database with all that belongs to it out of the way. Gives its new name. */
export function setAside(path: string, now: Date): string {
  const kept = freeName(`${path}.damaged-${now.toISOString().replaceAll(':', '-')}`);
  for (const [from, to] of [
    [path, kept],
    [`${path}-wal`, `${kept}-wal`],
    [journalPath(path), journalPath(kept)],
  ] as const) {
    if (existsSync(from)) renameSync(from, to);
  }
  // Only an index over the WAL, made anew when needed.
  rmSync(`${path}-shm`, {force: true});
  syncFolder(dirname(path));
  return kept;
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let n = 2; existsSync(name); n++) name = `${wanted}-${n}`;
  return name;
}
