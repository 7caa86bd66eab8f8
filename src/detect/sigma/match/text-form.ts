import type {Pattern} from '../rule.ts';

/** Where a plain text must stand in a value. */
export type TextPlace = 'equals' | 'starts' | 'ends' | 'contains';

/** A pattern that is one plain text with at most a `*` on either side; undefined where it is more than that. */
export function textForm(pattern: Pattern): {readonly place: TextPlace; readonly text: string} | undefined {
  const before = pattern[0] === '*';
  const after = pattern.at(-1) === '*' && pattern.length > 1;
  const inner = pattern.slice(before ? 1 : 0, after ? -1 : undefined);
  const [only] = inner;
  if (inner.length > 1 || (only !== undefined && typeof only === 'string')) return undefined;
  const text = only?.text ?? '';
  if (before && after) return {place: 'contains', text};
  if (before && text === '') return {place: 'contains', text};
  if (before) return {place: 'ends', text};
  return {place: after ? 'starts' : 'equals', text};
}
