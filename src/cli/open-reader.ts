import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {configPlaces, defaultDataDir, surroundings} from '../config/places.ts';
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
  readonly dataDir: string;
  readonly utc: boolean;
}

/** Opens the store of the data folder for reading. Throws a StoreError that says who may, or what to start first. */
export async function openReader(options: ReaderOptions): Promise<OpenReader> {
  const {dataDir, engine, time} = await readerSettings(options);
  const utc = options.utc ?? time === 'utc';
  checkReadable(dataDir);
  const database = await openDatabase(databasePath(dataDir), {mode: 'read', engine});
  try {
    checkLayout(layoutVersion(database), dataDir);
  } catch (error) {
    database.close();
    throw error;
  }
  const reader = new SqlReader(database, () => ({now: Date.now() * 1000, utc}));
  return {reader, dataDir, utc};
}

interface ReaderSettings {
  readonly dataDir: string;
  readonly engine: Settings['store']['engine'];
  readonly time: Settings['screen']['time'];
}

/**
 * Checking the settings takes longer than most questions to the store: where nothing is configured, the few defaults
 * that matter here are known.
 */
export async function readerSettings(options: ReaderOptions, around = surroundings()): Promise<ReaderSettings> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir(around));
  const named = options.config !== undefined || Object.keys(around.env).some(isSetting);
  if (!named && !configPlaces(dataDir, around).some(place => existsSync(place)))
    return {dataDir, engine: 'auto', time: 'local'};
  const {loadConfig} = await import('../config/load.ts');
  const {settings} = loadConfig(options, around);
  return {dataDir, engine: settings.store.engine, time: settings.screen.time};
}

function isSetting(name: string): boolean {
  return name.startsWith('SIEM_') && name !== 'SIEM_DATA_DIR';
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
