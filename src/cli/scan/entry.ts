import type {EcsRecord} from '../../event/ecs.ts';
import type {Micros} from '../../event/event.ts';

/** Something that a file gave, on its way to be put in order. */
export interface Entry {
  readonly time: Micros;
  /** Number of the file, by its path's place among all. */
  readonly file: number;
  /** Place within the file. */
  readonly place: number;
  /** JSON: what it is about. */
  readonly text: string;
}

/** A rule's finding, as it is shown. `key` is the same for the same finding in a copy of the log. */
export interface Hit {
  readonly key: string;
  readonly record: EcsRecord;
}

/** In time order; at the same time in the order of files and of places in them, so that every run gives the same. */
export function inOrder(left: Entry, right: Entry): number {
  return left.time - right.time || left.file - right.file || left.place - right.place;
}
