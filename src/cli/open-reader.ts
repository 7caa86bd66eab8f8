import {loadConfig} from '../config/load.ts';
import type {Settings} from '../config/settings.ts';
import {checkReadable, databasePath} from '../store/folder.ts';
import {layoutVersion} from '../store/migrate.ts';
import {openDatabase} from '../store/open-database.ts';
import {migrations} from '../store/schema.ts';
import {StoreError} from '../store/sink.ts';
import {SqlReader} from '../store/store-reader.ts';

export interface ReaderOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly utc?: boolean;
}

export interface OpenReader {
  readonly reader: SqlReader;
  readonly settings: Settings;
  readonly dataDir: string;
  readonly utc: boolean;
}

/** Opens the store of the data folder for reading. Throws a StoreError that says who may, or what to start first. */
export async function openReader(options: ReaderOptions): Promise<OpenReader> {
  const {settings, dataDir} = loadConfig(options);
  const utc = options.utc ?? settings.screen.time === 'utc';
  checkReadable(dataDir);
  const database = await openDatabase(databasePath(dataDir), {mode: 'read', engine: settings.store.engine});
  try {
    checkLayout(layoutVersion(database), dataDir);
  } catch (error) {
    database.close();
    throw error;
  }
  const reader = new SqlReader(database, () => ({now: Date.now() * 1000, utc}));
  return {reader, settings, dataDir, utc};
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
