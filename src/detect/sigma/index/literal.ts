import type {TextPlace} from '../match/text-form.ts';

/** A plain text in lower case and where it must stand in a value. */
export interface Form {
  readonly place: TextPlace;
  readonly text: string;
}

/** A text that is looked for in a field, and the leaves that are true where it is found. */
export interface Literal extends Form {
  readonly leaves: number[];
}

/** Lists of leaves that are true of a value, as they were found. A leaf may stand in several. */
export type FoundLeaves = (readonly number[])[];

/** The distinct texts of leaves on one field. */
export function literalsOf(leaves: Iterable<readonly [leaf: number, forms: readonly Form[]]>): Literal[] {
  const literals = new Map<string, Literal>();
  for (const [leaf, forms] of leaves) {
    for (const {place, text} of forms) {
      const key = `${place}\0${text}`;
      const literal = literals.get(key);
      if (literal === undefined) literals.set(key, {place, text, leaves: [leaf]});
      else if (literal.leaves.at(-1) !== leaf) literal.leaves.push(leaf);
    }
  }
  return [...literals.values()];
}
