import {resolve} from 'node:path';
import type {AppLog} from '../config/app-log.ts';
import type {Settings} from '../config/settings.ts';
import {type GeoContent, GeoDatabases, type GeoFault, geoFaultText, readGeoFile} from '../detect/geo/geo-databases.ts';
import {errorText} from '../event/error-code.ts';
import {RepeatedLook} from './repeated-look.ts';
import {rulesFingerprint} from './rule-files.ts';
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
  readonly #looks: RepeatedLook;
  #databases: GeoDatabases | undefined;

  constructor(parts: GeoKeeperParts) {
    this.#parts = parts;
    const {rules, network} = parts.settings;
    this.#files = network.geoip.map(path => new GeoFile(resolve(parts.dataDir, path)));
    this.#looks = new RepeatedLook(() => this.#look(), rules.watch_seconds);
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
    if (this.isWanted) await this.#looks.start();
  }

  async stop(): Promise<void> {
    await this.#looks.stop();
  }

  async #look(): Promise<void> {
    const changed: GeoFile[] = [];
    for (const file of this.#files) if (await file.look()) changed.push(file);
    if (changed.length === 0) return;
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
class GeoFile {
  readonly path: string;
  content: GeoContent | undefined;
  /** What is wrong with the newest version. */
  fault: GeoFault | undefined;
  #fingerprint: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether it has changed, and was read. Never throws. */
  async look(): Promise<boolean> {
    const found = await rulesFingerprint([this.path]);
    if (found === this.#fingerprint) return false;
    this.#fingerprint = found;
    try {
      this.content = await readGeoFile(this.path);
      this.fault = undefined;
    } catch (error) {
      this.fault = {path: this.path, reason: errorText(error)};
    }
    return true;
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
