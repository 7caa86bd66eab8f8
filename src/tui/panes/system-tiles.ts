import {second} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import type {LiveSample} from '../../pipeline/snapshot.ts';
import {brailleLine, sparkline} from '../charts/braille.ts';
import {lineChart, roundScale, type Series} from '../charts/line-chart.ts';
import {resample} from '../charts/resample.ts';
import {bytes, percent} from '../figures.ts';
import type {Style, Theme} from '../pane.ts';
import {remember} from '../remember.ts';
import {cellWidth, fitCells} from '../text.ts';
import {emptyLines, frame} from './frame.ts';
import type {Tile} from './grid.ts';
import {tileTitle} from './tile-title.ts';

export interface SystemData {
  readonly samples: readonly LiveSample[];
  /** The present, by the snapshot. */
  readonly now: Micros;
  /** How much time the line charts show; `z` and `Z` change it. */
  readonly span: Micros;
}

export const cpuTile = (data: SystemData): Tile => chartTile(data, cpu);
export const memoryTile = (data: SystemData): Tile => chartTile(data, memory);
export const diskTile = (data: SystemData): Tile => chartTile(data, disk);
export const networkTile = (data: SystemData): Tile => chartTile(data, network);

/** Processor, memory, disk and network in a line each, where there is no room for charts. */
export function overviewTile(data: SystemData): Tile {
  return (size, theme) => {
    const draw = (metric: Metric) =>
      metric.lines.map((line, index) => smallLine(metric, line, index, data, size.width, theme));
    return frame([cpu, memory, disk, network].flatMap(draw), size);
  };
}

interface Line {
  readonly name: string;
  /** Its name where it stands alone. */
  readonly alone: string;
  readonly pick: (sample: LiveSample) => number | null;
}

interface Metric {
  readonly title: string;
  readonly unit: 'percent' | 'bytes/s';
  readonly lines: readonly Line[];
  /** More to say in the title, of the newest sample. */
  readonly more?: (newest: LiveSample, theme: Theme) => readonly string[];
}

const cpu: Metric = {
  title: 'CPU',
  unit: 'percent',
  lines: [{name: '', alone: 'CPU', pick: sample => sample.cpu}],
  more: ({load, cores}, theme) => [
    ...(load === null ? [] : [`load ${load.toFixed(2)}`]),
    ...(cores.length > 1 ? [`cores ${sparkline(cores.slice(0, 32), 100, theme)}`] : []),
  ],
};

const memory: Metric = {
  title: 'Memory',
  unit: 'percent',
  lines: [
    {name: 'used', alone: 'Memory', pick: sample => sample.memory},
    {name: 'swap', alone: 'Swap', pick: sample => sample.swap},
  ],
};

const disk: Metric = {
  title: 'Disk',
  unit: 'bytes/s',
  lines: [
    {name: 'read', alone: 'Read', pick: sample => sample.diskRead},
    {name: 'write', alone: 'Write', pick: sample => sample.diskWrite},
  ],
  more: ({diskUsed}) => (diskUsed === null ? [] : [`full ${percent(diskUsed)}`]),
};

const network: Metric = {
  title: 'Network',
  unit: 'bytes/s',
  lines: [
    {name: 'in', alone: 'In', pick: sample => sample.networkReceived},
    {name: 'out', alone: 'Out', pick: sample => sample.networkSent},
  ],
};

/** A chart changes only when a sample comes, once a second: between that it is remembered. */
function chartTile({samples, now, span}: SystemData, metric: Metric): Tile {
  const end = endOf(samples, now);
  return (size, theme) => drawn(metric, samples, end, span, size.width, size.height, theme);
}

const drawn = remember(
  (
    metric: Metric,
    samples: readonly LiveSample[],
    end: Micros,
    span: Micros,
    width: number,
    height: number,
    theme: Theme,
  ): string[] => {
    const head = tileTitle(metric.title, figuresOf(metric, samples.at(-1), theme), width, theme);
    const room = {width, height: height - 1};
    if (samples.length === 0) return frame([head, ...emptyLines('not measured', room, theme)], {width, height});
    const shown = since(samples, end - span);
    const series = metric.lines.map((line, index) => seriesOf(shown, line, index));
    const max = scaleOf(metric, series, end - span);
    const label = metric.unit === 'percent' ? wholePercent : rate;
    return frame([head, ...lineChart({series, end, span, max, label, labelWidth: 8}, room, theme)], {width, height});
  },
  12,
);

/** The newest sample, or the present once none came for a while, so that the end of measuring shows as a gap. */
function endOf(samples: readonly LiveSample[], now: Micros): Micros {
  const newest = samples.at(-1)?.time ?? 0;
  return now - newest > 5 * second && Number.isFinite(now) ? Math.floor(now / second) * second : newest;
}

/** Those not older than `from`, and one more that may reach into the first column. */
function since(samples: readonly LiveSample[], from: Micros): readonly LiveSample[] {
  let first = samples.length;
  while (first > 0 && (samples[first - 1]?.time ?? 0) >= from) first--;
  return samples.slice(Math.max(0, first - 1));
}

function figuresOf(metric: Metric, newest: LiveSample | undefined, theme: Theme): string[] {
  if (newest === undefined) return [];
  const figures = metric.lines.map((line, index) => {
    const legend = line.name === '' ? '' : `${lineMark(index, theme)} ${line.name} `;
    return legend + figure(line.pick(newest), metric.unit === 'percent' ? percent : bytes);
  });
  return [...figures, ...(metric.more?.(newest, theme) ?? [])];
}

/** How a line is drawn, for where colours are not to be seen. */
function lineMark(index: number, theme: Theme): string {
  if (index === 0) return theme.unicode ? '─' : '-';
  return theme.unicode ? '┈' : '.';
}

const styles: readonly Style[] = ['series0', 'series1'];

function seriesOf(samples: readonly LiveSample[], line: Line, index: number): Series {
  const style = styles[index] ?? 'plain';
  return {times: samples.map(sample => sample.time), values: samples.map(line.pick), style};
}

function scaleOf(metric: Metric, series: readonly Series[], from: Micros): number {
  return metric.unit === 'percent' ? 100 : roundScale(largest(series, from), 1000);
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

function smallLine(
  metric: Metric,
  line: Line,
  index: number,
  {samples, now, span}: SystemData,
  width: number,
  theme: Theme,
): string {
  const newest = samples.at(-1);
  const value = figure(newest === undefined ? null : line.pick(newest), metric.unit === 'percent' ? percent : rate);
  const head = fitCells(`${line.alone.padEnd(7)}${value.padStart(9)} `, Math.min(17, width), theme.unicode);
  const cells = width - cellWidth(head);
  if (cells <= 0) return head;
  const end = endOf(samples, now);
  const series = seriesOf(since(samples, end - span), line, index);
  const values = resample(series, end, span, cells * 2);
  return head + theme.paint(series.style, brailleLine(values, scaleOf(metric, [series], end - span), theme));
}

function figure(value: number | null, form: (value: number) => string): string {
  return value === null ? '-' : form(value);
}

function wholePercent(value: number): string {
  return `${Math.round(value)} %`;
}

function rate(value: number): string {
  return `${bytes(value)}/s`;
}
