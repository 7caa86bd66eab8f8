import type {Micros} from '../../event/event.ts';
import type {ModelView, Snapshot} from '../../pipeline/snapshot.ts';
import {age, bytes, compact, progressPercent, sum, thousands} from '../figures.ts';
import type {Pane, Style, Theme} from '../pane.ts';
import {cellWidth, fitCells} from '../text.ts';
import {frame} from './frame.ts';

export type StatusData = Pick<
  Snapshot,
  'time' | 'mode' | 'rates' | 'queue' | 'total' | 'packetCounters' | 'store' | 'model' | 'alertTotals'
>;

/** One line: how fast, how full, what was dropped, how large, what the model does, what is open, what time it is. */
export const statusBar: Pane<StatusData> = (data, size, theme) => {
  const parts = fitParts(partsOf(data, theme), size.width, theme);
  const painted = parts.map(part => theme.paint(part.style, part.text));
  const air = ' '.repeat(Math.max(0, size.width - cellsOf(parts)));
  // The clock keeps the right edge.
  const clock = parts.length > 1 ? `${separator}${painted.pop() ?? ''}` : '';
  return frame([painted.join(separator) + air + clock], size);
};

/** Events and packets lost so far, for whatever reason; packets that the user's own filter left out are not lost. */
export function droppedTotal(data: Pick<Snapshot, 'total' | 'packetCounters'>): number {
  return sum(data.total.dropped) + sum(data.packetCounters.dropped) - (data.packetCounters.dropped.filtered ?? 0);
}

const separator = '  ';

interface Part {
  readonly text: string;
  /** Shown instead where not all fits. */
  readonly short: string;
  readonly style: Style;
  /** The lowest goes first. */
  readonly weight: number;
}

function partsOf(data: StatusData, theme: Theme): readonly Part[] {
  const {rates, queue, store, alertTotals} = data;
  const dropped = droppedTotal(data);
  const more = data.packetCounters.lossUnknown ? '+?' : '';
  const full = queue.length > queue.capacity * 0.8;
  const open = thousands(alertTotals.open);
  const parts: Part[] = [
    same(`${compact(rates.events)} ev/s`, 'plain', 9),
    same(`${compact(rates.packets)} pk/s`, 'plain', 7),
    part(
      `queue ${thousands(queue.length)}/${compact(queue.capacity)}`,
      `q ${compact(queue.length)}`,
      full ? 'high' : 'dim',
      full ? 9 : 3,
    ),
    part(
      `${dropped > 0 ? 'DROPS' : 'drops'} ${thousands(dropped)}${more}`,
      `${dropped > 0 ? 'DROPS' : 'drops'} ${compact(dropped)}${more}`,
      dropped > 0 ? 'critical' : 'dim',
      dropped > 0 ? 10 : 5,
    ),
    storePart(store),
    modelPart(data.model, data.time, theme),
    part(`${open} open ${alertTotals.open === 1 ? 'alert' : 'alerts'}`, `${open} open`, 'plain', 8),
    same(theme.clock(data.time, 'time'), 'bold', 6),
  ];
  return data.mode === 'live' ? parts : [same(data.mode.toUpperCase(), 'accent', 11), ...parts];
}

function storePart(store: Snapshot['store']): Part {
  const state = store.state === 'ok' ? '' : ` ${store.state.toUpperCase()}`;
  return same(`db ${bytes(store.bytes)}${state}`, state === '' ? 'dim' : 'high', state === '' ? 4 : 9);
}

function modelPart(model: ModelView, now: Micros, theme: Theme): Part {
  const progress = progressPercent(model.progress);
  switch (model.state) {
    case 'learning':
      return part(`model learning, ${progress}`, `learn ${progress}`, 'dim', 2);
    case 'training':
      return part(`model training, ${progress}`, `train ${progress}`, 'accent', 2);
    case 'online':
      return part('model n-gram', 'n-gram', 'dim', 2);
    case 'refused':
      return same('model refused', 'high', 2);
    case 'off':
      return same('model off', 'dim', 1);
    case 'ready':
      return readyPart(model, now, theme);
    default:
      return model.state satisfies never;
  }
}

function readyPart(model: ModelView, now: Micros, theme: Theme): Part {
  const old = age(now - model.trained);
  const step = model.stepMicros > 0 ? `${compact(model.stepMicros)} ${theme.unicode ? 'µs' : 'us'}` : '';
  const skipped = model.skipped > 0 ? `, ${compact(model.skipped)} skipped` : '';
  const long = `model ${old} old${step === '' ? '' : `, ${step} a step`}${skipped}`;
  return part(long, `model ${step === '' ? old : step}`, model.skipped > 0 ? 'medium' : 'dim', 2);
}

function part(text: string, short: string, style: Style, weight: number): Part {
  return {text, short, style, weight};
}

function same(text: string, style: Style, weight: number): Part {
  return {text, short: text, style, weight};
}

/** First the short forms, the lightest parts before the others; then the lightest parts go. */
function fitParts(all: readonly Part[], width: number, theme: Theme): readonly Part[] {
  let parts = all.map(item => ({...item, text: fitText(item.text, theme), short: fitText(item.short, theme)}));
  const light = [...parts].sort((a, b) => a.weight - b.weight);
  for (const item of light) {
    if (cellsOf(parts) <= width) return parts;
    parts = parts.map(other => (other.weight === item.weight ? {...other, text: other.short} : other));
  }
  for (const item of light) {
    if (cellsOf(parts) <= width) return parts;
    parts = parts.filter(other => other.weight !== item.weight);
  }
  return cellsOf(parts) <= width ? parts : [];
}

function fitText(text: string, theme: Theme): string {
  return fitCells(text, cellWidth(text), theme.unicode);
}

function cellsOf(parts: readonly Part[]): number {
  return parts.reduce((cells, item) => cells + cellWidth(item.text), separator.length * Math.max(0, parts.length - 1));
}
