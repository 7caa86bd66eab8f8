import type {LogEvent} from '../../event/event.ts';

/** A value never seen in a field that has few. */
export interface NewValue {
  readonly field: string;
  readonly value: string;
  readonly known: number;
}

/** Field, value, value …; null where the field has too many to mean anything. */
export type ValuesSnapshot = readonly (readonly [string, number, number, readonly string[] | null])[];

interface FieldState {
  seen: number;
  /** `seen` when the newest value came. */
  newest: number;
  values: Set<string> | undefined;
}

const watched = ['process.name', 'event.action', 'winlog.event_data.LogonType'] as const;
const fewValues = 24;
const settled = 300;
const quietFor = 100;

/** Which values the fields of one stream have, for those that have few: users, address classes, actions. */
export class FieldValues {
  private readonly fields = new Map<string, FieldState>();

  /** Learns the entry's values; a value that is new where nothing was new for long is returned. */
  observe(event: LogEvent): NewValue | undefined {
    let found: NewValue | undefined;
    if (event.user !== undefined) found = this.learn('user.name', event.user);
    if (!event.fields) return found;
    const address = event.fields['source.ip'];
    if (typeof address === 'string') found = this.learn('source.ip', addressClass(address)) ?? found;
    for (const field of watched) {
      const value = event.fields[field];
      if (value !== undefined) found = this.learn(field, String(value)) ?? found;
    }
    return found;
  }

  snapshot(): ValuesSnapshot {
    return [...this.fields].map(([field, {seen, newest, values}]) => [
      field,
      seen,
      newest,
      values ? [...values] : null,
    ]);
  }

  restore(snapshot: ValuesSnapshot): void {
    this.fields.clear();
    for (const [field, seen, newest, values] of snapshot) {
      this.fields.set(field, {seen, newest, values: values ? new Set(values) : undefined});
    }
  }

  private learn(field: string, value: string): NewValue | undefined {
    const state = this.fields.get(field) ?? {seen: 0, newest: 0, values: new Set<string>()};
    if (state.seen === 0) this.fields.set(field, state);
    state.seen += 1;
    const {values} = state;
    if (!values || values.has(value)) return undefined;
    const unusual = state.seen > settled && state.seen - state.newest > quietFor;
    const known = values.size;
    state.newest = state.seen;
    if (known >= fewValues) state.values = undefined;
    else values.add(value.slice(0, 128));
    return unusual ? {field, value, known} : undefined;
  }
}

/** Which kind of network an address belongs to: single addresses are too many to be few. */
function addressClass(address: string): string {
  if (address === '::1' || address.startsWith('127.')) return 'loopback';
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^f[cd]/i.test(address)) return 'private network';
  if (/^169\.254\.|^fe[89ab]/i.test(address)) return 'link-local';
  return 'public network';
}
