import {LineSplitter} from '../logs/tail/line-splitter.ts';
import {readBytes} from './bytes.ts';

export interface FileLine {
  readonly text: string;
  /** Byte offset of its beginning. */
  readonly offset: number;
  /** Counted from 1; empty lines do not count. */
  readonly number: number;
  readonly cut: boolean;
}

/** A file's lines, those of one piece at a time. */
export async function* fileLines(path: string, maxLine: number): AsyncGenerator<readonly FileLine[]> {
  const splitter = new LineSplitter(0, maxLine);
  let lines: FileLine[] = [];
  let number = 0;
  const onLine = (text: string, offset: number, cut: boolean) => {
    lines.push({text, offset, number: ++number, cut});
  };
  for await (const piece of readBytes(path)) {
    splitter.push(piece, onLine);
    if (lines.length > 0) yield lines;
    lines = [];
  }
  splitter.flush(onLine);
  if (lines.length > 0) yield lines;
}
