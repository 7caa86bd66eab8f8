import {hour, minute, second} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import type {Theme} from '../pane.ts';

/** The line below a chart: ticks at round times with `15:04` or `15:04:30` beside them, `left` cells in. */
export function timeAxis(end: Micros, span: Micros, left: number, width: number, theme: Theme): string {
  const step = span / width;
  const tick = tickStep(step, width);
  const withSeconds = tick < minute;
  const labelCells = withSeconds ? 8 : 5;
  const cells = new Array<string>(width).fill(theme.unicode ? '─' : '-');
  // The same alignment as the columns of `resample`.
  const from = (Math.floor(end / step) - width + 1) * step;
  for (let time = Math.ceil(from / tick) * tick; time < from + span; time += tick) {
    const column = Math.floor((time - from) / step);
    if (column + labelCells + 1 > width) break;
    const label = theme.clock(time, 'time').slice(0, labelCells);
    cells[column] = theme.unicode ? '┴' : '+';
    for (const [index, character] of [...label].entries()) cells[column + 1 + index] = character;
  }
  return theme.paint('dim', `${' '.repeat(left)}${theme.unicode ? '└' : '+'}${cells.join('')}`);
}

const tickSteps: readonly Micros[] = [
  ...[5, 10, 15, 30].map(seconds => seconds * second),
  ...[1, 2, 5, 10, 15, 30].map(minutes => minutes * minute),
  ...[1, 2, 3, 6, 12, 24, 48, 168].map(hours => hours * hour),
];

/** The smallest round step that leaves air between labels. */
function tickStep(step: Micros, width: number): Micros {
  const fits = tickSteps.find(tick => tick / step >= (tick < minute ? 13 : 10));
  return fits ?? step * width;
}
