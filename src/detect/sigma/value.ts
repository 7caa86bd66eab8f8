import type {FieldValue, Micros} from '../../event/event.ts';

/** A field's value as rules see it; more than one where the source repeats it or names it in several ways. */
export type SigmaValue = FieldValue | readonly FieldValue[];

/** One event as one kind of log, with the field names that Sigma's rules use for it. */
export interface SigmaEvent {
  readonly time: Micros;
  readonly host: string;
  /** By a name in lower case. Undefined where the event has no such field. */
  get(field: string): SigmaValue | undefined;
  /** Every text a keyword is searched in: the event's own line and all of its values. */
  texts(): readonly string[];
}

/** Each single value of a field. */
export function valuesOf(value: SigmaValue | undefined): readonly FieldValue[] {
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [value];
}
