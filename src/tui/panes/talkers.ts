import type {TalkerRow} from '../../pipeline/snapshot.ts';
import {bytes, compact, percent} from '../figures.ts';
import type {Pane} from '../pane.ts';
import {remember} from '../remember.ts';
import {fitMiddle} from '../text.ts';
import {type Column, type ListData, listLines} from './list.ts';

export interface TalkersData extends ListData<TalkerRow> {
  /** Addresses that open alerts are about. Kept the same object until they change. */
  readonly suspects: ReadonlySet<string>;
}

/** Who talks most: bytes of the last minute and their share, what was sent and received in all. `!`: an open alert is about it. */
export const talkersPane: Pane<TalkersData> = (data, size, theme) =>
  listLines(columnsFor(data.suspects), data, size, theme);

/** The least important last: what has no room goes from the end. */
const columnsFor = remember((suspects: ReadonlySet<string>): readonly Column<TalkerRow>[] => [
  {
    title: 'talker',
    width: 15,
    grow: 1,
    most: 39,
    text: (row, {cells, theme}) =>
      fitMiddle(suspects.has(row.address) ? `! ${row.address}` : row.address, cells, theme.unicode),
    style: row => (suspects.has(row.address) ? 'high' : 'plain'),
  },
  {title: '1 min', width: 6, align: 'right', text: row => bytes(row.minuteBytes), style: () => 'bold'},
  {title: 'share', width: 7, align: 'right', text: row => percent(row.share * 100)},
  {
    title: '',
    width: 8,
    grow: 2,
    most: 40,
    text: (row, {cells, theme}) =>
      (theme.unicode ? '█' : '#').repeat(Math.max(0, Math.min(cells, Math.round(row.share * cells))) || 0),
    style: () => 'series0',
  },
  {title: 'out', width: 6, align: 'right', text: row => bytes(row.bytesOut)},
  {title: 'in', width: 6, align: 'right', text: row => bytes(row.bytesIn)},
  {title: 'flows', width: 5, align: 'right', text: row => compact(row.flows)},
  {title: 'packets', width: 7, align: 'right', text: row => compact(row.packetsOut + row.packetsIn)},
]);
