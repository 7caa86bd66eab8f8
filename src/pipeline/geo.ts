import {resolve} from 'node:path';
import type {AppLog} from '../config/app-log.ts';
import {type GeoDatabases, type GeoFault, openGeoDatabases} from '../detect/geo/geo-databases.ts';
import type {StartupLine} from './snapshot.ts';

export interface OpenedGeo {
  readonly databases: GeoDatabases | undefined;
  readonly faults: readonly GeoFault[];
  readonly wanted: number;
}

/** Opens the databases of the settings. What is wrong with one is logged, and the monitor goes on without it. */
export async function openGeo(files: readonly string[], dataDir: string, log: AppLog): Promise<OpenedGeo> {
  const opened = await openGeoDatabases(files.map(file => resolve(dataDir, file)));
  for (const {path, reason} of opened.faults) log.warning(`geoip: ${path}: ${reason}`);
  return {...opened, wanted: files.length};
}

export function geoLine({faults, wanted}: OpenedGeo): StartupLine {
  const detail = `${wanted - faults.length} of ${wanted} databases open`;
  const [first] = faults;
  if (!first) return {what: 'geoip', state: 'ok', detail};
  const mend = `expected a MaxMind database (.mmdb): set geoip in [network]`;
  return {what: 'geoip', state: 'note', detail: `${detail}: ${first.path}: ${first.reason}`, mend};
}
