import type {LogEvent} from '../src/event/event.ts';
import type {Database, SqlValue, Statement} from '../src/store/engine.ts';
import {databasePath} from '../src/store/folder.ts';
import {FullText} from '../src/store/full-text.ts';
import {migrate} from '../src/store/migrate.ts';
import {openDatabase} from '../src/store/open-database.ts';

/**
 * What the store is compared with: the same tables, indices, full text and pragmas, written by one prepared insert a row
 * in transactions, with every value ready beforehand. Its oldest rows are removed aside from
 * the measuring, so that it stays as large as the store.
 */
export class BareStore {
  private readonly database: Database;
  private readonly fullText: FullText;
  private readonly insertRow: Statement;
  private sequence = 0;
  private readonly names = new Map<string, number>();

  static async open(folder: string, megabytes: number): Promise<BareStore> {
    const database = await openDatabase(databasePath(folder), {mode: 'write', engine: 'native'});
    return new BareStore(database, megabytes);
  }

  private constructor(database: Database, megabytes: number) {
    this.database = database;
    migrate(database);
    // A part of the index is as long as the store makes it.
    this.fullText = new FullText(database, Math.round((megabytes * 1_048_576) / 16 / 300));
    database.exec("INSERT INTO stream VALUES (1, 'bench', 'web1', 'file:/var/log/mix.log', 'bench', 'syslog')");
    this.insertRow = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  }

  /** The values of each row, worked out before the time is taken. */
  rows(events: readonly LogEvent[]): readonly SqlValue[][] {
    return events.map(event => [
      ++this.sequence,
      event.time,
      event.ingested,
      1,
      event.position,
      event.level,
      event.code,
      this.name(event.provider),
      this.name(event.host ?? event.origin.host),
      event.user === undefined ? null : this.name(event.user),
      event.pid ?? null,
      event.message,
      event.fields === undefined ? null : JSON.stringify(event.fields),
    ]);
  }

  insert(rows: readonly SqlValue[][]): void {
    const first = Number(rows[0]?.[0]);
    this.database.exec('BEGIN IMMEDIATE');
    for (const row of rows) this.insertRow.run(...row);
    this.fullText.add(first, first + rows.length - 1);
    this.database.exec('COMMIT');
  }

  /** Leaves the newest rows. */
  keep(rows: number): void {
    const oldest = this.sequence - rows + 1;
    this.database.prepare('DELETE FROM log WHERE seq < ?').run(oldest);
    while (this.fullText.hasDead(oldest)) this.fullText.purge(4_096);
  }

  close(): void {
    this.database.close();
  }

  private name(text: string): number {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    const id = this.names.size + 1;
    this.database.prepare('INSERT INTO name (id, text) VALUES (?, ?)').run(id, text);
    this.names.set(text, id);
    return id;
  }
}
