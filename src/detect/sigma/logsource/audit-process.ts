import {BoundedMap} from '../../bounded-map.ts';
import {valuesOf} from '../value.ts';
import type {AuditGroup} from './audit-group.ts';
import type {RawFields} from './raw-fields.ts';

interface Started {
  readonly image: string;
  readonly commandLine: string;
}

/** Names audit events as Sigma's categories do: a started process, a made file, a connection. */
export class AuditNames {
  /** Processes by host and pid, so that a child's parent has a name. */
  readonly #processes = new BoundedMap<string, Started>(20_000);

  /** `process_creation`, where the group is a program's start. */
  process(group: AuditGroup, joined: RawFields): RawFields | undefined {
    const execve = group.records.find(({raw}) => raw.get('type') === 'EXECVE')?.raw;
    if (!execve && !isExec(joined)) return undefined;
    const commandLine = (execve && argumentsOf(execve)) ?? text(joined, 'proctitle');
    const image = text(joined, 'exe') ?? text(joined, 'a0');
    if (commandLine === undefined && image === undefined) return undefined;
    const named = common(group, joined);
    const [first] = group.records;
    const host = first?.event.host ?? first?.event.origin.host ?? '';
    const [pid, parentPid] = [text(joined, 'pid'), text(joined, 'ppid')];
    const parent = parentPid === undefined ? undefined : this.#processes.get(`${host}\0${parentPid}`);
    put(named, 'commandline', commandLine);
    put(named, 'image', image);
    put(named, 'currentdirectory', text(joined, 'cwd'));
    put(named, 'parentimage', parent?.image);
    put(named, 'parentcommandline', parent?.commandLine);
    if (pid !== undefined) this.#processes.set(`${host}\0${pid}`, {image: image ?? '', commandLine: commandLine ?? ''});
    return named;
  }

  /** `file_event`: the paths that a call made. */
  file(group: AuditGroup, joined: RawFields): RawFields | undefined {
    const directory = text(joined, 'cwd') ?? '';
    const made = group.records
      .filter(({raw}) => raw.get('type') === 'PATH' && raw.get('nametype') === 'CREATE')
      .map(({raw}) => String(raw.get('name') ?? ''))
      .filter(name => name !== '' && name !== '(null)')
      .map(name => (name.startsWith('/') ? name : `${directory}/${name}`));
    if (made.length === 0) return undefined;
    const named = common(group, joined);
    named.set('targetfilename', made);
    put(named, 'image', text(joined, 'exe'));
    return named;
  }

  /** `network_connection`: where a call of `connect` went. */
  connection(group: AuditGroup, joined: RawFields): RawFields | undefined {
    const call = [...valuesOf(joined.get('syscall'))].map(String);
    if (!call.includes('connect') && !call.includes('42')) return undefined;
    const record = group.records.find(({raw}) => raw.get('type') === 'SOCKADDR')?.raw;
    const address = record && socketAddress(record);
    if (!address) return undefined;
    const named = common(group, joined);
    named.set('destinationip', address.ip);
    named.set('destinationport', address.port);
    named.set('initiated', 'true');
    put(named, 'image', text(joined, 'exe'));
    return named;
  }
}

function common(group: AuditGroup, joined: RawFields): RawFields {
  const named: RawFields = new Map(joined);
  put(named, 'processid', text(joined, 'pid'));
  put(named, 'parentprocessid', text(joined, 'ppid'));
  put(named, 'logonid', text(joined, 'auid'));
  const users = [...new Set([...group.records.flatMap(({event}) => event.user ?? []), ...valuesOf(joined.get('uid'))])];
  if (users.length > 0) named.set('user', users);
  return named;
}

function isExec(joined: RawFields): boolean {
  return valuesOf(joined.get('syscall')).some(call => ['execve', 'execveat', '59', '322'].includes(String(call)));
}

const mostArguments = 1_024;

/** `a0 a1 …` joined by spaces; long arguments come in pieces `a1[0]`, `a1[1]`. */
function argumentsOf(execve: RawFields): string | undefined {
  const words: string[] = [];
  for (let count = 0; count < mostArguments; count++) {
    const whole = text(execve, `a${count}`) ?? pieces(execve, `a${count}`);
    if (whole === undefined) break;
    words.push(whole);
  }
  return words.length === 0 ? undefined : words.join(' ');
}

function pieces(execve: RawFields, name: string): string | undefined {
  let whole: string | undefined;
  for (let count = 0; count < mostArguments; count++) {
    const piece = text(execve, `${name}[${count}]`);
    if (piece === undefined) return whole;
    whole = (whole ?? '') + piece;
  }
  return whole;
}

/** From `laddr=… lport=…` of an enriched record, or the bytes of `saddr=0200…`. */
function socketAddress(record: RawFields): {ip: string; port: number} | undefined {
  const [ip, port] = [text(record, 'laddr'), text(record, 'lport')];
  if (ip !== undefined && port !== undefined) return {ip, port: Number(port)};
  const saddr = text(record, 'saddr') ?? '';
  if (!/^(?:[0-9A-F]{2}){8,}$/i.test(saddr)) return undefined;
  const bytes = Buffer.from(saddr, 'hex');
  const family = bytes.readUInt16LE(0);
  if (family === 2) return {ip: [...bytes.subarray(4, 8)].join('.'), port: bytes.readUInt16BE(2)};
  if (family !== 10 || bytes.length < 24) return undefined;
  const groups = Array.from({length: 8}, (_, index) => bytes.readUInt16BE(8 + 2 * index).toString(16));
  return {ip: groups.join(':'), port: bytes.readUInt16BE(2)};
}

function put(fields: RawFields, name: string, value: string | undefined): void {
  if (value === undefined) fields.delete(name);
  else fields.set(name, value);
}

function text(fields: RawFields, name: string): string | undefined {
  const all = fields.get(name);
  const value = typeof all === 'object' ? all[0] : all;
  return value === undefined || value === '(null)' ? undefined : String(value);
}
