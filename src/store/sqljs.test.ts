import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {removeTemporaryFolders, temporaryFolder} from '../../tests/support/store-fixture.ts';
import type {Database} from './engine.ts';
import {openDatabase} from './open-database.ts';

afterEach(removeTemporaryFolders);

const write = {mode: 'write', engine: 'sql.js'} as const;
const read = {mode: 'read', engine: 'sql.js'} as const;

/** Leaves the files as kill -9 would: nothing is exported, and the journal stays. */
function crash(path: string): string {
  const copy = join(temporaryFolder(), 'a.db');
  for (const suffix of ['', '-frames']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  return copy;
}

async function filled(path: string, rows: number): Promise<Database> {
  const database = await openDatabase(path, write);
  database.exec('CREATE TABLE IF NOT EXISTS a (x INTEGER PRIMARY KEY, y)');
  const insert = database.prepare('INSERT INTO a (y) VALUES (?)');
  for (let n = 0; n < rows; n++) insert.run(`row ${n}`);
  return database;
}

const count = (database: Database) => database.prepare('SELECT count(*) AS n FROM a').get()?.n;

test('what was committed is there after a crash, and what was not is not', async () => {
  const path = join(temporaryFolder(), 'a.db');
  const database = await filled(path, 5);
  database.exec('BEGIN; INSERT INTO a (y) VALUES (1); INSERT INTO a (y) VALUES (2); ROLLBACK');
  database.exec('BEGIN IMMEDIATE');
  database.prepare('INSERT INTO a (y) VALUES (?) RETURNING x').get('returned');
  database.exec("UPDATE a SET y = 'changed' WHERE x = 1; COMMIT; BEGIN; DELETE FROM a");
  const after = await openDatabase(crash(path), write);
  expect(
    after
      .prepare('SELECT y FROM a ORDER BY x')
      .all()
      .map(row => row.y),
  ).toEqual(['changed', 'row 1', 'row 2', 'row 3', 'row 4', 'returned']);
  after.close();
  database.exec('ROLLBACK');
  database.close();
});

test('killed between the rename of an export and the clearing of the journal, nothing is doubled', async () => {
  const path = join(temporaryFolder(), 'a.db');
  const database = await filled(path, 50);
  const frames = readFileSync(`${path}-frames`);
  database.close();
  expect(existsSync(`${path}-frames`)).toBe(false);
  writeFileSync(`${path}-frames`, frames);
  const after = await filled(path, 1);
  expect(count(after)).toBe(51);
  const again = await openDatabase(crash(path), write);
  expect(count(again)).toBe(51);
  for (const open of [after, again]) open.close();
});

test('a torn last frame is left out and written over', async () => {
  const path = join(temporaryFolder(), 'a.db');
  const database = await filled(path, 10);
  const copy = crash(path);
  truncateSync(`${copy}-frames`, readFileSync(`${copy}-frames`).length - 3);
  const notices: string[] = [];
  const after = await openDatabase(copy, {...write, notice: text => notices.push(text)});
  expect(count(after)).toBe(9);
  after.exec("INSERT INTO a (y) VALUES ('next')");
  const again = await openDatabase(crash(copy), write);
  expect(count(again)).toBe(10);
  expect(notices).toEqual([]);
  for (const open of [database, after, again]) open.close();
});

test('a journal damaged in its middle is kept and told of', async () => {
  const path = join(temporaryFolder(), 'a.db');
  const database = await filled(path, 10);
  const copy = crash(path);
  const bytes = readFileSync(`${copy}-frames`);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
  writeFileSync(`${copy}-frames`, bytes);
  const notices: string[] = [];
  const after = await openDatabase(copy, {...write, notice: text => notices.push(text)});
  expect(Number(count(after))).toBeLessThan(10);
  expect(notices.join()).toMatch(/could not be read; a copy was kept as/);
  expect(readdirSync(join(copy, '..')).filter(name => name.includes('damaged'))).toHaveLength(1);
  for (const open of [database, after]) open.close();
});

test('statements, functions and settings outlive an export', async () => {
  const path = join(temporaryFolder(), 'a.db');
  const first = await filled(path, 3);
  first.close();
  const database = await openDatabase(path, {...write, sizeCapBytes: 1_048_576});
  database.function('twice', value => Number(value) * 2);
  const statement = database.prepare('SELECT twice(count(*)) AS n FROM a');
  expect(statement.get()?.n).toBe(6);
  const fill = () => database.exec(`INSERT INTO a (y) VALUES ('${'x'.repeat(200_000)}')`);
  expect(() => Array.from({length: 10}, fill)).toThrow(/full/);
  expect(Number(statement.get()?.n)).toBeGreaterThan(6);
  database.exec('DELETE FROM a WHERE x > 3');
  expect(statement.get()?.n).toBe(6);
  database.close();
});

test('a reader follows the writer over exports, and takes no half frame', async () => {
  const path = join(temporaryFolder(), 'a.db');
  const writer = await filled(path, 3);
  const reader = await openDatabase(path, read);
  reader.function('plus', (a, b) => Number(a) + Number(b));
  const statement = reader.prepare('SELECT plus(count(*), 0) AS n FROM a');
  expect(statement.get()?.n).toBe(3);
  writer.exec("INSERT INTO a (y) VALUES ('live')");
  expect(statement.get()?.n).toBe(4);
  writer.close();
  expect(statement.get()?.n).toBe(4);
  const next = await filled(path, 2);
  expect(statement.get()?.n).toBe(6);
  appendFileSync(`${path}-frames`, Buffer.from([9, 0, 0, 0, 1, 2]));
  expect(statement.get()?.n).toBe(6);
  for (const database of [reader, next]) database.close();
});

test('a program with native SQLite reads what sql.js writes', async () => {
  const path = join(temporaryFolder(), 'a.db');
  const writer = await filled(path, 3);
  const reader = await openDatabase(path, {mode: 'read', engine: 'auto'});
  expect(count(reader)).toBe(3);
  for (const database of [reader, writer]) database.close();
});
