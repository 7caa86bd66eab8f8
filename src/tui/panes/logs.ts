import type {LogRow} from '../../pipeline/snapshot.ts';
import type {Pane} from '../pane.ts';
import {remember} from '../remember.ts';
import {logSeverity} from '../severity.ts';
import {type Column, type ListData, listLines} from './list.ts';
import {when, whenCells, whenExact, whenExactCells, yearRoom} from './when.ts';

export type LogsData = ListData<LogRow>;

/** The log entries as they come: time, level, event id where any has one, source, message. */
export const logsPane: Pane<LogsData> = (data, size, theme) =>
  listLines(
    columnsFor(
      haveIds(data.rows),
      yearRoom(data.rows, row => row.time, data.now, size.width, theme),
    ),
    data,
    size,
    theme,
  );

/** Only Windows numbers its events: elsewhere the column would say 0 in each row. */
const haveIds = remember((rows: readonly LogRow[]): boolean => rows.some(row => row.code !== 0));

const exactFrom = 110;

/** `room`: what years take in the times. */
const columnsFor = remember((withIds: boolean, room: number): readonly Column<LogRow>[] => [
  {
    title: 'time',
    width: whenCells + room,
    align: 'right',
    until: exactFrom - 1,
    text: (row, {now, theme, cells}) => when(row.time, now, theme, cells),
    style: () => 'dim',
  },
  {
    title: 'time',
    width: whenExactCells + room,
    align: 'right',
    from: exactFrom,
    text: (row, {now, theme}) => whenExact(row.time, now, theme),
    style: () => 'dim',
  },
  {
    title: '  level',
    width: 9,
    text: (row, {theme}) => logSeverity(row.level)[theme.unicode ? 'unicode' : 'ascii'],
    style: row => logSeverity(row.level).style,
  },
  ...(withIds ? [idColumn] : []),
  {title: 'source', width: 12, grow: 1, most: 30, text: row => row.provider, style: () => 'accent'},
  {title: 'message', width: 20, grow: 5, text: row => row.message},
]);

const idColumn: Column<LogRow> = {
  title: 'id',
  width: 5,
  align: 'right',
  text: row => String(row.code),
  style: row => (row.code === 0 ? 'dim' : 'plain'),
};
