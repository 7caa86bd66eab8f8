import type {Theme} from '../pane.ts';

/** A small chart of one line: `▁▂▅█▃`. 0 to `max` in eighths, blank where nothing was measured. */
export function sparkline(values: readonly (number | null)[], max: number, theme: Theme): string {
  const steps = theme.unicode ? blocks : asciiSteps;
  return values.map(value => steps[stepOf(value, max, steps.length)] ?? ' ').join('');
}

/** As `sparkline` with two values a cell, filled from below: `⣀⣤⣶⣿`. In ASCII, the larger of each two. */
export function brailleLine(values: readonly (number | null)[], max: number, theme: Theme): string {
  let line = '';
  for (let index = 0; index < values.length; index += 2) {
    const left = values[index] ?? null;
    const right = values[index + 1] ?? null;
    if (theme.unicode) {
      const dots = (leftDots[stepOf(left, max, 5)] ?? 0) | (rightDots[stepOf(right, max, 5)] ?? 0);
      line += String.fromCharCode(0x2800 + dots);
    } else {
      const larger = left === null ? right : right === null ? left : Math.max(left, right);
      line += asciiSteps[stepOf(larger, max, asciiSteps.length)] ?? ' ';
    }
  }
  return line;
}

const blocks = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const asciiSteps = [' ', '_', '.', '-', '=', '#'];
const leftDots = [0, 0x40, 0x44, 0x46, 0x47];
const rightDots = [0, 0x80, 0xa0, 0xb0, 0xb8];

/** Step 0 is nothing measured; a measured zero is the lowest step that shows. */
function stepOf(value: number | null, max: number, steps: number): number {
  if (value === null || !Number.isFinite(value)) return 0;
  const share = max > 0 ? Math.max(0, Math.min(1, value / max)) : 0;
  return 1 + Math.min(steps - 2, Math.floor(share * (steps - 1)));
}
