import type {FieldValue, LogEvent} from '../../../event/event.ts';
import {networkOf} from './network-of.ts';

/** Something an entry says besides its words, by what it is. */
export interface EventValue {
  /** Stable: names the place where it is kept. */
  readonly slot: number;
  readonly what: string;
  readonly value: string;
}

const taken: readonly (readonly [field: string, what: string, (value: string) => string])[] = [
  ['source.ip', 'the network', networkOf],
  ['process.command_line', 'the command', program],
  ['process.executable', 'the program', value => value],
  ['user.effective.name', 'acting as', value => value],
  ['event.action', 'the action', value => value],
  ['sshd.method', 'the method', value => value],
  ['auditd.key', 'the audit key', value => value],
  ['winlog.event_data.LogonType', 'the logon type', value => value],
  ['winlog.event_data.NewProcessName', 'the program', value => value],
  ['winlog.event_data.Image', 'the program', value => value],
];
/** The user, in the slot after those. */
const userSlot = taken.length;
export const eventSlots = taken.length + 1;

/** What an entry says of who, from where and with what, in the values that are few on a settled machine. */
export function eventValues({user, fields}: LogEvent): readonly EventValue[] {
  const values: EventValue[] = [];
  if (user !== undefined) values.push({slot: userSlot, what: 'the user', value: user});
  if (!fields) return values;
  taken.forEach(([field, what, reduce], slot) => {
    const value: FieldValue | undefined = fields[field];
    if (value !== undefined) values.push({slot, what, value: reduce(String(value))});
  });
  return values;
}

/** The program of a command line and, where that runs another's work, its first argument. */
function program(line: string): string {
  const words = line.split(/\s+/, 8).filter(word => !/^\w+=/.test(word));
  return words.slice(0, 2).join(' ').slice(0, 120);
}
