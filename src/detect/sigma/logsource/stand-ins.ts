import type {FieldValue} from '../../../event/event.ts';
import type {SigmaValue} from '../value.ts';
import type {RawFields} from './raw-fields.ts';
import {type FieldReader, renamed} from './view.ts';

/** A Security event that tells what a Sysmon event would, under other names and in other forms. */
export interface StandIn {
  readonly categories: (raw: RawFields) => readonly string[];
  readonly fields: ReadonlyMap<string, FieldReader>;
}

const text = (raw: RawFields, name: string) => {
  const value = raw.get(name);
  if (typeof value === 'string') return value;
  const first = typeof value === 'object' ? value[0] : value;
  return first === undefined ? '' : String(first);
};

/** `0x1f4` → `500`: Sysmon writes process ids as decimal numbers. */
const decimal =
  (name: string): FieldReader =>
  raw => {
    const value = raw.get(name);
    return typeof value === 'string' && /^0x[0-9a-f]{1,12}$/i.test(value) ? String(Number(value)) : value;
  };

const integrity: Readonly<Record<string, string>> = {
  'S-1-16-0': 'Untrusted',
  'S-1-16-4096': 'Low',
  'S-1-16-8192': 'Medium',
  'S-1-16-8448': 'Medium Plus',
  'S-1-16-12288': 'High',
  'S-1-16-16384': 'System',
  'S-1-16-20480': 'Protected Process',
};

const accounts: Readonly<Record<string, string>> = {
  'S-1-5-18': 'NT AUTHORITY\\SYSTEM',
  'S-1-5-19': 'NT AUTHORITY\\LOCAL SERVICE',
  'S-1-5-20': 'NT AUTHORITY\\NETWORK SERVICE',
};

/** `DOMAIN\name` and what the account is called where its id is one that every machine has. */
function account(raw: RawFields, prefix: string): FieldValue[] {
  const name = text(raw, `${prefix}username`);
  const domain = text(raw, `${prefix}domainname`);
  const known = accounts[text(raw, `${prefix}usersid`).toUpperCase()];
  const names = known === undefined ? [] : [known];
  if (name === '' || name === '-') return names;
  return [...names, domain === '' || domain === '-' ? name : `${domain}\\${name}`];
}

const subject: FieldReader = raw => some(account(raw, 'subject'));

/** The new process's account where it differs from its creator's. */
const processUser: FieldReader = raw => {
  const target = account(raw, 'target');
  const differs = text(raw, 'targetusersid').toUpperCase() !== 'S-1-0-0' && target.length > 0;
  return some(differs ? target : account(raw, 'subject'));
};

function some(values: readonly FieldValue[]): SigmaValue | undefined {
  return values.length > 1 ? values : values[0];
}

/** The value in Sysmon's words, and as the event has it. */
const either =
  (name: string, words: Readonly<Record<string, string>>): FieldReader =>
  raw => {
    const value = raw.get(name);
    const word = words[String(value).toUpperCase()] ?? words[String(value)];
    return value === undefined || word === undefined || typeof value === 'object' ? value : [word, value];
  };

const processCreation: StandIn = {
  categories: () => ['process_creation'],
  fields: new Map([
    ...renamed({
      image: 'newprocessname',
      parentimage: 'parentprocessname',
      commandline: 'commandline',
      logonid: 'subjectlogonid',
    }),
    ['processid', decimal('newprocessid')],
    ['parentprocessid', decimal('processid')],
    ['integritylevel', either('mandatorylabel', integrity)],
    ['user', processUser],
  ]),
};

const protocols = {'1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'ipv6-icmp'};
const initiated = {'%%14593': 'true', '%%14592': 'false', OUTBOUND: 'true', INBOUND: 'false'};

/** `\device\harddiskvolume2\x.exe` as it is, and with the drive letter that Sysmon would nearly always name. */
const program: FieldReader = raw => {
  const value = raw.get('application');
  if (typeof value !== 'string') return value;
  const path = /^\\device\\harddiskvolume\d{1,4}(\\.*)$/is.exec(value)?.[1];
  return path === undefined ? value : [`C:${path}`, value];
};

const connection: StandIn = {
  categories: () => ['network_connection'],
  fields: new Map([
    ...renamed({
      sourceip: 'sourceaddress',
      sourceport: 'sourceport',
      destinationip: 'destaddress',
      destinationport: 'destport',
    }),
    ['image', program],
    ['processid', decimal('processid')],
    ['protocol', either('protocol', protocols)],
    ['initiated', either('direction', initiated)],
    ['sourceisipv6', raw => String(text(raw, 'sourceaddress').includes(':'))],
    ['destinationisipv6', raw => (raw.has('destaddress') ? String(text(raw, 'destaddress').includes(':')) : undefined)],
  ]),
};

const hives: readonly (readonly [RegExp, string])[] = [
  [/^\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet\d{3}(?=\\|$)/i, 'HKLM\\System\\CurrentControlSet'],
  [/^\\REGISTRY\\MACHINE(?=\\|$)/i, 'HKLM'],
  [/^\\REGISTRY\\USER(?=\\|$)/i, 'HKU'],
];

/** `\REGISTRY\MACHINE\Software\X` and the value's name → `HKLM\Software\X\name`. */
const registryPath: FieldReader = raw => {
  const key = text(raw, 'objectname');
  if (key === '') return undefined;
  const [form, hive] = hives.find(([start]) => start.test(key)) ?? [];
  const path = form && hive !== undefined ? key.replace(form, () => hive) : key;
  const name = text(raw, 'objectvaluename');
  return name === '' || name === '-' ? path : `${path}\\${name}`;
};

/** Numbers and bytes in Sysmon's form, by the type the event gives. */
const registryDetails: FieldReader = raw => {
  const value = raw.get('newvalue');
  if (value === undefined || typeof value === 'object') return value;
  const number = /^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(String(value)) ? BigInt(String(value)) : undefined;
  const hex = (digits: number) => (number ?? 0n).toString(16).padStart(digits, '0');
  const type = text(raw, 'newvaluetype');
  if (type === '%%1875') return ['Binary Data', value];
  if (type === '%%1876' && number !== undefined) return [`DWORD (0x${hex(8)})`, value];
  if (type !== '%%1883' || number === undefined) return value;
  return [`QWORD (0x${hex(16).slice(0, 8)}-0x${hex(16).slice(8)})`, value];
};

const registry: StandIn = {
  categories: raw =>
    text(raw, 'operationtype') === '%%1906'
      ? ['registry_event', 'registry_delete']
      : ['registry_event', 'registry_set'],
  fields: new Map([
    ...renamed({image: 'processname'}),
    ['processid', decimal('processid')],
    ['user', subject],
    ['targetobject', registryPath],
    ['details', registryDetails],
    ['eventtype', raw => (text(raw, 'operationtype') === '%%1906' ? 'DeleteValue' : 'SetValue')],
  ]),
};

/** By id of the Security log's event. */
export const standIns: ReadonlyMap<number, StandIn> = new Map([
  [4688, processCreation],
  [5156, connection],
  [5158, connection],
  [4657, registry],
]);
