import type {ConversationRow} from '../../pipeline/snapshot.ts';
import {age, bytes, compact} from '../figures.ts';
import type {Pane} from '../pane.ts';
import {remember} from '../remember.ts';
import {fitMiddle} from '../text.ts';
import {arrowColumn} from './arrow-column.ts';
import {type Column, type ListData, listLines} from './list.ts';
import {portCell} from './port-cell.ts';

export interface ConversationsData extends ListData<ConversationRow> {
  /** Addresses that open alerts are about. Kept the same object until they change. */
  readonly suspects: ReadonlySet<string>;
}

/**
 * Who talks with whom: both ends, the name that the server was asked for by, bytes each way. What has ended is dim; where
 * an address has an open alert the arrow is `!`.
 */
export const conversationsPane: Pane<ConversationsData> = (data, size, theme) =>
  listLines(columnsFor(data.suspects), data, size, theme, row => row.ended);

const hostsFrom = 130;
/** In less the ends' bytes are one figure, and the port that a client happened to get gives way to it. */
const bothWaysFrom = 67;

const columnsFor = remember((suspects: ReadonlySet<string>): readonly Column<ConversationRow>[] => [
  {
    title: 'source',
    width: 15,
    grow: 2,
    most: 39,
    text: (row, {cells, theme}) => fitMiddle(row.source, cells, theme.unicode),
  },
  {
    title: 'port',
    width: 5,
    align: 'right',
    from: bothWaysFrom,
    text: (row, {cells}) => portCell(row.transport, row.sourcePort, row.destinationPort, cells),
  },
  arrowColumn(row => suspects.has(row.source) || suspects.has(row.destination)),
  {
    title: 'destination',
    width: 15,
    grow: 2,
    most: 39,
    until: hostsFrom - 1,
    text: (row, {cells, theme}) => fitMiddle(row.host || row.destination, cells, theme.unicode),
  },
  {
    title: 'destination',
    width: 15,
    grow: 2,
    most: 39,
    from: hostsFrom,
    text: (row, {cells, theme}) => fitMiddle(row.destination, cells, theme.unicode),
  },
  {
    title: 'port',
    width: 5,
    grow: 0.25,
    most: 10,
    text: (row, {cells}) => portCell(row.transport, row.destinationPort, row.sourcePort, cells),
  },
  {title: 'proto', width: 5, from: 54, text: row => row.transport, style: () => 'accent'},
  {title: 'bytes', width: 6, align: 'right', until: bothWaysFrom - 1, text: row => bytes(row.bytesOut + row.bytesIn)},
  {title: 'out', width: 6, align: 'right', from: bothWaysFrom, text: row => bytes(row.bytesOut)},
  {title: 'in', width: 6, align: 'right', from: bothWaysFrom, text: row => bytes(row.bytesIn)},
  {title: 'state', width: 5, text: row => row.state, style: () => 'dim'},
  {
    title: '1 min',
    width: 6,
    align: 'right',
    from: 94,
    text: row => bytes(row.minuteBytes),
    style: row => (row.minuteBytes > 0 ? 'bold' : 'dim'),
  },
  {
    title: 'packets',
    width: 7,
    align: 'right',
    from: 104,
    text: row => compact(row.packetsOut + row.packetsIn),
  },
  {title: 'lasts', width: 6, align: 'right', from: 112, text: row => age(row.last - row.time)},
  {title: 'service', width: 10, from: hostsFrom, text: row => row.service, style: () => 'accent'},
  {title: 'process', width: 10, grow: 1, most: 20, from: hostsFrom, text: row => row.process},
  {
    title: 'host',
    width: 12,
    grow: 3,
    from: hostsFrom,
    text: (row, {cells, theme}) => fitMiddle(row.host, cells, theme.unicode),
  },
]);
