import type {Micros} from '../../event/event.ts';
import type {LiveSample, ProcessRow, Share, Snapshot} from '../../pipeline/snapshot.ts';
import {barChart} from '../charts/bars.ts';
import {brailleLine, sparkline} from '../charts/braille.ts';
import {lineChart, roundScale, type Series} from '../charts/line-chart.ts';
import {resample} from '../charts/resample.ts';
import {shareBar} from '../charts/share-bar.ts';
import {bytes, percent, thousands} from '../figures.ts';
import type {Size, Style, Theme} from '../pane.ts';
import {remember} from '../remember.ts';
import {cellWidth, fitCells} from '../text.ts';
import {emptyLines, frame} from './frame.ts';
import type {Tile} from './grid.ts';

export interface ChartsData extends Pick<Snapshot, 'samples' | 'processes' | 'shares' | 'anomaliesByHour'> {
  /** The present, by the snapshot. */
  readonly now: Micros;
  /** How much time the line charts show; `z` and `Z` change it. */
  readonly span: Micros;
  /** Which page, where not everything fits (see `chartsPages`). */
  readonly page: number;
}

export const cpuTile = (data: ChartsData): Tile => tile(data, cpuLines);
export const memoryTile = (data: ChartsData): Tile => tile(data, memoryLines);
export const diskTile = (data: ChartsData): Tile => tile(data, diskLines);
export const networkTile = (data: ChartsData): Tile => tile(data, networkLines);

/** Processor, memory, disk and network in a line each, where there is no room for charts. */
export const overviewTile = (data: ChartsData): Tile => tile(data, overviewLines);

export const anomaliesTile =
  ({anomaliesByHour}: ChartsData): Tile =>
  (size, theme) =>
    anomalyLines(anomaliesByHour, size.width, size.height, theme);

export const processesTile =
  ({processes}: ChartsData): Tile =>
  (size, theme) =>
    processLines(processes, size, theme);

export const shareTile =
  ({shares}: ChartsData, dimension: keyof Snapshot['shares']): Tile =>
  (size, theme) =>
    shareLines(shares[dimension] ?? [], dimension, size.width, size.height, theme);

type SampleLines = (samples: readonly LiveSample[], span: Micros, size: Size, theme: Theme) => string[];

/** Charts of samples change only when a sample comes, once a second: between that they are remembered. */
function tile({samples, span}: ChartsData, lines: SampleLines): Tile {
  return (size, theme) => remembered(lines, samples, span, size.width, size.height, theme);
}

const remembered = remember(
  (lines: SampleLines, samples: readonly LiveSample[], span: Micros, width: number, height: number, theme: Theme) =>
    lines(samples, span, {width, height}, theme),
  12,
);

function cpuLines(samples: readonly LiveSample[], span: Micros, size: Size, theme: Theme): string[] {
  const newest = samples.at(-1);
  const cores = newest?.cores ?? [];
  const figures = [figure('now', newest?.cpu, percent), figure('load', newest?.load, value => value.toFixed(2))];
  if (cores.length > 1) figures.push(`cores ${sparkline(cores.slice(0, 32), 100, theme)}`);
  const series = [seriesOf(samples, sample => sample.cpu, 'series0')];
  return chartLines('CPU', figures, series, percentScale, samples, span, size, theme);
}

function memoryLines(samples: readonly LiveSample[], span: Micros, size: Size, theme: Theme): string[] {
  const newest = samples.at(-1);
  const series = [
    seriesOf(samples, sample => sample.memory, 'series0'),
    seriesOf(samples, sample => sample.swap, 'series1'),
  ];
  const figures = [
    legend('used', 0, theme) + figure('', newest?.memory, percent),
    legend('swap', 1, theme) + figure('', newest?.swap, percent),
  ];
  return chartLines('Memory', figures, series, percentScale, samples, span, size, theme);
}

function diskLines(samples: readonly LiveSample[], span: Micros, size: Size, theme: Theme): string[] {
  const newest = samples.at(-1);
  const series = [
    seriesOf(samples, sample => sample.diskRead, 'series0'),
    seriesOf(samples, sample => sample.diskWrite, 'series1'),
  ];
  const figures = [
    legend('read', 0, theme) + figure('', newest?.diskRead, bytes),
    legend('write', 1, theme) + figure('', newest?.diskWrite, bytes),
    figure('full', newest?.diskUsed, percent),
  ];
  return chartLines('Disk', figures, series, rateScale, samples, span, size, theme);
}

function networkLines(samples: readonly LiveSample[], span: Micros, size: Size, theme: Theme): string[] {
  const newest = samples.at(-1);
  const series = [
    seriesOf(samples, sample => sample.networkReceived, 'series0'),
    seriesOf(samples, sample => sample.networkSent, 'series1'),
  ];
  const figures = [
    legend('in', 0, theme) + figure('', newest?.networkReceived, bytes),
    legend('out', 1, theme) + figure('', newest?.networkSent, bytes),
  ];
  return chartLines('Network', figures, series, rateScale, samples, span, size, theme);
}

interface Scale {
  readonly label: (value: number) => string;
  readonly max: (series: readonly Series[], from: Micros) => number;
}

const percentScale: Scale = {label: value => `${Math.round(value)} %`, max: () => 100};
const rateScale: Scale = {label: rate, max: (series, from) => roundScale(largest(series, from), 1000)};

function chartLines(
  title: string,
  figures: readonly string[],
  series: readonly Series[],
  scale: Scale,
  samples: readonly LiveSample[],
  span: Micros,
  size: Size,
  theme: Theme,
): string[] {
  const head = titleLine(title, figures, size.width, theme);
  const room = {width: size.width, height: size.height - 1};
  const end = samples.at(-1)?.time;
  if (end === undefined) return frame([head, ...emptyLines('not measured yet', room, theme)], size);
  const max = scale.max(series, end - span);
  const chart = lineChart({series, end, span, max, label: scale.label, labelWidth: 8}, room, theme);
  return frame([head, ...chart], size);
}

function overviewLines(samples: readonly LiveSample[], span: Micros, size: Size, theme: Theme): string[] {
  const newest = samples.at(-1);
  const lines = [
    smallLine(
      'CPU',
      percent,
      newest?.cpu,
      seriesOf(samples, sample => sample.cpu, 'series0'),
      100,
    ),
    smallLine(
      'Memory',
      percent,
      newest?.memory,
      seriesOf(samples, sample => sample.memory, 'series0'),
      100,
    ),
    smallLine(
      'Read',
      rate,
      newest?.diskRead,
      seriesOf(samples, sample => sample.diskRead, 'series0'),
    ),
    smallLine(
      'Write',
      rate,
      newest?.diskWrite,
      seriesOf(samples, sample => sample.diskWrite, 'series1'),
    ),
    smallLine(
      'In',
      rate,
      newest?.networkReceived,
      seriesOf(samples, sample => sample.networkReceived, 'series0'),
    ),
    smallLine(
      'Out',
      rate,
      newest?.networkSent,
      seriesOf(samples, sample => sample.networkSent, 'series1'),
    ),
  ];
  return frame(
    lines.map(line => line(newest?.time ?? 0, span, size.width, theme)),
    size,
  );
}

function smallLine(
  title: string,
  form: (value: number) => string,
  newest: number | null | undefined,
  series: Series,
  max?: number,
): (end: Micros, span: Micros, width: number, theme: Theme) => string {
  return (end, span, width, theme) => {
    const head = fitCells(
      `${title.padEnd(7)}${figure('', newest, form).padStart(9)} `,
      Math.min(17, width),
      theme.unicode,
    );
    const cells = width - cellWidth(head);
    const top = max ?? roundScale(largest([series], end - span), 1000);
    const line = cells > 0 ? brailleLine(resample(series, end, span, cells * 2), top, theme) : '';
    return head + theme.paint(series.style, line);
  };
}

const anomalyLines = remember(
  (hours: Snapshot['anomaliesByHour'], width: number, height: number, theme: Theme): string[] => {
    const total = hours.reduce((all, {count}) => all + count, 0);
    const most = hours.reduce((best, entry) => (entry.count > (best?.count ?? 0) ? entry : best), hours[0]);
    const figures = [`${thousands(total)} in ${hours.length} h`];
    if (most !== undefined && most.count > 0) {
      const from = theme.clock(most.hour, 'hour');
      const to = theme.clock(most.hour + 3_600_000_000, 'hour');
      figures.push(`most ${thousands(most.count)} from ${from} to ${to}`);
    }
    const bars = hours.map(({hour, count}) => ({label: theme.clock(hour, 'hour'), count}));
    const head = titleLine('Anomalies per hour', figures, width, theme);
    return frame([head, ...barChart(bars, 'series1', {width, height: height - 1}, theme)], {width, height});
  },
);

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
    const head = titleLine(shareTitles[dimension], [`${thousands(total)} in 24 h`], width, theme);
    const room = {width, height: height - 1};
    const body = total > 0 ? shareBar(shares, room, theme) : emptyLines('none yet', room, theme);
    return frame([head, ...body], {width, height});
  },
  16,
);

function processLines(processes: readonly ProcessRow[], size: Size, theme: Theme): string[] {
  const {unicode} = theme;
  const name = Math.max(0, size.width - 29);
  const row = (title: string, pid: string, cpu: string, memory: string) =>
    fitCells(
      `${fitCells(title, name, unicode)} ${pid.padStart(8)} ${cpu.padStart(9)} ${memory.padStart(9)}`,
      size.width,
      unicode,
    );
  const lines = processes
    .slice(0, Math.max(0, size.height - 2))
    .map(process => row(process.name, String(process.pid), percent(process.cpu), percent(process.memory)));
  return frame(
    [titleLine('Processes', [], size.width, theme), theme.paint('header', row('', 'pid', 'cpu', 'memory')), ...lines],
    size,
  );
}

/** A tile's name, then figures for as long as they fit. */
function titleLine(title: string, figures: readonly string[], width: number, theme: Theme): string {
  let text = '';
  for (const part of figures) {
    if (cellWidth(title) + cellWidth(text) + cellWidth(part) + 2 > width) break;
    text += `  ${part}`;
  }
  const head = fitCells(title, Math.min(width, cellWidth(title)), theme.unicode);
  const rest = Math.max(0, width - cellWidth(head));
  return theme.paint('title', head) + theme.paint('dim', fitCells(text, rest, theme.unicode));
}

/** Names a line and shows how it is drawn, for where colours are not to be seen. */
function legend(name: string, index: number, theme: Theme): string {
  const line = index === 0 ? (theme.unicode ? '─' : '-') : theme.unicode ? '┈' : '.';
  return `${line} ${name} `;
}

function figure(name: string, value: number | null | undefined, form: (value: number) => string): string {
  const text = value === null || value === undefined ? '-' : form(value);
  return name === '' ? text : `${name} ${text}`;
}

function seriesOf(samples: readonly LiveSample[], pick: (sample: LiveSample) => number | null, style: Style): Series {
  return {times: samples.map(sample => sample.time), values: samples.map(pick), style};
}

function largest(series: readonly Series[], from: Micros): number {
  let most = 0;
  for (const {times, values} of series) {
    for (let index = times.length - 1; index >= 0 && (times[index] ?? 0) >= from; index--) {
      const value = values[index] ?? 0;
      if (Number.isFinite(value) && value > most) most = value;
    }
  }
  return most;
}

function rate(value: number): string {
  return `${bytes(value)}/s`;
}
