import type {PacketRow} from '../../pipeline/snapshot.ts';
import type {Pane} from '../pane.ts';
import {fitMiddle} from '../text.ts';
import {type Column, type ListData, listLines} from './list.ts';

export type PacketsData = ListData<PacketRow>;

/** The newest packets, a sample under load: time, source, port → destination, port, protocol, length, information. */
export const packetsPane: Pane<PacketsData> = (data, size, theme) => listLines(columns, data, size, theme);

const exactFrom = 92;

const columns: readonly Column<PacketRow>[] = [
  {
    title: 'time',
    width: 8,
    until: exactFrom - 1,
    text: (row, {theme}) => theme.clock(row.time, 'time'),
    style: () => 'dim',
  },
  {
    title: 'time',
    width: 12,
    from: exactFrom,
    text: (row, {theme}) => theme.clock(row.time, 'time-ms'),
    style: () => 'dim',
  },
  {
    title: 'source',
    width: 15,
    grow: 2,
    most: 39,
    text: (row, {cells, theme}) => fitMiddle(row.source, cells, theme.unicode),
  },
  {title: 'port', width: 5, align: 'right', text: row => portText(row.sourcePort)},
  {title: '', width: 1, text: (_, {theme}) => (theme.unicode ? '→' : '>'), style: () => 'dim'},
  {
    title: 'destination',
    width: 15,
    grow: 2,
    most: 39,
    text: (row, {cells, theme}) => fitMiddle(row.destination, cells, theme.unicode),
  },
  {title: 'port', width: 5, align: 'right', text: row => portText(row.destinationPort)},
  {title: 'proto', width: 5, grow: 0.4, most: 10, text: row => row.protocol, style: () => 'accent'},
  {title: 'length', width: 6, align: 'right', text: row => String(row.length)},
  {title: 'information', width: 4, grow: 6, text: informationWithoutPorts, style: () => 'dim'},
];

/** Protocols without ports report 0. */
function portText(port: number): string {
  return port === 0 ? '' : String(port);
}

/** The columns show the ports already; what is left of the line is for what only it says. */
function informationWithoutPorts({information, sourcePort, destinationPort}: PacketRow): string {
  const ports = `${sourcePort} → ${destinationPort} `;
  return information.startsWith(ports) ? information.slice(ports.length) : information;
}
