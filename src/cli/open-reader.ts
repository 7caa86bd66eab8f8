import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {configPlaces, defaultDataDir, surroundings} from '../config/places.ts';
import type {Settings} from '../config/settings.ts';
import {openReader as openStore} from '../store/open-reader.ts';
import type {SqlReader} from '../store/store-reader.ts';

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

/** Opens the store that the command line and the configuration name. Throws a StoreError or a ConfigError. */
export async function openReader(options: ReaderOptions): Promise<OpenReader> {
  const {dataDir, engine, time} = await readerSettings(options);
  const utc = options.utc ?? time === 'utc';
  const reader = await openStore(dataDir, engine, utc);
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
