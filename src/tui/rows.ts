import {alertLevels, parseLevel} from '../event/level.ts';
import type {ConversationRow, LogRow, PacketRow, TalkerRow} from '../pipeline/snapshot.ts';
import type {QueryRow} from '../query/request.ts';
import type {AlertGroup} from '../store/sink.ts';
import type {Rows} from './list-state.ts';
import type {AlertOrder, TrafficOrder} from './view-state.ts';

/** How rows of one kind are told apart and searched. */
export interface RowKind<Row> {
  key(row: Row): string;
  text(row: Row): string;
}

export const alertKind: RowKind<AlertGroup> = {
  key: row => row.id,
  text: row => `${row.level} ${row.ruleName} ${row.entity} ${row.reason}`,
};

export const logKind: RowKind<LogRow> = {
  key: row => String(row.seq),
  text: row => `${row.provider} ${row.code} ${row.message}`,
};

/** Packets have no number; two that agree in all of this cannot be told apart by a reader either. */
export const packetKind: RowKind<PacketRow> = {
  key: row =>
    `${row.time} ${row.source} ${row.sourcePort} ${row.destination} ${row.destinationPort} ${row.protocol} ${row.length}`,
  text: row =>
    `${row.source} ${row.sourcePort} ${row.destination} ${row.destinationPort} ${row.protocol} ${row.information}`,
};

export const conversationKind: RowKind<ConversationRow> = {
  key: row => row.id,
  text: row =>
    `${row.source} ${row.sourcePort} ${row.destination} ${row.destinationPort} ${row.host} ${row.process} ${row.transport} ${row.service}`,
};

export const talkerKind: RowKind<TalkerRow> = {key: row => row.address, text: row => row.address};

/** Rows as a list's movement and search see them. */
export function asRows<Row>(rows: readonly Row[], kind: RowKind<Row>): Rows {
  const read = (index: number, of: (row: Row) => string) => {
    const row = rows[index];
    return row === undefined ? '' : of(row);
  };
  return {length: rows.length, key: index => read(index, kind.key), text: index => read(index, kind.text)};
}

/** Open alerts before acknowledged before closed; within that newest, most serious or most frequent first. */
export function sortAlerts(alerts: readonly AlertGroup[], order: AlertOrder): readonly AlertGroup[] {
  const status = (alert: AlertGroup) => (alert.status === 'open' ? 0 : alert.status === 'acknowledged' ? 1 : 2);
  const value = (alert: AlertGroup) =>
    order === 'level' ? alertLevels.indexOf(alert.level) : order === 'count' ? alert.count : alert.last;
  return [...alerts].sort(
    (a, b) =>
      status(a) - status(b) || value(b) - value(a) || b.last - a.last || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

/** The most of the last minute first, or who spoke last; where that is equal, in the order given. */
export function sortTraffic<Row extends ConversationRow | TalkerRow>(
  rows: readonly Row[],
  order: TrafficOrder,
): readonly Row[] {
  // They come by the bytes of the last minute.
  if (order === 'bytes') return rows;
  const value = order === 'time' ? (row: Row) => row.last : (row: Row) => row.minutePackets;
  return [...rows].sort((a, b) => value(b) - value(a));
}

/** A stored log entry as the Logs pane shows it. */
export function logRowOf(row: QueryRow): LogRow {
  return {
    seq: numberOf(row['event.sequence']),
    time: Date.parse(textOf(row['@timestamp'])) * 1000 || 0,
    level: parseLevel(textOf(row['log.level'])) ?? 6,
    code: numberOf(row['event.code']),
    provider: textOf(row['event.provider']),
    message: textOf(row.message),
    host: textOf(row['host.name']),
    user: textOf(row['user.name']),
    historical: false,
  };
}

function textOf(value: QueryRow[string] | undefined): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
}

function numberOf(value: QueryRow[string] | undefined): number {
  return typeof value === 'number' ? value : Number(value) || 0;
}

/** What `sortTraffic` goes by, in words: of an old conversation the whole may be more than what stands above it. */
export function trafficOrderText(order: TrafficOrder): string {
  return order === 'time' ? order : `${order} of the last minute`;
}
