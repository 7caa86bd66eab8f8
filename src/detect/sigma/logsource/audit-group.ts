import {second} from '../../../event/clock.ts';
import type {LogEvent, Micros} from '../../../event/event.ts';
import {type SigmaValue, valuesOf} from '../value.ts';
import type {RawFields} from './raw-fields.ts';

/** The records of one audit event: what the kernel says of one system call, in several lines. */
export interface AuditGroup {
  readonly records: readonly {readonly event: LogEvent; readonly raw: RawFields}[];
  /** Rules that a single record fired already, by id. */
  readonly fired: Set<string>;
}

interface OpenGroup extends AuditGroup {
  readonly records: {event: LogEvent; raw: RawFields}[];
  readonly time: Micros;
}

const mostOpen = 2_000;
const mostRecords = 256;
const longestOpen = 2 * second;

/** Joins audit records by host, time and serial number. A group ends with EOE or PROCTITLE, or after two seconds. */
export class AuditGroups {
  readonly #open = new Map<string, OpenGroup>();
  /** Groups that ended early because too many were open. */
  evicted = 0;

  /** The group a record is part of, and the groups that ended with it. */
  add(event: LogEvent, raw: RawFields): {readonly group: AuditGroup; readonly ended: readonly AuditGroup[]} {
    const key = `${event.host ?? event.origin.host}\0${event.time}\0${raw.get('sequence')}`;
    const ended = this.expire(event.time);
    const group = this.#open.get(key) ?? {records: [], fired: new Set<string>(), time: event.time};
    group.records.push({event, raw});
    const type = raw.get('type');
    if (type === 'EOE' || type === 'PROCTITLE' || group.records.length >= mostRecords) {
      this.#open.delete(key);
      ended.push(group);
    } else this.#open.set(key, group);
    return {group, ended};
  }

  /** Ends every group, as when the log ends. */
  finish(): readonly AuditGroup[] {
    const groups = [...this.#open.values()];
    this.#open.clear();
    return groups;
  }

  /** Groups stand in the order they began, so those that are due come first. */
  expire(now: Micros): AuditGroup[] {
    const ended: AuditGroup[] = [];
    for (const [key, group] of this.#open) {
      const full = this.#open.size >= mostOpen;
      if (!full && group.time + longestOpen > now) break;
      if (full) this.evicted++;
      this.#open.delete(key);
      ended.push(group);
    }
    return ended;
  }
}

/** All records' fields together. What EXECVE says of the arguments goes before the registers of SYSCALL. */
export function joinRecords(group: AuditGroup): RawFields {
  const joined: RawFields = new Map();
  const hasArguments = group.records.some(({raw}) => raw.get('type') === 'EXECVE');
  for (const {raw} of group.records) {
    const isSyscall = raw.get('type') === 'SYSCALL';
    for (const [name, value] of raw) {
      if (hasArguments && isSyscall && /^a[0-3]$/.test(name)) continue;
      joined.set(name, merged(joined.get(name), value));
    }
  }
  return joined;
}

function merged(before: SigmaValue | undefined, value: SigmaValue): SigmaValue {
  if (before === undefined) return value;
  const all = new Set([...valuesOf(before), ...valuesOf(value)]);
  const [only] = all;
  return all.size === 1 && only !== undefined ? only : [...all];
}
