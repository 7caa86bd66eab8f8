import type {AlertGroup} from '../../store/sink.ts';
import {compact} from '../figures.ts';
import type {Pane, Size} from '../pane.ts';
import {remember} from '../remember.ts';
import {alertSeverity} from '../severity.ts';
import {fitCells, wrap} from '../text.ts';
import {frame} from './frame.ts';
import {type Column, type ListData, listLines, listPage} from './list.ts';
import {when, whenCells, yearRoom} from './when.ts';

export type AlertsData = ListData<AlertGroup>;

/** What is wrong: one row a group. Where there is no room for reasons, the chosen row's stands below the list. */
export const alertsPane: Pane<AlertsData> = (data, size, theme) => {
  const foot = footHeight(size);
  const room = yearRoom(data.rows, alert => alert.last, data.now, size.width, theme);
  const list = listLines(columnsWith(room), data, {width: size.width, height: size.height - foot}, theme, isSettled);
  const chosen = data.rows[data.view.selected];
  if (foot === 0) return list;
  const reason = chosen === undefined ? [] : wrap(chosen.reason, size.width - 2, theme.unicode);
  // What there is no room for is joined to the last line, which is cut and says so.
  const shown = [...reason.slice(0, foot - 2), reason.slice(foot - 2).join(' ')];
  const lines = shown.map(line => theme.paint('dim', fitCells(`  ${line}`, size.width, theme.unicode)));
  return [...list, ...frame([' '.repeat(size.width), ...lines], {width: size.width, height: foot})];
};

/** How many alerts a pane of this size shows. */
export function alertsPage(size: Size): number {
  return listPage({width: size.width, height: size.height - footHeight(size)});
}

const reasonFrom = 110;

function footHeight(size: Size): number {
  return size.width >= reasonFrom || size.height < 10 ? 0 : 3;
}

function isSettled(alert: AlertGroup): boolean {
  return alert.status !== 'open';
}

/** `room`: what years take in the times. */
const columnsWith = remember((room: number): readonly Column<AlertGroup>[] => [
  {
    title: '  level',
    width: 10,
    text: (alert, {theme}) => alertSeverity(alert.level)[theme.unicode ? 'unicode' : 'ascii'],
    style: alert => alertSeverity(alert.level).style,
  },
  {
    title: 'last',
    width: whenCells + room,
    align: 'right',
    text: (alert, {now, theme, cells}) => when(alert.last, now, theme, cells),
    style: () => 'dim',
  },
  {title: 'count', width: 5, align: 'right', text: alert => compact(alert.count)},
  {title: 'state', width: 5, text: stateWord, style: () => 'dim'},
  {title: 'rule', width: 18, grow: 3, most: 36, text: alert => alert.ruleName, style: () => 'bold'},
  {title: 'about', width: 12, grow: 2, most: 32, text: alert => alert.entity},
  {title: 'reason', width: 20, grow: 12, from: reasonFrom, text: alert => alert.reason},
]);

/** `hist`: read back from before this run. What was done about it comes first. */
function stateWord(alert: AlertGroup): string {
  if (alert.status === 'acknowledged') return 'ack';
  if (alert.status === 'closed') return 'done';
  return alert.historical ? 'hist' : '';
}
