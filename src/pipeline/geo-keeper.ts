import {resolve} from 'node:path';
import type {AppLog} from '../config/app-log.ts';
import type {Settings} from '../config/settings.ts';
import {type GeoContent, GeoDatabases, type GeoFault, geoFaultText, readGeoFile} from '../detect/geo/geo-databases.ts';
import {errorText} from '../event/error-code.ts';
import {FileWatch} from './file-watch.ts';
import type {StartupLine} from './snapshot.ts';

export interface GeoKeeperParts {
  readonly settings: Settings;
  readonly dataDir: string;
  readonly log: AppLog;
  readonly tell: (line: StartupLine) => void;
}

/**
 * Keeps the databases of where addresses are: reads them at the start, and each again when its file has changed. Of a file
 * that is broken or gone what was read before stays in force, and that is said.
 */
export class GeoKeeper {
  readonly #parts: GeoKeeperParts;
  readonly #files: readonly GeoFile[];
  readonly #watch: FileWatch;
  #databases: GeoDatabases | undefined;

  constructor(parts: GeoKeeperParts) {
    this.#parts = parts;
    const {settings, dataDir, log} = parts;
    this.#files = settings.network.geoip.map(path => ({path: resolve(dataDir, path)}));
    this.#watch = new FileWatch({
      seconds: settings.rules.watch_seconds,
      paths: () => this.#files.map(({path}) => path),
      read: changed => this.#read(this.#files.filter(({path}) => changed.includes(path))),
      failed: error => log.error(`geoip: could not be read: ${errorText(error)}`),
    });
  }

  /** Whether the settings name any. */
  get isWanted(): boolean {
    return this.#files.length > 0;
  }

  /** What is in force; undefined where no file could be read yet. */
  get now(): GeoDatabases | undefined {
    return this.#databases;
  }

  /** Resolves when the databases are in force. Whatever is wrong with them, the monitor goes on without. */
  async start(): Promise<void> {
    if (this.isWanted) await this.#watch.start();
  }

  async stop(): Promise<void> {
    await this.#watch.stop();
  }

  async #read(changed: readonly GeoFile[]): Promise<void> {
    for (const file of changed) await readAgain(file);
    const contents = this.#files.flatMap(({content}) => content ?? []);
    if (contents.length > 0) this.#databases = new GeoDatabases(contents);
    const {log, tell} = this.#parts;
    for (const {fault} of changed) if (fault) log.warning(geoFaultText(fault));
    const line = openingLine(this.#files);
    log.info(`geoip: ${line.detail}`);
    tell(line);
  }
}

/** One file, and the newest version of it that was whole. */
interface GeoFile {
  readonly path: string;
  content?: GeoContent;
  /** What is wrong with the newest version. */
  fault?: GeoFault | undefined;
}

async function readAgain(file: GeoFile): Promise<void> {
  try {
    file.content = await readGeoFile(file.path);
    file.fault = undefined;
  } catch (error) {
    file.fault = {path: file.path, reason: errorText(error)};
  }
}

function openingLine(files: readonly GeoFile[]): StartupLine {
  const open = files.filter(({content}) => content !== undefined).length;
  const detail = `${open} of ${files.length} databases open`;
  const broken = files.find(({fault}) => fault !== undefined);
  if (!broken) return {what: 'geoip', state: 'ok', detail};
  const kept = broken.content ? '; what was read of it before stays in force' : '';
  const mend = 'expected a MaxMind database (.mmdb): set geoip in [network]';
  return {what: 'geoip', state: 'note', detail: `${detail}: ${broken.path}: ${broken.fault?.reason}${kept}`, mend};
}
