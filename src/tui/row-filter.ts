import type {PacketRow} from '../pipeline/snapshot.ts';
import {QueryError} from '../query/expression.ts';
import {matcher} from '../query/match.ts';
import {parse} from '../query/parse.ts';
import type {QueryKind, QueryRow} from '../query/request.ts';
import type {AlertGroup} from '../store/sink.ts';
import type {ListPane} from './view-state.ts';

/** What each list is asked as. Packets are not stored, flows are, and have the same ends. */
const kinds: Readonly<Record<ListPane, QueryKind>> = {alerts: 'alerts', logs: 'logs', packets: 'flows'};

export interface FilterFault {
  readonly message: string;
  /** Offset into the text. */
  readonly at: number;
}

/** Why a filter is wrong for a list, or undefined where it is not. */
export function filterFault(pane: ListPane, text: string): FilterFault | undefined {
  try {
    recordFilter(pane, text);
    return undefined;
  } catch (error) {
    if (error instanceof QueryError) return {message: error.message, at: error.at};
    throw error;
  }
}

/** The alerts that match a filter, which is known to be right. */
export function filterAlerts(rows: readonly AlertGroup[], text: string): readonly AlertGroup[] {
  const holds = recordFilter('alerts', text);
  return rows.filter(row => holds(alertRecord(row)));
}

export function filterPackets(rows: readonly PacketRow[], text: string): readonly PacketRow[] {
  const holds = recordFilter('packets', text);
  return rows.filter(row => holds(packetRecord(row)));
}

let last: {readonly pane: ListPane; readonly text: string; readonly holds: (record: QueryRow) => boolean} | undefined;

/** The filter of the last call is kept: the same is asked for with each snapshot. */
function recordFilter(pane: ListPane, text: string): (record: QueryRow) => boolean {
  if (last?.pane === pane && last.text === text) return last.holds;
  const expression = parse(text);
  const holds = expression === undefined ? () => true : matcher(expression, kinds[pane]);
  last = {pane, text, holds};
  return holds;
}

function alertRecord(row: AlertGroup): QueryRow {
  return {
    ...row.event,
    'event.id': row.id,
    'host.name': row.host,
    'rule.id': row.rule,
    'rule.name': row.ruleName,
    'rule.level': row.level,
    'event.category': row.category,
    'entity.name': row.entity,
    'event.reason': row.reason,
    'event.count': row.count,
    'event.start': row.first,
    'event.end': row.last,
    'event.status': row.status,
    'event.historical': row.historical,
    'event.code': row.code,
    'event.provider': row.provider,
    'threat.technique.id': row.techniques,
  };
}

function packetRecord(row: PacketRow): QueryRow {
  return {
    '@timestamp': row.time,
    'source.ip': row.source,
    'source.port': row.sourcePort,
    'destination.ip': row.destination,
    'destination.port': row.destinationPort,
    'network.transport': row.protocol,
    // A list matches by any of its members: so words are found in the information too.
    'network.protocol': [row.protocol, row.information],
    'network.bytes': row.length,
    'observer.ingress.interface.name': row.interface,
  };
}
