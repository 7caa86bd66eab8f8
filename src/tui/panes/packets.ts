import type {PacketRow, TalkerRow} from '../../pipeline/snapshot.ts';
import type {Pane, Size, Style, Theme} from '../pane.ts';
import {remember} from '../remember.ts';
import {fitMiddle} from '../text.ts';
import {arrowColumn} from './arrow-column.ts';
import {type Column, type ListData, listLines} from './list.ts';
import {portCell} from './port-cell.ts';
import {talkersPane} from './talkers.ts';

export interface PacketsData extends ListData<PacketRow> {
  /** Addresses that open alerts are about. Kept the same object until they change. */
  readonly suspects: ReadonlySet<string>;
  /** Shown beside the packets where there is room. */
  readonly talkers: readonly TalkerRow[];
}

/**
 * The newest packets, a sample under load: time, source, port → destination, port, protocol, length, information. On a
 * wide screen who talks most stands beside them. A packet that is malformed, or of an address with an open alert, has
 * `!` for the arrow.
 */
export const packetsPane: Pane<PacketsData> = (data, size, theme) => {
  const list = (place: Size) => listLines(columnsFor(data.suspects), data, place, theme);
  if (size.width < besideFrom || data.rows.length === 0) return list(size);
  const left = list({width: size.width - talkersCells - ruleCells, height: size.height});
  const right = topTalkers(data, {width: talkersCells, height: size.height}, theme);
  const rule = theme.paint('dim', theme.unicode ? ' │ ' : ' | ');
  return left.map((line, row) => line + rule + (right[row] ?? ''));
};

const besideFrom = 160;
const talkersCells = 62;
const ruleCells = 3;

function topTalkers({talkers, suspects, now}: PacketsData, size: Size, theme: Theme): readonly string[] {
  const view = {selected: -1, top: 0, follow: false, filter: '', search: '', focused: false};
  return talkersPane({rows: talkers, suspects, view, now, empty: 'No conversation yet.'}, size, theme);
}

const exactFrom = 92;
/** In less the newest packets' time, which is about now, gives way to what they are. */
const timesFrom = 62;

/** Columns depend on whom alerts are about: made anew when that changes. */
const columnsFor = remember((suspects: ReadonlySet<string>): readonly Column<PacketRow>[] => {
  const isSuspect = (row: PacketRow) => suspects.has(row.source) || suspects.has(row.destination);
  const isMarked = (row: PacketRow) => row.problem !== '' || isSuspect(row);
  const addressStyle = (address: string): Style => (suspects.has(address) ? 'high' : 'plain');
  return [
    {
      title: 'time',
      width: 8,
      from: timesFrom,
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
      style: row => addressStyle(row.source),
    },
    {
      title: 'port',
      width: 5,
      grow: 0.25,
      most: 10,
      align: 'right',
      text: (row, {cells}) => portCell(row.protocol, row.sourcePort, row.destinationPort, cells),
    },
    arrowColumn(isMarked),
    {
      title: 'destination',
      width: 15,
      grow: 2,
      most: 39,
      text: (row, {cells, theme}) => fitMiddle(row.destination, cells, theme.unicode),
      style: row => addressStyle(row.destination),
    },
    {
      title: 'port',
      width: 5,
      grow: 0.25,
      most: 10,
      align: 'right',
      text: (row, {cells}) => portCell(row.protocol, row.destinationPort, row.sourcePort, cells),
    },
    {title: 'proto', width: 5, grow: 0.5, most: 10, text: row => row.protocol, style: () => 'accent'},
    {title: 'length', width: 6, align: 'right', text: row => String(row.length)},
    {
      title: 'information',
      width: 4,
      grow: 6,
      text: informationText,
      style: row => (row.problem === '' ? 'dim' : 'high'),
    },
  ];
});

/** The columns show the ports already; what is left of the line is for what only it says, what is wrong first. */
function informationText({information, sourcePort, destinationPort, problem}: PacketRow): string {
  const ports = `${sourcePort} → ${destinationPort} `;
  const rest = information.startsWith(ports) ? information.slice(ports.length) : information;
  return problem === '' ? rest : `[${problem}] ${rest}`;
}
