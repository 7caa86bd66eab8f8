import type {Clock} from '../event/clock.ts';
import {AlertWriter} from './alert-writer.ts';
import type {Database, Statement} from './engine.ts';
import {EventWriter} from './event-writer.ts';
import {dropFullText, FullText} from './full-text.ts';
import {Interning} from './interning.ts';
import {inTransaction, migrate} from './migrate.ts';
import {Sequence} from './sequence.ts';
import type {StoreBatch, WriteResult} from './sink.ts';
import {Tallies} from './tallies.ts';
import {TrafficMinutes} from './traffic-minutes.ts';

/** One open database, brought to the newest layout, and everything prepared for writing to it. */
export class Session {
  readonly database: Database;
  readonly path: string;
  readonly fullText: FullText | undefined;
  readonly sequence: Sequence;
  /** Rows of the log. Retention lowers it. */
  logs: number;
  readonly #clock: Clock;
  readonly #interning: Interning;
  readonly #tallies: Tallies;
  readonly #traffic: TrafficMinutes;
  readonly #events: EventWriter;
  readonly #alerts: AlertWriter;
  readonly #position: Statement;
  readonly #state: Statement;
  readonly #gap: Statement;
  readonly #count: Statement;

  /** `fullTextSpan`: log rows a part of the full-text index covers, 0 for none. */
  constructor(database: Database, options: {path: string; fullTextSpan: number; clock: Clock}) {
    migrate(database);
    this.database = database;
    this.path = options.path;
    this.fullText = arrangeFullText(database, options.fullTextSpan);
    this.#clock = options.clock;
    this.sequence = new Sequence(database);
    this.logs = countLogs(database);
    this.#interning = new Interning(database);
    this.#tallies = new Tallies(database);
    this.#traffic = new TrafficMinutes(database);
    const counted = [this.#tallies, this.#traffic] as const;
    this.#events = new EventWriter(database, this.#interning, this.sequence, ...counted, this.fullText);
    this.#alerts = new AlertWriter(database, this.#interning, this.sequence);
    this.#position = database.prepare('REPLACE INTO position (source, value, updated) VALUES (?, ?, ?)');
    this.#state = database.prepare('REPLACE INTO state (key, value, updated) VALUES (?, ?, ?)');
    this.#gap = database.prepare('INSERT INTO gap (seq, source, began, ended, reason, lost) VALUES (?, ?, ?, ?, ?, ?)');
    this.#count = database.prepare(saveLogCount);
  }

  /** All of the batch in one transaction, or nothing of it. */
  write(batch: StoreBatch): WriteResult {
    const now = this.#clock();
    try {
      const {result, logs} = inTransaction(this.database, () => this.#write(batch, now));
      this.sequence.committed();
      this.logs += logs;
      return result;
    } catch (error) {
      this.sequence.rolledBack();
      this.#interning.clear();
      this.#tallies.clear();
      this.#traffic.clear();
      this.fullText?.rolledBack();
      throw error;
    }
  }

  #write(batch: StoreBatch, now: number): {result: WriteResult; logs: number} {
    const written = this.#events.write(batch.events);
    for (const alert of batch.alerts) this.#alerts.group(alert, now);
    for (const change of batch.changes) this.#alerts.change(change, now);
    for (const row of batch.anomalies) {
      this.#alerts.anomaly(row);
      this.#tallies.anomaly(row);
    }
    for (const row of batch.tallies) this.#tallies.add(row);
    this.#tallies.flush();
    this.#traffic.flush();
    for (const {source, position} of batch.positions) this.#position.run(source, JSON.stringify(position), now);
    for (const {key, value} of batch.states) this.#state.run(key, JSON.stringify(value), now);
    for (const {source, gap} of batch.gaps) {
      this.#gap.run(this.sequence.next(), source, gap.from, gap.to, gap.reason, gap.lost ?? null);
    }
    this.sequence.save(now);
    if (written.logs > 0) this.#count.run(this.logs + written.logs);
    return written;
  }
}

/** Counting ten million rows takes a second, so the count is kept. */
export const saveLogCount =
  "INSERT INTO meta (key, value) VALUES ('logs', ?) ON CONFLICT DO UPDATE SET value = excluded.value";

function arrangeFullText(database: Database, span: number): FullText | undefined {
  if (database.fullText && span > 0) return new FullText(database, span);
  dropFullText(database);
  return undefined;
}

function countLogs(database: Database): number {
  const kept = database.prepare("SELECT value FROM meta WHERE key = 'logs'").get();
  return Number(kept?.value ?? database.prepare('SELECT count(*) AS n FROM log').get()?.n);
}
