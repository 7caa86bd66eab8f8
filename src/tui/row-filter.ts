import {compileFilter} from '../capture/packets/bpf/compile.ts';
import type {ConversationRow, PacketRow, TalkerRow} from '../pipeline/snapshot.ts';
import {QueryError} from '../query/expression.ts';
import {matcher} from '../query/match.ts';
import {parse} from '../query/parse.ts';
import type {QueryKind, QueryRow} from '../query/request.ts';
import type {AlertGroup} from '../store/sink.ts';
import {conversationRecord, packetRecord, talkerRecord} from './row-records.ts';
import type {ListId} from './view-state.ts';

/** What each list is asked as. Packets are not stored, flows are, and have the same ends. */
const kinds: Readonly<Record<ListId, QueryKind>> = {
  alerts: 'alerts',
  logs: 'logs',
  packets: 'flows',
  conversations: 'flows',
  talkers: 'flows',
};

export interface FilterFault {
  readonly message: string;
  /** Offset into the text. */
  readonly at: number;
}

/** Why a filter is wrong for a list, or undefined where it is not. */
export function filterFault(pane: ListId, text: string): FilterFault | undefined {
  const wrong = queryFault(() => (isBpf(pane, text) ? compileBpf(pane, text) : recordFilter(pane, text)));
  // What is no query may be a filter as tcpdump takes it; what is neither is told of as a query.
  return wrong === undefined || (pane === 'packets' && bpfOf(text) !== undefined) ? undefined : wrong;
}

/** The alerts that match a filter, which is known to be right. */
export function filterAlerts(rows: readonly AlertGroup[], text: string): readonly AlertGroup[] {
  const holds = recordFilter('alerts', text);
  return rows.filter(row => holds(alertRecord(row)));
}

/** By the query language. What `bpfOf` finds asks the bytes of packets, which are read elsewhere. */
export function filterPackets(rows: readonly PacketRow[], text: string): readonly PacketRow[] {
  const holds = recordFilter('packets', text);
  // Words are found in the information too: a list matches by any of its members.
  return rows.filter(row =>
    holds({...packetRecord(row), 'network.protocol': [row.protocol, row.information, row.problem]}),
  );
}

export function filterConversations(rows: readonly ConversationRow[], text: string): readonly ConversationRow[] {
  const holds = recordFilter('conversations', text);
  return rows.filter(row => holds(conversationRecord(row)));
}

/** A talker is found by its address, as a source. */
export function filterTalkers(rows: readonly TalkerRow[], text: string): readonly TalkerRow[] {
  const holds = recordFilter('talkers', text);
  return rows.filter(row => holds(talkerRecord(row)));
}

const bpfMark = /^bpf\s+/;

/** Elsewhere `bpf` is a word to look for. */
function isBpf(pane: ListId, text: string): boolean {
  return pane !== 'alerts' && pane !== 'logs' && bpfMark.test(text);
}

let lastBpf: {readonly text: string; readonly filter: string | undefined} | undefined;

/**
 * The filter in tcpdump's language where the text of the Packets pane is to be read so: it says so with `bpf `, or is no
 * query but such a filter. The last one is kept: the same is asked for with each snapshot.
 *
 * @example
 * bpfOf('bpf tcp port 443'); // 'tcp port 443'
 * bpfOf('dst.port:443'); // undefined
 */
export function bpfOf(text: string): string | undefined {
  if (lastBpf?.text !== text) lastBpf = {text, filter: isReadAsBpf(text) ? text.replace(bpfMark, '') : undefined};
  return lastBpf.filter;
}

function isReadAsBpf(text: string): boolean {
  if (!isBpf('packets', text) && queryFault(() => recordFilter('packets', text)) === undefined) return false;
  return queryFault(() => compileBpf('packets', text)) === undefined;
}

/** Throws a QueryError that points into the whole text. */
function compileBpf(pane: ListId, text: string): void {
  const mark = bpfMark.exec(text)?.[0].length ?? 0;
  if (pane !== 'packets') throw new QueryError('Expected a query: bpf asks packets, which v shows.', 0);
  try {
    compileFilter(text.slice(mark), 'ethernet');
  } catch (error) {
    throw error instanceof QueryError ? new QueryError(error.message, error.at + mark) : error;
  }
}

function queryFault(attempt: () => unknown): FilterFault | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof QueryError) return {message: error.message, at: error.at};
    throw error;
  }
}

let last: {readonly pane: ListId; readonly text: string; readonly holds: (record: QueryRow) => boolean} | undefined;

/** The filter of the last call is kept: the same is asked for with each snapshot. */
function recordFilter(pane: ListId, text: string): (record: QueryRow) => boolean {
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
