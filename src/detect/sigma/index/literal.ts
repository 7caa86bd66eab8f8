import type {TextPlace} from '../match/text-form.ts';

/** A plain text in lower case that is looked for in a field, and the leaves that are true where it is found. */
export interface Literal {
  readonly place: TextPlace;
  readonly text: string;
  readonly leaves: number[];
}

/** Told of the leaves of each literal found; may be told of a leaf more than once. */
export type Found = (leaves: readonly number[]) => void;
