import {compileFilter} from '../capture/packets/bpf/compile.ts';
import {PacketFilter} from '../capture/packets/bpf/packet-filter.ts';
import type {ConversationRow, PacketRow, TalkerRow} from '../pipeline/snapshot.ts';
import {QueryError} from '../query/expression.ts';
import {matcher} from '../query/match.ts';
import {parse} from '../query/parse.ts';
import type {QueryKind, QueryRow} from '../query/request.ts';
import type {AlertGroup} from '../store/sink.ts';
import {rawPacketOf} from './packet-bytes.ts';
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
  return wrong === undefined || asBpf(pane, text) !== undefined ? undefined : wrong;
}

/** The alerts that match a filter, which is known to be right. */
export function filterAlerts(rows: readonly AlertGroup[], text: string): readonly AlertGroup[] {
  const holds = recordFilter('alerts', text);
  return rows.filter(row => holds(alertRecord(row)));
}

/** By the query language, or after `bpf ` by tcpdump's over the bytes that were kept. */
export function filterPackets(rows: readonly PacketRow[], text: string): readonly PacketRow[] {
  const bpf = asBpf('packets', text);
  if (bpf) return rows.filter(row => accepts(bpf, row));
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

let lastBpf: {readonly text: string; readonly filter: PacketFilter} | undefined;

/** The filter where the text is to be read in tcpdump's language: it says so, or is no query but such a filter. */
function asBpf(pane: ListId, text: string): PacketFilter | undefined {
  if (pane !== 'packets') return undefined;
  if (lastBpf?.text === text) return lastBpf.filter;
  if (!isBpf(pane, text) && queryFault(() => recordFilter(pane, text)) === undefined) return undefined;
  if (queryFault(() => compileBpf(pane, text)) !== undefined) return undefined;
  lastBpf = {text, filter: new PacketFilter(text.replace(bpfMark, ''))};
  return lastBpf.filter;
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

/** False also for packets of a link type that cannot be asked. */
function accepts(filter: PacketFilter, row: PacketRow): boolean {
  let accepted = false;
  queryFault(() => {
    accepted = filter.accepts(rawPacketOf(row));
  });
  return accepted;
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
