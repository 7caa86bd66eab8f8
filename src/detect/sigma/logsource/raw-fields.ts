import {isoTime} from '../../../event/ecs.ts';
import type {Event, FlowEvent, LogEvent} from '../../../event/event.ts';
import {fold} from '../match/fold.ts';
import {type SigmaValue, valuesOf} from '../value.ts';

/** An event's fields by name in lower case, before a kind of log names them its own way. */
export type RawFields = Map<string, SigmaValue>;

/** Prefixes that Sigma's names do not have. `event.eventdata.` is how other readers of Windows logs write JSON. */
const prefixes = [
  'winlog.event_data.',
  'winlog.user_data.',
  'auditd.',
  'event.eventdata.',
  'event.userdata.',
  'zeek.',
  'suricata.',
];

/** The fields of a log entry under their ECS names and under the names that its source gave them. */
export function logFields(event: LogEvent): RawFields {
  const raw: RawFields = new Map();
  for (const key in event.fields) {
    const value = event.fields[key];
    if (value === undefined) continue;
    for (const name of namesOf(key)) add(raw, name, value);
  }
  return raw;
}

/** What an entry has beside its fields, by ECS name; not put with them, for rules seldom ask. */
export function attribute(event: Event, name: string): SigmaValue | undefined {
  if (name === '@timestamp') return isoTime(event.time);
  if (name === 'event.dataset') return event.origin.dataset;
  if (name === 'host.name') return (event.kind === 'log' ? event.host : undefined) ?? event.origin.host;
  if (event.kind !== 'log') return undefined;
  switch (name) {
    case 'message':
      return event.message;
    case 'event.provider':
      return event.provider;
    case 'event.code':
      return event.code;
    case 'log.level':
      return event.level;
    case 'user.name':
      return event.user;
    case 'process.pid':
      return event.pid;
    default:
      return undefined;
  }
}

export function flowFields(event: FlowEvent): RawFields {
  const raw = new Map<string, SigmaValue>([
    ['event.duration', (event.last - event.time) / 1e6],
    ['network.type', event.sourceIp.includes(':') ? 'ipv6' : 'ipv4'],
    ['network.transport', event.transport],
    ['network.protocol', event.service],
    ['source.ip', event.sourceIp],
    ['source.port', event.sourcePort],
    ['source.mac', event.sourceMac],
    ['source.packets', event.packetsOut],
    ['source.bytes', event.bytesOut],
    ['destination.ip', event.destinationIp],
    ['destination.port', event.destinationPort],
    ['destination.mac', event.destinationMac],
    ['destination.packets', event.packetsIn],
    ['destination.bytes', event.bytesIn],
    ['network.connection.state', event.state],
    ['network.connection.history', event.history],
    ['network.state', event.state],
    ['network.history', event.history],
    ['network.vlan.id', event.vlan],
  ]);
  for (const key in event.fields) {
    const value = event.fields[key];
    if (value !== undefined) for (const name of namesOf(key)) add(raw, name, value);
  }
  return raw;
}

/** A name that the source uses twice holds both values: `syscall=59 … SYSCALL=execve` of the audit log. */
function add(raw: RawFields, name: string, value: string | number | boolean): void {
  const known = raw.get(name);
  if (known === undefined) raw.set(name, value);
  else raw.set(name, [...valuesOf(known), value]);
}

const known = new Map<string, readonly string[]>();
const mostKnown = 20_000;

/** The names of one key: without the reader's prefix and without spaces. */
function namesOf(key: string): readonly string[] {
  const before = known.get(key);
  if (before) return before;
  const whole = fold(key).replace(/\s+/g, '');
  const bare = withoutPrefix(whole);
  const names = bare === whole ? [whole] : bareNames(bare);
  if (known.size >= mostKnown) known.clear();
  known.set(key, names);
  return names;
}

export function withoutPrefix(name: string): string {
  const prefix = prefixes.find(candidate => name.startsWith(candidate));
  return prefix === undefined ? name : name.slice(prefix.length);
}

/** `eventxml.param1` of user data is known as `param1` too. */
function bareNames(name: string): string[] {
  const leaf = name.slice(name.lastIndexOf('.') + 1);
  return leaf === name || leaf === '' ? [name] : [name, leaf];
}
