import type {FieldValue, LogEvent} from '../../../event/event.ts';
import {WindowsEntry} from './windows-entry.ts';
import {datasetOf, winlogEvent} from './winlog-event.ts';

const security = 'Microsoft-Windows-Security-Auditing';
const origin = {agent: 'a', host: 'pc', source: 'file:x', epoch: '1', dataset: 'winlog.security'};
const place = {origin, position: 1, time: 1, ingested: 2};

function event(
  provider: string,
  code: number,
  data: Record<string, FieldValue> = {},
  system: Record<string, FieldValue> = {},
): LogEvent {
  const entry = new WindowsEntry();
  entry.system('Provider_Name', provider);
  entry.system('EventID', code);
  for (const [path, value] of Object.entries(system)) entry.system(path, value);
  for (const [name, value] of Object.entries(data)) entry.fields.add(`winlog.event_data.${name}`, value);
  entry.finish();
  return winlogEvent(entry, place);
}

test.each([
  [0, 6],
  [1, 2],
  [2, 3],
  [3, 4],
  [4, 6],
  [5, 7],
  [200, 6],
])('Windows’ level %i is level %i', (windows, level) => {
  expect(event('p', 1, {}, {Level: windows}).level).toBe(level);
});

test.each([
  ['0x8020000000000000', 'success'],
  ['0x8010000000000000', 'failure'],
  ['0x80000000000000', undefined],
  ['nonsense', undefined],
])('keywords %s: the outcome is %s', (keywords, outcome) => {
  const {fields} = event('p', 1, {}, {Keywords: keywords});
  expect([fields?.['winlog.keywords'], fields?.['event.outcome']]).toEqual([keywords, outcome]);
});

test('a refused logon is one failed attempt of the account, from its address', () => {
  const data = {
    TargetUserName: 'bob',
    SubjectUserName: 'PC$',
    LogonType: 3,
    IpAddress: '::ffff:10.0.0.5',
    Status: '0xc000006d',
  };
  expect(event(security, 4625, data)).toMatchObject({
    user: 'bob',
    fields: {'event.category': 'authentication', 'event.outcome': 'failure', 'source.ip': '10.0.0.5'},
  });
});

test('logons of services, the check of credentials beside a logon, and other providers’ ids are no attempts', () => {
  const category = (found: LogEvent) => found.fields?.['event.category'];
  expect(category(event(security, 4624, {LogonType: 5}))).toBeUndefined();
  expect(category(event(security, 4776, {Status: '0xc000006a'}))).toBeUndefined();
  expect(category(event('Other', 4625, {LogonType: 3}))).toBeUndefined();
});

test('the process that an event is about: hexadecimal in Security, a number in Sysmon', () => {
  expect(event(security, 4688, {NewProcessId: '0x1f4', ProcessId: '0x4'}).pid).toBe(500);
  expect(event('Microsoft-Windows-Sysmon', 1, {ProcessId: 77, User: 'NT AUTHORITY\\SYSTEM'})).toMatchObject({
    pid: 77,
    user: 'NT AUTHORITY\\SYSTEM',
  });
});

test('every value of System is a field, those that are not known too; texts that are numbers become such', () => {
  const system = {Version: '2', Execution_ProcessID: '4', Security_UserID: 'S-1-5-18', Execution_SessionID: 1};
  expect(event('p', 1, {}, system).fields).toMatchObject({
    'winlog.provider_name': 'p',
    'winlog.version': 2,
    'winlog.process.pid': 4,
    'winlog.user.identifier': 'S-1-5-18',
    'winlog.system.Execution_SessionID': 1,
  });
});

test.each<[string, number, Record<string, FieldValue>, string]>([
  [
    security,
    4624,
    {TargetDomainName: 'D', TargetUserName: 'u', LogonType: 10, IpAddress: '10.0.0.1', IpPort: 5},
    'Logon: D\\u (remote desktop) from 10.0.0.1:5 -, process -.',
  ],
  [
    security,
    4732,
    {
      TargetDomainName: 'Builtin',
      TargetUserName: 'Administrators',
      MemberSid: 'S-1',
      SubjectDomainName: 'D',
      SubjectUserName: 'a',
    },
    'Member added to local group Builtin\\Administrators: - (S-1), by D\\a.',
  ],
  ['Service Control Manager', 7036, {param1: 'Spooler', param2: 'running'}, 'Service Spooler is now running.'],
  [
    'Microsoft-Windows-Kernel-Power',
    41,
    {BugcheckCode: 0},
    'The system started again without having been shut down: stop code 0, power button -.',
  ],
  ['Microsoft-Windows-Sysmon', 5, {Image: 'C:\\a.exe', ProcessId: 3}, 'Process ended: C:\\a.exe (3).'],
  ['Microsoft-Windows-Windows Defender', 5001, {}, 'Defender real-time protection was switched off.'],
  ['Acme', 0, {param1: 'service started', param2: 'ok', Data: 'x'}, 'Acme 0: service started ok'],
  ['Acme', 9, {A: 1, B: '', C: 'x'}, 'Acme 9: A=1 C=x'],
  ['Acme', 9, {}, 'Acme 9.'],
])('message of %s %i', (provider, code, data, message) => {
  expect(event(provider, code, data).message).toBe(message);
});

test('a message that came with the event, as forwarded ones do, is kept', () => {
  const entry = new WindowsEntry();
  entry.fields.add('winlog.rendering_info.Message', 'Said by Windows.');
  expect(winlogEvent(entry, place).message).toBe('Said by Windows.');
});

test('all events that must have a text of their own have one', () => {
  const ids = [
    4624, 4625, 4634, 4647, 4648, 4656, 4657, 4662, 4663, 4670, 4672, 4673, 4688, 4689, 4697, 4698, 4699, 4700, 4701,
    4702, 4703, 4719, 4720, 4722, 4723, 4724, 4725, 4726, 4728, 4729, 4730, 4731, 4732, 4733, 4734, 4735, 4737, 4738,
    4740, 4741, 4742, 4743, 4756, 4767, 4768, 4769, 4771, 4776, 4778, 4779, 4781, 4798, 4799, 4946, 4947, 4948, 4949,
    4950, 5136, 5140, 5142, 5145, 5156, 5157, 5158,
  ];
  const wanted: [string, number[]][] = [
    [security, ids],
    ['Microsoft-Windows-Eventlog', [104, 1100, 1102, 1104]],
    ['Service Control Manager', [7034, 7035, 7036, 7040, 7045]],
    ['EventLog', [6005, 6006, 6008, 6013]],
    ['User32', [1074]],
    ['Microsoft-Windows-Kernel-General', [1, 12, 13]],
    ['Microsoft-Windows-Kernel-Power', [41, 42, 107, 109, 566]],
    ['Microsoft-Windows-WindowsUpdateClient', [19, 20]],
    ['Microsoft-Windows-Time-Service', [37]],
    ['disk', [157]],
    ['Microsoft-Windows-DistributedCOM', [10016]],
    ['Microsoft-Windows-Kernel-PnP', [219]],
    ['Microsoft-Windows-Sysmon', Array.from({length: 29}, (_, index) => index + 1)],
    ['PowerShell', [400, 403, 600, 800]],
    ['Microsoft-Windows-PowerShell', [4103, 4104]],
    [
      'Microsoft-Windows-Windows Defender',
      [1006, 1007, 1013, 1015, 1116, 1117, 1118, 1119, 1121, 1150, 1151, 2001, 5001, 5004, 5007, 5010, 5012],
    ],
    ['Win32k', [701]],
    ['TPM', [17]],
    ['Microsoft-Windows-Security-SPP', [16384, 16394]],
  ];
  const without = wanted.flatMap(([provider, codes]) =>
    codes.filter(code => event(provider, code).message === `${provider} ${code}.`).map(code => `${provider} ${code}`),
  );
  expect(without).toEqual([]);
});

test('a name that comes twice gets a further line; records of one shape stay the same when they come often', () => {
  const entry = new WindowsEntry();
  const made = Array.from({length: 40}, (_, index) => {
    entry.reset();
    entry.fields.add('winlog.a', index);
    entry.fields.add('winlog.b', 'x');
    entry.fields.add('winlog.a', 'again');
    return entry.fields.toRecord();
  });
  expect(made[0]).toEqual({'winlog.a': '0\nagain', 'winlog.b': 'x'});
  expect(made[39]).toEqual({'winlog.a': '39\nagain', 'winlog.b': 'x'});
});

test('datasets are named by channel', () => {
  expect(datasetOf('Security')).toBe('winlog.security');
  expect(datasetOf('Windows PowerShell')).toBe('winlog.windows-powershell');
  expect(datasetOf('')).toBe('winlog.unknown');
});
