import type {Settings} from '../config/settings.ts';
import {checkReadable, databasePath} from './folder.ts';
import {layoutVersion} from './migrate.ts';
import {openDatabase} from './open-database.ts';
import {migrations} from './schema.ts';
import {StoreError} from './sink.ts';
import {SqlReader} from './store-reader.ts';

/** Opens the store of a data folder for reading. Throws a StoreError that says who may, or what to start first. */
export async function openReader(
  dataDir: string,
  engine: Settings['store']['engine'],
  utc = false,
): Promise<SqlReader> {
  checkReadable(dataDir);
  const database = await openDatabase(databasePath(dataDir), {mode: 'read', engine});
  try {
    checkLayout(layoutVersion(database), dataDir);
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqlReader(database, () => ({now: Date.now() * 1000, utc}));
}

function checkLayout(found: number, dataDir: string): void {
  const known = migrations.length;
  if (found > known)
    throw new StoreError(
      'newer',
      `The store in ${dataDir} has layout ${found}; this program knows layouts up to ${known}`,
      'Use the newer siem that made it, or another folder: --data-dir',
    );
  if (found < known)
    throw new StoreError(
      'failed',
      `Expected the store in ${dataDir} to have layout ${known}, found ${found}`,
      'Start `siem monitor` once: it brings the store to the newest layout.',
    );
}
