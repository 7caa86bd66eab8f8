import {type Column, type RowWriter, rowWriter} from './output/writer.ts';
import type {QueryOptions} from './query-options.ts';

/** A writer that fits the terminal, if there is one. */
export function writerFor(
  options: Pick<QueryOptions, 'output'>,
  columns: readonly Column[],
  picked: readonly string[] | undefined,
  utc: boolean,
): RowWriter {
  const {isTTY, columns: width} = process.stdout;
  const colour = isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return rowWriter(options.output, columns, picked, {width: isTTY ? width : undefined, colour, utc});
}

/** A note for the person at the terminal. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
