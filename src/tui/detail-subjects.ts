import {isoTime} from '../event/ecs.ts';
import {errorText} from '../event/error-code.ts';
import {levelNames} from '../event/level.ts';
import type {ConversationRow, LogRow, PacketRow} from '../pipeline/snapshot.ts';
import type {QueryRow} from '../query/request.ts';
import type {AlertGroup} from '../store/sink.ts';
import type {HistoryClient} from './history-client.ts';
import {logSurroundings} from './log-surroundings.ts';
import {rawPacketOf} from './packet-bytes.ts';
import type {PacketInspection} from './packet-inspection.ts';
import type {DetailSubject} from './panes/detail.ts';
import {contextLines} from './panes/detail-context.ts';
import type {PacketSubject} from './panes/packet-detail.ts';
import {conversationRecord, shownRecord} from './row-records.ts';

export interface DetailSubjectsOptions {
  readonly history: HistoryClient;
  readonly inspection: PacketInspection;
  onChange(): void;
  onError(message: string): void;
}

/** What the opened rows are about. An alert's events and surroundings are read from the store when it is opened. */
export class DetailSubjects {
  readonly #options: DetailSubjectsOptions;
  readonly #subjects = new Map<string, DetailSubject | PacketSubject>();
  readonly #loading = new Map<string, AbortController>();

  constructor(options: DetailSubjectsOptions) {
    this.#options = options;
  }

  get(key: string): DetailSubject | PacketSubject | undefined {
    return this.#subjects.get(key);
  }

  openAlert(alert: AlertGroup): void {
    const key = alert.id;
    this.#subjects.set(key, {type: 'alert', alert, changes: undefined, events: undefined, context: undefined});
    const loading = new AbortController();
    this.#loading.set(key, loading);
    this.#options.history
      .alertContext(key, loading.signal)
      .then(found => {
        if (this.#loading.get(key) !== loading) return;
        this.#loading.delete(key);
        this.#subjects.set(key, {
          type: 'alert',
          alert: this.#alert(key) ?? alert,
          changes: found?.changes ?? [],
          events: found?.anomalies ?? [],
          context: contextLines(found?.logs ?? [], alert),
        });
        this.#options.onChange();
      })
      .catch((error: unknown) => {
        if (this.#loading.get(key) !== loading) return;
        this.#loading.delete(key);
        this.#subjects.set(key, {type: 'alert', alert, changes: [], events: [], context: []});
        this.#options.onError(error instanceof Error ? error.message : String(error));
      });
  }

  /** What its row says is there at once, all its fields and what was logged around it when they were read. */
  openLog(key: string, row: LogRow): void {
    const opened: DetailSubject = {type: 'record', title: 'Log entry', record: logRecord(row), context: undefined};
    this.#subjects.set(key, opened);
    const loading = new AbortController();
    this.#loading.set(key, loading);
    const answered = (change: Partial<typeof opened>) => {
      if (this.#loading.get(key) !== loading) return false;
      this.#loading.delete(key);
      this.#subjects.set(key, {...opened, ...change});
      return true;
    };
    logSurroundings(this.#options.history, row, loading.signal).then(
      ({entry, lines}) => {
        const context = contextLines(lines, {event: {'event.id': String(entry?.['event.id'] ?? '')}});
        if (answered(entry ? {record: entry, context} : {context})) this.#options.onChange();
      },
      (error: unknown) => {
        if (answered({context: []})) this.#options.onError(errorText(error));
      },
    );
  }

  /** Its bytes are there at once, its tree when it was read elsewhere. */
  openPacket(key: string, row: PacketRow): void {
    const packet = rawPacketOf(row);
    const {bytes} = packet;
    const opened: PacketSubject = {type: 'packet', row, bytes, layers: undefined, note: 'being decoded'};
    this.#subjects.set(key, bytes.length === 0 ? {...opened, note: 'no bytes of it were kept'} : opened);
    if (bytes.length === 0) return;
    const answered = (change: Partial<PacketSubject>) => {
      if (this.#subjects.get(key) !== opened) return;
      this.#subjects.set(key, {...opened, ...change});
      this.#options.onChange();
    };
    this.#options.inspection.explain(packet).then(
      layers => answered({layers, note: 'could not be decoded'}),
      (error: unknown) => answered({note: `could not be decoded: ${errorText(error)}`}),
    );
  }

  openConversation(key: string, row: ConversationRow): void {
    this.#subjects.set(key, {type: 'record', title: 'Conversation', record: shownRecord(conversationRecord(row))});
  }

  /** An open alert changed: it was acknowledged, or counted on. */
  update(alerts: readonly AlertGroup[]): void {
    for (const [key, subject] of this.#subjects) {
      if (subject.type !== 'alert') continue;
      const now = alerts.find(alert => alert.id === key);
      if (now && !sameStanding(now, subject.alert)) this.#subjects.set(key, {...subject, alert: now});
    }
  }

  /** Forgets all but what is still open. */
  keep(keys: readonly string[]): void {
    for (const key of this.#subjects.keys()) {
      if (keys.includes(key)) continue;
      this.#subjects.delete(key);
      this.#loading.get(key)?.abort();
      this.#loading.delete(key);
    }
  }

  #alert(key: string): AlertGroup | undefined {
    const subject = this.#subjects.get(key);
    return subject?.type === 'alert' ? subject.alert : undefined;
  }
}

function sameStanding(a: AlertGroup, b: AlertGroup): boolean {
  return a.status === b.status && a.count === b.count && a.last === b.last && a.reason === b.reason;
}

function logRecord(row: LogRow): QueryRow {
  return {
    '@timestamp': isoTime(row.time),
    'event.sequence': row.seq,
    'log.level': levelNames[row.level] ?? String(row.level),
    'event.code': row.code,
    'event.provider': row.provider,
    'host.name': row.host,
    'user.name': row.user,
    message: row.message,
  };
}
