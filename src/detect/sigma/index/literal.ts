import type {TextPlace} from '../match/text-form.ts';

/** A plain text in lower case that is looked for in a field, and the leaves that are true where it is found. */
export interface Literal {
  readonly place: TextPlace;
  readonly text: string;
  readonly leaves: number[];
}

/** Lists of leaves that are true of a value, as they were found. A leaf may stand in several. */
export type FoundLeaves = (readonly number[])[];
