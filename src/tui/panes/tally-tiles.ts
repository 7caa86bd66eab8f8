import {hour} from '../../event/clock.ts';
import type {ProcessRow, Share, Snapshot} from '../../pipeline/snapshot.ts';
import {barChart, barMark} from '../charts/bars.ts';
import {shareBar} from '../charts/share-bar.ts';
import {percent, thousands} from '../figures.ts';
import type {Size, Theme} from '../pane.ts';
import {remember} from '../remember.ts';
import {fitCells} from '../text.ts';
import {emptyLines, frame} from './frame.ts';
import type {Tile} from './grid.ts';
import {tileTitle} from './tile-title.ts';

export type TallyData = Pick<Snapshot, 'processes' | 'shares' | 'anomaliesByHour'>;

/** How many anomalies each hour of the last day had, with hours below, and why hours are marked as unusual. */
export function anomaliesTile({anomaliesByHour}: TallyData): Tile {
  return (size, theme) => anomalyLines(anomaliesByHour, size.width, size.height, theme);
}

/** Which values of one dimension the day's events had, of all events. */
export function shareTile({shares}: TallyData, dimension: keyof Snapshot['shares']): Tile {
  return (size, theme) => shareLines(shares[dimension], dimension, size.width, size.height, theme);
}

/** What uses the processor and the memory most. */
export function processesTile({processes}: TallyData): Tile {
  return (size, theme) => processLines(processes, size, theme);
}

const anomalyLines = remember(
  (hours: Snapshot['anomaliesByHour'], width: number, height: number, theme: Theme): string[] => {
    const bars = hours.map(({hour, count, why}) => ({label: theme.clock(hour, 'hour'), count, marked: why !== ''}));
    const head = tileTitle('Anomalies per hour', anomalyFigures(hours, theme), width, theme);
    const reasons = reasonLines(hours, width, Math.floor((height - 1) / 4), theme);
    const chart = barChart(bars, 'series1', {width, height: height - 1 - reasons.length}, theme);
    return frame([head, ...chart, ...reasons], {width, height});
  },
);

/** Of the marked hours the newest, with what was unusual in them. */
function reasonLines(hours: Snapshot['anomaliesByHour'], width: number, most: number, theme: Theme): string[] {
  const marked = hours.filter(({why}) => why !== '').slice(-most || hours.length);
  if (most === 0) return [];
  return marked.map(({hour, why}) => {
    const text = `${barMark(theme)} ${theme.clock(hour, 'hour')}  ${why}`;
    return theme.paint('dim', fitCells(text, width, theme.unicode));
  });
}

function anomalyFigures(hours: Snapshot['anomaliesByHour'], theme: Theme): string[] {
  const total = hours.reduce((all, entry) => all + entry.count, 0);
  const most = hours.reduce((best, entry) => (entry.count > (best?.count ?? 0) ? entry : best), hours[0]);
  const figures = [`${thousands(total)} in ${hours.length} h`];
  if (most === undefined || most.count <= 0) return figures;
  const from = theme.clock(most.hour, 'hour');
  const to = theme.clock(most.hour + hour, 'hour');
  return [...figures, `most ${thousands(most.count)} from ${from} to ${to}`];
}

const shareTitles: Readonly<Record<keyof Snapshot['shares'], string>> = {
  level: 'Levels',
  source: 'Sources',
  'event-id': 'Event ids',
  'anomaly-type': 'Anomaly types',
  protocol: 'Protocols',
};

const shareLines = remember(
  (
    shares: readonly Share[],
    dimension: keyof Snapshot['shares'],
    width: number,
    height: number,
    theme: Theme,
  ): string[] => {
    const total = shares.reduce((all, {count}) => all + count, 0);
    const head = tileTitle(shareTitles[dimension], [`${thousands(total)} in 24 h`], width, theme);
    const room = {width, height: height - 1};
    const body = total > 0 ? shareBar(shares, room, theme) : emptyLines('none yet', room, theme);
    return frame([head, ...body], {width, height});
  },
  16,
);

function processLines(processes: readonly ProcessRow[], size: Size, theme: Theme): string[] {
  const {unicode} = theme;
  const name = Math.max(0, size.width - 29);
  const row = (title: string, pid: string, cpu: string, memory: string) => {
    const figures = ` ${pid.padStart(8)} ${cpu.padStart(9)} ${memory.padStart(9)}`;
    return fitCells(fitCells(title, name, unicode) + figures, size.width, unicode);
  };
  const lines = processes
    .slice(0, Math.max(0, size.height - 2))
    .map(process => row(process.name, String(process.pid), percent(process.cpu), percent(process.memory)));
  const head = theme.paint('header', row('', 'pid', 'cpu', 'memory'));
  return frame([tileTitle('Processes', [], size.width, theme), head, ...lines], size);
}
