import {explainPacket} from '../capture/packets/decode/explain.ts';
import {isoTime} from '../event/ecs.ts';
import {levelNames} from '../event/level.ts';
import type {ConversationRow, LogRow, PacketRow} from '../pipeline/snapshot.ts';
import type {QueryRow} from '../query/request.ts';
import type {AlertGroup} from '../store/sink.ts';
import type {HistoryClient} from './history-client.ts';
import {rawPacketOf} from './packet-bytes.ts';
import type {DetailSubject} from './panes/detail.ts';
import {contextLines} from './panes/detail-context.ts';
import type {PacketSubject} from './panes/packet-detail.ts';
import {conversationRecord, shownRecord} from './row-records.ts';

export interface DetailSubjectsOptions {
  readonly history: HistoryClient;
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

  openLog(key: string, row: LogRow): void {
    this.#subjects.set(key, {type: 'record', title: 'Log entry', record: logRecord(row)});
  }

  openPacket(key: string, row: PacketRow): void {
    this.#subjects.set(key, packetSubject(row));
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

/** Hostile bytes are decoded here, on the thread that draws: whatever happens, the screen goes on. */
function packetSubject(row: PacketRow): PacketSubject {
  const packet = rawPacketOf(row);
  try {
    return {type: 'packet', row, bytes: packet.bytes, layers: explainPacket(packet)};
  } catch {
    return {type: 'packet', row, bytes: packet.bytes, layers: undefined};
  }
}
