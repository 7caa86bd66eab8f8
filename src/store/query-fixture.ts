import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Database, SqlValue} from './engine.ts';
import {FullText} from './full-text.ts';
import {migrate} from './migrate.ts';
import {openDatabase} from './open-database.ts';

/** A store in a temporary folder with rows put there by plain SQL, for tests of reading. */
export interface Fixture {
  readonly path: string;
  readonly database: Database;
  /** Inserts into a table by column name. */
  insert(table: string, row: Readonly<Record<string, SqlValue>>): void;
  /** The id of a repeated text. */
  name(text: string): number;
  remove(): void;
}

export async function fixture(fullText = true): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'siem-query-'));
  const path = join(folder, 'siem.db');
  const database = await openDatabase(path, {mode: 'write', engine: 'native'});
  migrate(database);
  const index = fullText ? new FullText(database, 1_000_000) : undefined;
  const insert: Fixture['insert'] = (table, row) => {
    const columns = Object.keys(row);
    const places = columns.map(() => '?').join(', ');
    database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`).run(...Object.values(row));
    if (table === 'log') index?.add(Number(row.seq), Number(row.seq));
  };
  const name: Fixture['name'] = text => {
    database.prepare('INSERT OR IGNORE INTO name (text) VALUES (?)').run(text);
    return Number(database.prepare('SELECT id FROM name WHERE text = ?').get(text)?.id);
  };
  const remove = () => {
    database.close();
    rmSync(folder, {recursive: true});
  };
  return {path, database, insert, name, remove};
}
