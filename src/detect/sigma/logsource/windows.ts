import type {LogEvent} from '../../../event/event.ts';
import type {SigmaValue} from '../value.ts';
import type {RawFields} from './raw-fields.ts';
import {standIns} from './stand-ins.ts';
import {type FieldReader, renamed, type View} from './view.ts';
import {categoriesOf, defenderDetections, kernelFileCategories, servicesOf} from './windows-channels.ts';

/** Names of the event's head as Sigma writes them, by the names of readers, the most trusted first. */
const headNames: readonly (readonly [string, readonly string[]])[] = [
  ['channel', ['winlog.channel', 'event.system.channel', 'channel']],
  ['provider_name', ['winlog.provider_name', 'event.system.provider.#attributes.name', 'provider_name', 'sourcename']],
  ['provider_guid', ['winlog.provider_guid', 'event.system.provider.#attributes.guid']],
  ['computer', ['winlog.computer_name', 'event.system.computer', 'computer', 'hostname']],
  ['eventrecordid', ['winlog.record_id', 'event.system.eventrecordid', 'eventrecordid', 'recordnumber']],
  ['level', ['winlog.level', 'event.system.level', 'level']],
  ['version', ['winlog.version', 'event.system.version', 'version']],
  ['task', ['winlog.task', 'event.system.task', 'task']],
  ['opcode', ['winlog.opcode', 'event.system.opcode', 'opcode']],
  ['keywords', ['winlog.keywords', 'event.system.keywords', 'keywords']],
  ['execution_processid', ['winlog.process.pid', 'event.system.execution.#attributes.processid', 'executionprocessid']],
  [
    'execution_threadid',
    ['winlog.process.thread.id', 'event.system.execution.#attributes.threadid', 'executionthreadid'],
  ],
  ['security_userid', ['winlog.user.identifier', 'event.system.security.#attributes.userid']],
  ['correlation_activityid', ['winlog.activity_id', 'event.system.correlation.#attributes.activityid']],
  ['timecreated_systemtime', ['winlog.time_created', 'event.system.timecreated.#attributes.systemtime']],
];

/** Whether an entry comes from a Windows event log, in this program's form or another's. */
export function isWindows(raw: RawFields): boolean {
  return raw.has('winlog.channel') || raw.has('event.system.channel') || (raw.has('channel') && raw.has('eventid'));
}

/** Windows' own numbers of this program's levels: 1 critical, 2 error, 3 warning, 4 information, 5 verbose. */
const windowsLevels: Readonly<Record<number, number>> = {2: 1, 3: 2, 4: 3, 6: 4, 7: 5};

/** Puts the head's names beside the event's own; a field of the event's data never replaces them. */
export function nameHead(event: LogEvent, raw: RawFields): void {
  for (const [name, sources] of headNames) nameFirst(raw, name, sources);
  raw.set('eventid', eventId(event, raw));
  const level = windowsLevels[event.level];
  if (level !== undefined && !raw.has('level')) raw.set('level', level);
  if (!raw.has('provider_name')) raw.set('provider_name', event.provider);
}

function nameFirst(raw: RawFields, name: string, sources: readonly string[]): void {
  for (const source of sources) {
    const value = raw.get(source);
    if (value === undefined) continue;
    if (source !== name) raw.set(name, value);
    return;
  }
}

function eventId(event: LogEvent, raw: RawFields): number {
  if (raw.has('winlog.channel')) return event.code;
  const value = raw.get('event.system.eventid') ?? raw.get('event.system.eventid.#text') ?? raw.get('eventid');
  const id = Number(value);
  return Number.isInteger(id) ? id & 0xffff : event.code;
}

const mostViews = 4_096;
const views = new Map<string, readonly View[]>();

/** The kinds of log that a Windows event is, found by channel and id together: ids alone mean nothing. */
export function windowsViews(raw: RawFields): readonly View[] {
  const channel = String(raw.get('channel'));
  const id = Number(raw.get('eventid'));
  const type = id === 12 || id === 4657 ? String(raw.get('eventtype') ?? raw.get('operationtype') ?? '') : '';
  const key = `${id}\0${type}\0${channel.toLowerCase()}`;
  const known = views.get(key);
  if (known) return known;
  // Whoever writes the logs may make up channels and ids without end: beyond the usual number they share a view.
  if (views.size >= mostViews) return [unspecific(channel)];
  const made = makeViews(channel, id, type, raw);
  views.set(key, made);
  return made;
}

function makeViews(channel: string, id: number, type: string, raw: RawFields): View[] {
  const services = servicesOf(channel);
  const constants = new Map<string, SigmaValue>([
    ['channel', channel],
    ['eventid', id],
  ]);
  const isKernelFile = /^microsoft-windows-kernel-file(?:\/|$)/i.test(channel);
  const categories = isKernelFile ? kernelFileCategories(id) : categoriesOf(services, id, type);
  const base = {products: ['windows'], services, constants};
  const made: View[] = [{...base, name: `windows ${channel} ${id}`, categories, fields: nativeFields}];
  const standIn = services.includes('security') ? standIns.get(id) : undefined;
  if (standIn) {
    const stood = standIn.categories(raw);
    made.push({
      ...base,
      name: `windows ${channel} ${id} as ${stood.at(-1)}`,
      categories: stood,
      fields: standIn.fields,
      standsIn: true,
    });
  }
  if (services.includes('windefend') && defenderDetections.has(id)) {
    made.push({
      ...base,
      name: `windows ${channel} ${id} as antivirus`,
      categories: ['antivirus'],
      fields: antivirus,
      standsIn: true,
    });
  }
  return made;
}

const others = new Map<string, View>();

function unspecific(channel: string): View {
  const services = servicesOf(channel);
  const key = services.join();
  const known = others.get(key);
  if (known) return known;
  const view: View = {
    name: `windows ${services[0] ?? 'other'}`,
    categories: [],
    products: ['windows'],
    services,
    constants: new Map(),
    fields: nativeFields,
  };
  others.set(key, view);
  return view;
}

/** Single hashes out of Sysmon's `MD5=…,SHA256=…,IMPHASH=…`. */
const hash =
  (name: string): FieldReader =>
  raw => {
    const own = raw.get(name);
    if (own !== undefined) return own;
    const hashes = raw.get('hashes') ?? raw.get('hash');
    return typeof hashes === 'string' ? new RegExp(`(?:^|,)${name}=([0-9a-f]+)`, 'i').exec(hashes)?.[1] : undefined;
  };

const nativeFields: ReadonlyMap<string, FieldReader> = new Map(
  ['md5', 'sha1', 'sha256', 'imphash'].map(name => [name, hash(name)]),
);

const antivirus = renamed({signature: 'threatname', filename: 'path', action: 'actionname'});
