import type {Literal} from './literal.ts';

/** A text to compare where a few of its characters were found. */
export interface Candidate {
  readonly text: string;
  readonly leaves: readonly number[];
  /** How many characters of it stand before the last of those that were found. */
  readonly before: number;
  readonly first: number;
  /** The scan that found it last: one find is enough. */
  found: number;
}

/** Where some characters of texts stand in bytes; each place is told to `Seen`. */
export interface ByteTable {
  scan(bytes: Uint8Array, length: number, seen: Seen): void;
}

/** Called with texts that may stand there and the place of the last character that was looked at. */
export type Seen = (candidates: readonly Candidate[], at: number) => void;

export function candidateOf({text, leaves}: Literal, before: number): Candidate {
  return {text, leaves, before, first: text.charCodeAt(0), found: 0};
}

export function push(lists: Map<number, Candidate[]>, key: number, one: Candidate): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}
