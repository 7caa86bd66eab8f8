import {join} from 'node:path';
import {removeTemporaryFolders, temporaryFolder} from '../../tests/support/store-fixture.ts';
import {layoutVersion, migrate} from './migrate.ts';
import {openDatabase} from './open-database.ts';
import {migrations} from './schema.ts';

afterEach(removeTemporaryFolders);

describe.each(['auto', 'sql.js'] as const)('with engine %s', engine => {
  test('an older layout is brought up step by step, and keeps its rows', async () => {
    const database = await openDatabase(join(temporaryFolder(), 'a.db'), {mode: 'write', engine});
    migrate(database);
    database.exec("INSERT INTO name (text) VALUES ('kept')");
    migrate(database, [...migrations, 'ALTER TABLE name ADD COLUMN seen INTEGER DEFAULT 5', 'CREATE TABLE extra (x)']);
    expect(layoutVersion(database)).toBe(migrations.length + 2);
    expect({...database.prepare('SELECT text, seen FROM name').get()}).toEqual({text: 'kept', seen: 5});
    expect(() => migrate(database)).toThrow(expect.objectContaining({code: 'newer'}));
    database.close();
  });

  test('a step that fails leaves the layout before it', async () => {
    const database = await openDatabase(join(temporaryFolder(), 'a.db'), {mode: 'write', engine});
    migrate(database);
    const steps = [...migrations, 'CREATE TABLE good (x)', 'CREATE TABLE half (x); CREATE TABLE name (x)'];
    expect(() => migrate(database, steps)).toThrow(/name/);
    expect(layoutVersion(database)).toBe(migrations.length + 1);
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE name IN ('good', 'half')").all();
    expect(tables.map(row => row.name)).toEqual(['good']);
    database.close();
  });
});
