import type {Origin} from '../../event/event.ts';
import type {SourceBatch} from '../source.ts';

/** The first entry of a kind that could not be read. */
export interface FileProblem {
  readonly reason: string;
  /** Counted from 1: the line, or the record where there are no lines. */
  readonly line: number;
}

export interface FileContext {
  readonly agent: string;
  readonly host: string;
  readonly clock: () => number;
  /** Longest line kept, bytes. */
  readonly maxLine: number;
  /** Told once for each reason entries are dropped for; how many there are stands in the batches. */
  problem(problem: FileProblem): void;
}

/**
 * A kind of file that holds events. The first format whose `detects` says yes reads the file; what it yields comes in
 * the file's order, some hundreds of events at a time, with memory that does not grow with the file.
 */
export interface FileFormat {
  readonly name: string;
  /** `head`: the first bytes, 4 KiB at most, unpacked where the file is packed with gzip. */
  detects(head: Buffer, path: string): boolean;
  read(path: string, context: FileContext): AsyncIterable<SourceBatch>;
}

/** What events of a file come from: positions count within the file's content, wherever it lies and whoever owns it. */
export function fileOrigin(path: string, head: string, dataset: string, context: FileContext): Origin {
  return {agent: context.agent, host: context.host, source: `file:${path}`, epoch: head, dataset};
}
