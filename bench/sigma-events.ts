import type {FieldValue, LogEvent, Origin} from '../src/event/event.ts';

const origin: Origin = {agent: 'bench', host: 'pc', source: 'generated', epoch: '1', dataset: 'winlog'};
const folders = [
  'C:\\Windows\\System32\\',
  'C:\\Windows\\SysWOW64\\',
  'C:\\Program Files\\Git\\cmd\\',
  'C:\\Users\\anna\\AppData\\Local\\Temp\\',
];
const programs = [
  'cmd.exe',
  'powershell.exe',
  'svchost.exe',
  'rundll32.exe',
  'git.exe',
  'node.exe',
  'conhost.exe',
  'schtasks.exe',
  'msbuild.exe',
  'reg.exe',
];
const words = [
  '/c',
  '-NoProfile',
  '-ExecutionPolicy Bypass',
  'echo',
  'build',
  'C:\\work\\app\\src\\index.ts',
  '--config',
  'query',
  'HKLM\\Software\\Vendor',
  '&&',
  'status',
  '-k netsvcs',
  '/s /e',
  'install',
  '-Command "Get-Date"',
  '>',
  'out.log',
];
const shells = ['/bin/sh', '/usr/bin/bash', '/usr/bin/python3', '/usr/bin/grep', '/usr/bin/curl', '/usr/bin/find'];

/**
 * A machine that starts programs all the time: four in five events are a process that began on Windows (4688 and
 * Sysmon 1) or Linux (SYSCALL, EXECVE and PROCTITLE records), the rest what else such a machine logs. Command lines are
 * made of common words, each different, so that nothing comes from a cache. The same for the same seed.
 */
export function processHeavyEvents(count: number, seed: number): LogEvent[] {
  const random = generator(seed);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  const events: LogEvent[] = [];
  const start = Date.UTC(2026, 0, 5) * 1000;
  while (events.length < count) {
    const number = events.length;
    const time = start + number * 1_000;
    const line = Array.from({length: 3 + Math.floor(random() * 8)}, () => pick(words)).join(' ');
    const image = pick(folders) + pick(programs);
    const commandLine = `"${image}" ${line} ${number}`;
    const kind = random();
    if (kind < 0.4) events.push(created4688(time, number, image, pick(folders) + pick(programs), commandLine));
    else if (kind < 0.6) events.push(sysmonCreated(time, number, image, pick(folders) + pick(programs), commandLine));
    else if (kind < 0.8) events.push(...executed(time, number, pick(shells), line.split(' ')));
    else events.push(other(time, number, image, random()));
  }
  return events.slice(0, count);
}

function created4688(time: number, position: number, image: string, parent: string, commandLine: string): LogEvent {
  return windows(time, position, 'Security', 4688, {
    SubjectUserSid: 'S-1-5-21-1-2-3-1001',
    SubjectUserName: 'anna',
    SubjectDomainName: 'CORP',
    SubjectLogonId: '0x3e7ab',
    NewProcessId: `0x${(position % 65_536).toString(16)}`,
    NewProcessName: image,
    TokenElevationType: '%%1938',
    ProcessId: '0x1f4',
    CommandLine: commandLine,
    TargetUserSid: 'S-1-0-0',
    TargetUserName: '-',
    ParentProcessName: parent,
    MandatoryLabel: 'S-1-16-8192',
  });
}

function sysmonCreated(time: number, position: number, image: string, parent: string, commandLine: string): LogEvent {
  return windows(time, position, 'Microsoft-Windows-Sysmon/Operational', 1, {
    UtcTime: new Date(time / 1000).toISOString(),
    ProcessGuid: `{c1b49677-43f4-5c7a-0000-${position.toString(16).padStart(12, '0')}}`,
    ProcessId: position % 65_536,
    Image: image,
    FileVersion: '10.0.19041.1',
    Description: 'A program',
    Product: 'Product',
    Company: 'Company',
    OriginalFileName: image.slice(image.lastIndexOf('\\') + 1),
    CommandLine: commandLine,
    CurrentDirectory: 'C:\\work\\',
    User: 'CORP\\anna',
    LogonId: '0x3e7ab',
    IntegrityLevel: 'Medium',
    Hashes: `SHA256=${position.toString(16).padStart(64, '0')},IMPHASH=${position.toString(16).padStart(32, 'A')}`,
    ParentImage: parent,
    ParentCommandLine: `${parent} /start ${position}`,
  });
}

function executed(time: number, number: number, exe: string, words: readonly string[]): LogEvent[] {
  const args = Object.fromEntries([exe, ...words].map((word, index) => [`a${index}`, word]));
  const record = (type: string, fields: Record<string, FieldValue>, place: number): LogEvent => {
    const all = {type, sequence: number, ...fields};
    const text = Object.entries(all)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ');
    const named = Object.fromEntries(Object.entries(all).map(([key, value]) => [`auditd.${key}`, value]));
    return {
      ...base(time, number * 4 + place),
      origin: {...origin, dataset: 'auditd'},
      provider: 'auditd',
      message: text,
      fields: named,
    };
  };
  return [
    record(
      'SYSCALL',
      {arch: 'c000003e', syscall: '59', success: 'yes', ppid: '1', pid: String(number), exe, comm: 'sh', key: 'exec'},
      0,
    ),
    record('EXECVE', {argc: words.length + 1, ...args}, 1),
    record('PROCTITLE', {proctitle: [exe, ...words].join(' ')}, 2),
  ];
}

function other(time: number, number: number, image: string, kind: number): LogEvent {
  if (kind < 0.4) {
    return windows(time, number, 'Security', 4624, {
      TargetUserName: 'anna',
      LogonType: 3,
      IpAddress: `10.0.0.${number % 250}`,
    });
  }
  if (kind < 0.7) {
    const fields = {Image: image, TargetFilename: `C:\\Users\\anna\\AppData\\Local\\Temp\\file${number}.tmp`};
    return windows(time, number, 'Microsoft-Windows-Sysmon/Operational', 11, fields);
  }
  const message = `Accepted publickey for anna from 10.0.0.${number % 250} port 50000 ssh2`;
  return {...base(time, number), origin: {...origin, dataset: 'auth'}, provider: 'sshd', message};
}

function windows(
  time: number,
  position: number,
  channel: string,
  code: number,
  data: Record<string, FieldValue>,
): LogEvent {
  const provider = channel === 'Security' ? 'Microsoft-Windows-Security-Auditing' : 'Microsoft-Windows-Sysmon';
  const fields: Record<string, FieldValue> = {
    'winlog.channel': channel,
    'winlog.provider_name': provider,
    'winlog.computer_name': 'pc',
    'winlog.record_id': position,
  };
  for (const [name, value] of Object.entries(data)) fields[`winlog.event_data.${name}`] = value;
  return {...base(time, position), code, provider, fields};
}

function base(time: number, position: number): LogEvent {
  return {kind: 'log', origin, position, time, ingested: time, level: 6, code: 0, provider: 'app', message: ''};
}

/** mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
