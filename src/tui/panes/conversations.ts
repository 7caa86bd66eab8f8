import type {ConversationRow} from '../../pipeline/snapshot.ts';
import {age, bytes, compact} from '../figures.ts';
import type {Pane} from '../pane.ts';
import {fitMiddle} from '../text.ts';
import {type Column, type ListData, listLines} from './list.ts';
import {portCell} from './port-cell.ts';

export type ConversationsData = ListData<ConversationRow>;

/** Who talks with whom: both ends, what the server was asked for as, bytes each way. What has ended is dim. */
export const conversationsPane: Pane<ConversationsData> = (data, size, theme) =>
  listLines(columns, data, size, theme, row => row.ended);

const hostsFrom = 130;

const columns: readonly Column<ConversationRow>[] = [
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
    text: (row, {cells}) => portCell(row.transport, row.sourcePort, row.destinationPort, cells),
  },
  {title: '', width: 1, text: (_, {theme}) => (theme.unicode ? '→' : '>'), style: () => 'dim'},
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
  {title: 'proto', width: 5, text: row => row.transport, style: () => 'accent'},
  {title: 'out', width: 6, align: 'right', text: row => bytes(row.bytesOut)},
  {title: 'in', width: 6, align: 'right', text: row => bytes(row.bytesIn)},
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
];
