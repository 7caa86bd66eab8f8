import type {Snapshot} from '../pipeline/snapshot.ts';
import type {AlertGroup} from '../store/sink.ts';
import type {DetailSubjects} from './detail-subjects.ts';
import type {Rows} from './list-state.ts';
import {filterAlerts, filterConversations, filterTalkers} from './row-filter.ts';
import {
  alertKind,
  asRows,
  conversationKind,
  logKind,
  packetKind,
  type RowKind,
  sortAlerts,
  sortTraffic,
  talkerKind,
} from './rows.ts';
import type {Detail, ListId, ViewState} from './view-state.ts';

/** Rows of each list as they are shown. */
export interface ShownRows {
  readonly alerts: readonly AlertGroup[];
  readonly logs: Snapshot['logs'];
  readonly packets: Snapshot['packets'];
  readonly conversations: Snapshot['conversations'];
  readonly talkers: Snapshot['talkers'];
}

export const noRows: ShownRows = {alerts: [], logs: [], packets: [], conversations: [], talkers: []};

/** A snapshot's rows, filtered and sorted as the view wants them; logs and packets come filtered from their feeds. */
export function shownRows(
  snapshot: Snapshot,
  {lists, alertOrder, trafficOrder}: ViewState,
  held: Pick<ShownRows, 'logs' | 'packets'>,
): ShownRows {
  const filtered = <Row>(
    list: ListId,
    rows: readonly Row[],
    filter: (rows: readonly Row[], text: string) => readonly Row[],
  ) => (lists[list].filter === '' ? rows : filter(rows, lists[list].filter));
  return {
    alerts: sortAlerts(filtered('alerts', snapshot.alerts, filterAlerts), alertOrder),
    logs: held.logs,
    packets: held.packets,
    conversations: sortTraffic(filtered('conversations', snapshot.conversations, filterConversations), trafficOrder),
    talkers: sortTraffic(filtered('talkers', snapshot.talkers, filterTalkers), trafficOrder),
  };
}

/** A list's rows as moving and searching see them. */
export function rowsSeen({alerts, logs, packets, conversations, talkers}: ShownRows, list: ListId): Rows {
  switch (list) {
    case 'alerts':
      return asRows(alerts, alertKind);
    case 'logs':
      return asRows(logs, logKind);
    case 'packets':
      return asRows(packets, packetKind);
    case 'conversations':
      return asRows(conversations, conversationKind);
    case 'talkers':
      return asRows(talkers, talkerKind);
    default:
      return list satisfies never;
  }
}

/** Opens the details of a row; of one that is gone meanwhile there are none. */
export function openRow(details: DetailSubjects, rows: ShownRows, {pane, key}: Detail): void {
  const withRow = <Row>(of: readonly Row[], kind: RowKind<Row>, open: (row: Row) => void) => {
    const row = of.find(candidate => kind.key(candidate) === key);
    if (row !== undefined) open(row);
  };
  switch (pane) {
    case 'alerts':
      withRow(rows.alerts, alertKind, row => details.openAlert(row));
      break;
    case 'logs':
      withRow(rows.logs, logKind, row => details.openLog(key, row));
      break;
    case 'packets':
      withRow(rows.packets, packetKind, row => details.openPacket(key, row));
      break;
    case 'conversations':
      withRow(rows.conversations, conversationKind, row => details.openConversation(key, row));
      break;
    case 'talkers':
      // Their conversations are shown instead.
      break;
    default:
      pane satisfies never;
  }
}
