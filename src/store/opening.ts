import type {Settings} from '../config/settings.ts';
import type {Clock} from '../event/clock.ts';
import {checkDatabase, setAside} from './damage.ts';
import type {OpenOptions} from './engine.ts';
import {openDatabase} from './open-database.ts';
import {Retention} from './retention.ts';
import {Session} from './session.ts';
import {StoreError} from './sink.ts';
import {storeError} from './store-error.ts';

const megabyte = 1_048_576;

const mostReplaced = 3;

// Measured with the usual mix of logs, indexes included.
const bytesPerRow = 300;

/** How a database is opened, and opened anew after damage. */
export class Opening {
  readonly path: string;
  readonly notices: string[] = [];
  readonly #settings: Settings['store'];
  readonly #clock: Clock;
  #replaced = 0;

  constructor(path: string, settings: Settings['store'], clock: Clock) {
    this.path = path;
    this.#settings = settings;
    this.#clock = clock;
  }

  async openOrReplace(): Promise<Session> {
    try {
      return await this.#open();
    } catch (error) {
      const explained = storeError(error, this.path);
      if (explained.code !== 'damaged') throw explained;
      return this.replace(undefined, explained.message);
    }
  }

  async replace(session: Session | undefined, found: string): Promise<Session> {
    if (++this.#replaced > mostReplaced) {
      throw new StoreError(
        'damaged',
        `${this.path} was damaged again and again; the disk or its driver may be failing`,
      );
    }
    if (session) this.#discard(session.database);
    const kept = setAside(this.path, new Date(this.#clock() / 1000));
    this.notices.push(`The database was damaged (${found}). It was set aside as ${kept}, and a new one was begun.`);
    return this.#open();
  }

  retention(session: Session): Retention {
    const {keep_days, max_megabytes, sqljs_megabytes} = this.#settings;
    const megabytes = session.database.kind === 'sql.js' ? sqljs_megabytes : max_megabytes;
    return new Retention(session, {keepDays: keep_days, capBytes: megabytes * megabyte});
  }

  async #open(): Promise<Session> {
    const {engine, synchronous, sqljs_megabytes, full_text} = this.#settings;
    const options: OpenOptions = {
      mode: 'write',
      engine,
      synchronous,
      // Retention keeps to the setting; memory may go somewhat beyond it until it has.
      sizeCapBytes: sqljs_megabytes * megabyte * 1.25 + 4 * megabyte,
      notice: text => this.notices.push(text),
    };
    const database = await openDatabase(this.path, options);
    try {
      checkDatabase(database, this.path);
      return new Session(database, {path: this.path, fullTextSpan: full_text ? this.#span() : 0, clock: this.#clock});
    } catch (error) {
      this.#discard(database);
      throw error;
    }
  }

  // A full store then has about sixteen parts: the oldest, partly dead one is a small share, and a search asks few.
  #span(): number {
    const rows = (this.#settings.max_megabytes * megabyte) / 16 / bytesPerRow;
    return Math.round(Math.min(2_000_000, Math.max(4_096, rows)));
  }

  // Closing a damaged database may fail as well; what is wrong with it has been said already.
  #discard(database: {close(): void}): void {
    try {
      database.close();
    } catch (error) {
      this.notices.push(`Closing the database failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
