import type {Micros} from '../event/event.ts';
import {alertLevels} from '../event/level.ts';
import type {Database, Statement} from './engine.ts';
import type {Interning} from './interning.ts';
import type {Sequence} from './sequence.ts';
import type {AlertChange, AlertGroup, AlertStatus, AnomalyRow} from './sink.ts';

/** Writes alert groups, what they gained in a minute, and their life cycle, within the caller's transaction. */
export class AlertWriter {
  readonly #interning: Interning;
  readonly #sequence: Sequence;
  readonly #alert: Statement;
  readonly #change: Statement;
  readonly #status: Statement;
  readonly #anomaly: Statement;

  constructor(database: Database, interning: Interning, sequence: Sequence) {
    this.#interning = interning;
    this.#sequence = sequence;
    // The status of a known alert comes from its changes alone, so that a group written late cannot undo one.
    this.#alert =
      database.prepare(`INSERT INTO alert (id, seq, first, last, updated, host, agent, rule, rule_name, level,
      level_rank, category, entity, reason, count, techniques, historical, status, provider, code, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, first = excluded.first, last = excluded.last,
      updated = excluded.updated, rule_name = excluded.rule_name, level = excluded.level,
      level_rank = excluded.level_rank, category = excluded.category, entity = excluded.entity,
      reason = excluded.reason, count = excluded.count, techniques = excluded.techniques,
      historical = excluded.historical, provider = excluded.provider, code = excluded.code, event = excluded.event`);
    this.#change = database.prepare(
      'INSERT INTO alert_change (seq, alert, time, actor, action, verdict, note) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#status = database.prepare('UPDATE alert SET status = ?, seq = ?, updated = ? WHERE id = ?');
    this.#anomaly = database.prepare(`INSERT INTO anomaly (seq, alert, minute, time, code, category, level, provider,
      message, count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (alert, minute) DO UPDATE SET seq = excluded.seq, time = max(time, excluded.time),
      level = excluded.level, message = excluded.message, count = count + excluded.count`);
  }

  group(alert: AlertGroup, now: Micros): void {
    this.#alert.run(
      alert.id,
      this.#sequence.next(),
      alert.first,
      alert.last,
      now,
      this.#interning.name(alert.host),
      alert.agent,
      alert.rule,
      alert.ruleName,
      alert.level,
      alertLevels.indexOf(alert.level),
      alert.category,
      alert.entity,
      alert.reason,
      alert.count,
      JSON.stringify(alert.techniques),
      alert.historical ? 1 : 0,
      alert.status,
      alert.provider,
      alert.code,
      JSON.stringify(alert.event),
    );
  }

  change(change: AlertChange, now: Micros): void {
    this.#change.run(
      this.#sequence.next(),
      change.alert,
      change.time,
      change.actor,
      change.action,
      change.verdict ?? null,
      change.note ?? null,
    );
    const status = statusAfter[change.action];
    if (status) this.#status.run(status, this.#sequence.next(), now, change.alert);
  }

  anomaly(row: AnomalyRow): void {
    this.#anomaly.run(
      this.#sequence.next(),
      row.alert,
      row.minute,
      row.time,
      row.code,
      row.category,
      row.level,
      row.provider,
      row.message,
      row.count,
    );
  }
}

const statusAfter: Readonly<Partial<Record<AlertChange['action'], AlertStatus>>> = {
  acknowledge: 'acknowledged',
  close: 'closed',
  reopen: 'open',
};
