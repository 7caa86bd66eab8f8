import {readdirSync, writeFileSync} from 'node:fs';
import {removeTemporaryFolders, temporaryFolder} from '../../tests/support/store-fixture.ts';
import type {Database} from './engine.ts';
import {databasePath} from './folder.ts';
import {lockFolder, lockHolder} from './lock.ts';
import {migrate} from './migrate.ts';
import {openDatabase} from './open-database.ts';
import {peekStore} from './peek.ts';
import {migrations} from './schema.ts';

afterEach(removeTemporaryFolders);

async function openStore(folder: string): Promise<Database> {
  const database = await openDatabase(databasePath(folder), {mode: 'write', engine: 'native'});
  migrate(database);
  return database;
}

test('a folder without a store has none, and stays empty', async () => {
  const folder = temporaryFolder();
  expect(await peekStore(folder)).toEqual({state: 'none'});
  expect(readdirSync(folder)).toEqual([]);
});

test('a store tells its layout while it is written and after, and nothing is made beside it', async () => {
  const folder = temporaryFolder();
  const database = await openStore(folder);
  expect(await peekStore(folder)).toMatchObject({unfolded: true});
  database.close();
  expect(await peekStore(folder)).toMatchObject({state: 'current', layout: migrations.length, unfolded: false});
  expect(readdirSync(folder)).toEqual(['siem.db']);
});

test('a newer layout is told', async () => {
  const folder = temporaryFolder();
  const database = await openStore(folder);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(await peekStore(folder)).toMatchObject({state: 'newer', layout: 99});
});

test('what is no database, or a broken one, is damaged', async () => {
  const folder = temporaryFolder();
  writeFileSync(databasePath(folder), 'x'.repeat(5_000));
  expect(await peekStore(folder)).toMatchObject({state: 'damaged'});
  writeFileSync(databasePath(folder), `SQLite format 3\u0000${'x'.repeat(5_000)}`);
  expect(await peekStore(folder)).toMatchObject({state: 'damaged'});
});

test('the holder of a lock is told without taking it', () => {
  const folder = temporaryFolder();
  expect(lockHolder(folder)).toBeUndefined();
  const lock = lockFolder(folder);
  expect(lockHolder(folder)?.pid).toBe(process.pid);
  lock.release();
  expect(lockHolder(folder)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['siem.lock.1']);
});
