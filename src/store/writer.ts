import {statSync} from 'node:fs';
import type {Position} from '../capture/source.ts';
import type {Settings} from '../config/settings.ts';
import {type Clock, systemClock} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import type {EngineKind} from './engine.ts';
import {databasePath, folderError, prepareFolder} from './folder.ts';
import {type FolderLock, lockFolder} from './lock.ts';
import {Opening} from './opening.ts';
import type {Retention} from './retention.ts';
import type {Session} from './session.ts';
import {
  type AlertGroup,
  type AlertStatus,
  type Sink,
  type StoreBatch,
  StoreError,
  type TallyRow,
  type WriteResult,
} from './sink.ts';
import {storeError} from './store-error.ts';
import {readAlert, readAlerts, readAlertTotals, readPositions, readStates, readTallies} from './store-reads.ts';

export interface StoreStats {
  readonly engine: EngineKind;
  readonly path: string;
  /** On disk: file, WAL, journal. */
  readonly bytes: number;
  /** Rows of the log. */
  readonly logs: number;
  readonly fullText: boolean;
  /** When the WAL was last folded into the file, or sql.js's database last exported; 0 if never. */
  readonly checkpoint: Micros;
}

/**
 * Opens the store of a data folder for its one writer: makes the folder, takes its lock, sets a damaged database aside,
 * migrates. Throws a StoreError with the command that mends it. Close it, or the lock stays until the process ends.
 *
 * @example
 * const store = await openWriter('/var/lib/siem', settings.store);
 * store.write({...emptyBatch, events});
 * while (!store.retentionStep(systemClock()).done) await nextTurn();
 */
export async function openWriter(
  folder: string,
  settings: Settings['store'],
  clock: Clock = systemClock,
): Promise<StoreWriter> {
  prepareFolder(folder);
  const lock = locked(folder);
  try {
    const opening = new Opening(databasePath(folder), settings, clock);
    return new StoreWriter(opening, await opening.openOrReplace(), lock);
  } catch (error) {
    lock.release();
    throw storeError(error, databasePath(folder));
  }
}

function locked(folder: string): FolderLock {
  try {
    return lockFolder(folder);
  } catch (error) {
    throw folderError(error, folder, 'write');
  }
}

/** The engine's writing end of the store. All methods are synchronous but `recover`. */
export class StoreWriter implements Sink {
  readonly #opening: Opening;
  readonly #lock: FolderLock;
  #session: Session;
  #retention: Retention;
  #damaged = false;

  constructor(opening: Opening, session: Session, lock: FolderLock) {
    this.#opening = opening;
    this.#session = session;
    this.#lock = lock;
    this.#retention = opening.retention(session);
  }

  /** Throws a StoreError, and then nothing of the batch is stored. After `damaged`, call `recover` and write again. */
  write(batch: StoreBatch): WriteResult {
    return this.#guard(() => this.#session.write(batch));
  }

  /**
   * Removes a chunk of what is too old or too much, or gives free space back to the disk, in less than 50 ms. Called
   * between batches, at least once a second and as often as there is time until `done`; with a full store, after each batch.
   */
  retentionStep(now: Micros): {readonly deleted: number; readonly done: boolean} {
    return this.#guard(() => this.#retention.step(now));
  }

  /** Rows with a higher sequence number stay, whatever the limits say: something still has to read them. */
  holdRetention(sequence: number | undefined): void {
    this.#retention.heldUntil = sequence;
  }

  /** After a write failed with `damaged`: sets the database aside and begins a new one. At most three times a run. */
  async recover(): Promise<void> {
    if (!this.#damaged) return;
    this.#session = await this.#opening.replace(this.#session, 'found while writing');
    this.#retention = this.#opening.retention(this.#session);
    this.#damaged = false;
  }

  positions(): Map<string, Position> {
    return this.#guard(() => readPositions(this.#session.database));
  }

  states(): Map<string, unknown> {
    return this.#guard(() => readStates(this.#session.database));
  }

  /** Groups that gained something since then, and all open ones: the newest `limit`, oldest first. */
  loadAlerts(since: Micros, limit: number): AlertGroup[] {
    return this.#guard(() => readAlerts(this.#session.database, since, limit));
  }

  /** One alert by its whole id. */
  loadAlert(id: string): AlertGroup | undefined {
    return this.#guard(() => readAlert(this.#session.database, id));
  }

  alertTotals(): Record<AlertStatus | 'findings', number> {
    return this.#guard(() => readAlertTotals(this.#session.database));
  }

  /** Hourly totals from the hour that holds `since`, oldest first. */
  tallies(since: Micros): TallyRow[] {
    return this.#guard(() => readTallies(this.#session.database, since));
  }

  stats(): StoreStats {
    const {database, logs, fullText} = this.#session;
    const {path} = this.#opening;
    const stat = statSync(path, {throwIfNoEntry: false});
    const checkpoint = stat && stat.size > 0 ? Math.floor(stat.mtimeMs * 1000) : 0;
    return {engine: database.kind, path, bytes: database.bytes(), logs, fullText: fullText !== undefined, checkpoint};
  }

  /** The number given out last: what was stored is not above it. */
  get sequence(): number {
    return this.#session.sequence.last;
  }

  /** What a person should be told loudly, each once: a database set aside, a journal that could not be read. */
  takeNotices(): string[] {
    return this.#opening.notices.splice(0);
  }

  close(): void {
    try {
      this.#session.database.close();
    } finally {
      this.#lock.release();
    }
  }

  #guard<T>(work: () => T): T {
    if (this.#damaged) throw new StoreError('damaged', `${this.#opening.path} is damaged`);
    try {
      return work();
    } catch (error) {
      const explained = storeError(error, this.#opening.path);
      this.#damaged = explained.code === 'damaged';
      throw explained;
    }
  }
}
