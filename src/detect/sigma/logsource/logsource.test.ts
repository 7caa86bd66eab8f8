import {toLogEvent} from '../../../capture/logs/parse/entry.ts';
import {parseObject, readJsonRecord} from '../../../capture/logs/parse/json-line.ts';
import {LineParser} from '../../../capture/logs/parse/line-parser.ts';
import {second} from '../../../event/clock.ts';
import type {Event, FieldValue, FlowEvent, LogEvent} from '../../../event/event.ts';
import {logEntry} from '../../rules/log-entry.test-helper.ts';
import {SigmaDetector} from '../detector.ts';
import {setOf, start} from '../rules.fixture.ts';

function rule(logsource: string, selection: string): string {
  return `title: Test\nlogsource: {${logsource}}\ndetection:\n  s:\n${selection
    .split('\n')
    .map(line => `    ${line}\n`)
    .join('')}  condition: s\n`;
}

function hits(text: string, events: readonly Event[]): number {
  const detector = new SigmaDetector(setOf(text));
  return [...detector.onEvents(events), ...detector.finish()].length;
}

function windows(
  channel: string,
  code: number,
  data: Record<string, FieldValue> = {},
  more: Partial<LogEvent> = {},
): LogEvent {
  const fields: Record<string, FieldValue> = {'winlog.channel': channel, 'winlog.provider_name': 'P'};
  for (const [name, value] of Object.entries(data)) fields[`winlog.event_data.${name}`] = value;
  return logEntry(start, {code, provider: 'P', fields, ...more});
}

const sysmon = 'Microsoft-Windows-Sysmon/Operational';

describe('Windows', () => {
  test.each([
    ['process_creation', sysmon, 1],
    ['file_change', sysmon, 2],
    ['network_connection', sysmon, 3],
    ['sysmon_status', sysmon, 4],
    ['sysmon_status', sysmon, 16],
    ['process_termination', sysmon, 5],
    ['driver_load', sysmon, 6],
    ['image_load', sysmon, 7],
    ['create_remote_thread', sysmon, 8],
    ['raw_access_thread', sysmon, 9],
    ['process_access', sysmon, 10],
    ['file_event', sysmon, 11],
    ['registry_event', sysmon, 12],
    ['registry_event', sysmon, 13],
    ['registry_set', sysmon, 13],
    ['registry_event', sysmon, 14],
    ['registry_rename', sysmon, 14],
    ['create_stream_hash', sysmon, 15],
    ['pipe_created', sysmon, 17],
    ['pipe_created', sysmon, 18],
    ['wmi_event', sysmon, 21],
    ['dns_query', sysmon, 22],
    ['file_delete', sysmon, 23],
    ['clipboard_capture', sysmon, 24],
    ['process_tampering', sysmon, 25],
    ['file_delete_detected', sysmon, 26],
    ['file_block_executable', sysmon, 27],
    ['file_block_shredding', sysmon, 28],
    ['file_executable_detected', sysmon, 29],
    ['sysmon_error', sysmon, 255],
    ['ps_module', 'Microsoft-Windows-PowerShell/Operational', 4103],
    ['ps_script', 'PowerShellCore/Operational', 4104],
    ['ps_classic_start', 'Windows PowerShell', 400],
    ['ps_classic_provider_start', 'Windows PowerShell', 600],
    ['ps_classic_script', 'Windows PowerShell', 800],
  ])('%s is %s %i, and the same id of another channel is not', (category, channel, id) => {
    const text = rule(`category: ${category}, product: windows`, 'x: 1');
    expect(hits(text, [windows(channel, id, {x: 1})])).toBe(1);
    expect(hits(text, [windows('Application', id, {x: 1})])).toBe(0);
    expect(hits(text, [windows(channel, id + 1_000, {x: 1})])).toBe(0);
  });

  test('Sysmon’s 12 is told apart by what happened to the key', () => {
    const of = (category: string, type: string) =>
      hits(rule(`category: ${category}, product: windows`, 'x: 1'), [windows(sysmon, 12, {x: 1, EventType: type})]);
    expect([of('registry_add', 'CreateKey'), of('registry_add', 'DeleteKey')]).toEqual([1, 0]);
    expect([
      of('registry_delete', 'DeleteKey'),
      of('registry_delete', 'DeleteValue'),
      of('registry_delete', 'CreateKey'),
    ]).toEqual([1, 1, 0]);
  });

  test('the head’s fields have Sigma’s names, and data does not replace them', () => {
    const event = windows('System', 7045, {Channel: 'Fake', ServiceName: 'x'});
    expect(
      hits(
        rule('product: windows, service: system', 'EventID: 7045\nProvider_Name: P\nChannel: System\nServiceName: X'),
        [event],
      ),
    ).toBe(1);
    expect(hits(rule('product: windows, service: system', 'Channel: Fake'), [event])).toBe(0);
    expect(hits(rule('product: windows', 'EventID: 7045'), [event])).toBe(1);
    expect(hits(rule('product: windows, service: security', 'EventID: 7045'), [event])).toBe(0);
  });

  const created = {
    NewProcessName: 'C:\\Windows\\System32\\whoami.exe',
    ParentProcessName: 'C:\\Windows\\explorer.exe',
    CommandLine: 'whoami /all',
    NewProcessId: '0x1f4',
    ProcessId: '0x10',
    MandatoryLabel: 'S-1-16-12288',
    SubjectUserName: 'anna',
    SubjectDomainName: 'CORP',
    SubjectUserSid: 'S-1-5-21-1',
    TargetUserSid: 'S-1-0-0',
    TargetUserName: '-',
    SubjectLogonId: '0x3e7',
  };

  test('4688 stands in for process_creation, with its values in Sysmon’s form', () => {
    const selection =
      "Image|endswith: '\\whoami.exe'\nParentImage|endswith: '\\explorer.exe'\nCommandLine|contains: '/all'\nProcessId: 500\nParentProcessId: 16\nIntegrityLevel: High\nUser: 'CORP\\anna'\nLogonId: '0x3e7'";
    const text = rule('category: process_creation, product: windows', selection);
    expect(hits(text, [windows('Security', 4688, created)])).toBe(1);
    expect(hits(text, [windows(sysmon, 4688, created)])).toBe(0);
    expect(
      hits(rule('category: process_creation, product: windows', 'ProcessId: 16'), [windows('Security', 4688, created)]),
    ).toBe(0);
    const system = windows('Security', 4688, {...created, SubjectUserSid: 'S-1-5-18', SubjectUserName: 'PC$'});
    expect(hits(rule('category: process_creation, product: windows', "User|contains: 'AUTHORI'"), [system])).toBe(1);
  });

  test('4688 stays what it is for rules of the Security log, which see its own names only', () => {
    const own = rule(
      'product: windows, service: security',
      "EventID: 4688\nProcessId: '0x10'\nNewProcessName|endswith: '\\whoami.exe'",
    );
    expect(hits(own, [windows('Security', 4688, created)])).toBe(1);
    expect(
      hits(rule('product: windows, service: security', 'Image|contains: whoami'), [windows('Security', 4688, created)]),
    ).toBe(0);
  });

  test('a rule for all of Windows fires once, however many ways an event can be seen', () => {
    expect(hits(rule('product: windows', "CommandLine: 'whoami /all'"), [windows('Security', 4688, created)])).toBe(1);
  });

  test('5156 stands in for network_connection', () => {
    const data = {
      Application: '\\device\\harddiskvolume1\\x.exe',
      Direction: '%%14593',
      SourceAddress: '10.0.0.1',
      SourcePort: '1000',
      DestAddress: '1.2.3.4',
      DestPort: '443',
      Protocol: '6',
      ProcessID: '4',
    };
    const selection =
      "Image|endswith: '\\x.exe'\nInitiated: 'true'\nDestinationIp: 1.2.3.4\nDestinationPort: 443\nProtocol: tcp\nSourceIp|cidr: 10.0.0.0/8\nProcessId: 4\nDestinationIsIpv6: 'false'";
    expect(
      hits(rule('category: network_connection, product: windows', selection), [windows('Security', 5156, data)]),
    ).toBe(1);
    expect(
      hits(rule('category: network_connection, product: windows', 'Initiated: false'), [
        windows('Security', 5156, {...data, Direction: '%%14592'}),
      ]),
    ).toBe(1);
  });

  test('a program that 5156 names by its volume is found by its drive too', () => {
    const event = windows('Security', 5156, {Application: '\\device\\harddiskvolume3\\windows\\temp\\x.exe'});
    const about = (selection: string) =>
      hits(rule('category: network_connection, product: windows', selection), [event]);
    expect(about("Image|startswith: 'C:\\Windows\\Temp\\'")).toBe(1);
    expect(about("Image|startswith: '\\device\\harddiskvolume'")).toBe(1);
    expect(about("Image|startswith: 'C:\\Program Files\\'")).toBe(0);
  });

  test('4657 stands in for registry_set and, where a value goes, registry_delete', () => {
    const data = {
      ObjectName: '\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Control\\Lsa',
      ObjectValueName: 'RunAsPPL',
      OperationType: '%%1905',
      NewValueType: '%%1876',
      NewValue: '0',
      ProcessName: 'C:\\reg.exe',
    };
    const selection =
      "TargetObject: 'HKLM\\System\\CurrentControlSet\\Control\\Lsa\\RunAsPPL'\nDetails: 'DWORD (0x00000000)'\nImage|endswith: reg.exe\nEventType: SetValue";
    expect(hits(rule('category: registry_set, product: windows', selection), [windows('Security', 4657, data)])).toBe(
      1,
    );
    const gone = windows('Security', 4657, {...data, OperationType: '%%1906'});
    expect(hits(rule('category: registry_delete, product: windows', 'EventType: DeleteValue'), [gone])).toBe(1);
    expect(hits(rule('category: registry_set, product: windows', 'Image|endswith: reg.exe'), [gone])).toBe(0);
    const user = windows('Security', 4657, {...data, ObjectName: '\\REGISTRY\\USER\\S-1-5-21-1\\Software'});
    expect(
      hits(rule('category: registry_event, product: windows', "TargetObject: 'HKU\\S-1-5-21-1\\Software\\RunAsPPL'"), [
        user,
      ]),
    ).toBe(1);
  });

  test('Defender’s findings are those of an antivirus', () => {
    const event = windows('Microsoft-Windows-Windows Defender/Operational', 1116, {
      'Threat Name': 'HackTool:X',
      Path: 'C:\\x',
    });
    expect(hits(rule('category: antivirus', "Signature|startswith: HackTool\nFilename: 'C:\\x'"), [event])).toBe(1);
    expect(
      hits(rule('product: windows, service: windefend', 'EventID: 1116\nThreatName|contains: hack'), [event]),
    ).toBe(1);
  });

  test('single hashes are found in Sysmon’s list of them', () => {
    const event = windows(sysmon, 1, {Hashes: 'MD5=AA,SHA256=BB,IMPHASH=CC'});
    expect(
      hits(rule('category: process_creation, product: windows', 'md5: aa\nImphash: cc\nsha256: bb'), [event]),
    ).toBe(1);
    expect(hits(rule('category: process_creation, product: windows', 'sha1: aa'), [event])).toBe(0);
  });

  test('JSON of other readers of event logs is understood', () => {
    const nested =
      '{"Event":{"System":{"Provider":{"#attributes":{"Name":"P"}},"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"pc"},"EventData":{"Image":"C:\\\\x.exe"}}}';
    const flat = '{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\\\x.exe","Hostname":"pc"}';
    const text = rule('category: process_creation, product: windows', "EventID: 1\nImage|endswith: '\\x.exe'");
    expect([nested, flat].map(line => hits(text, [json(line)]))).toEqual([1, 1]);
  });

  test('made-up channels and ids without end do not make state without end', () => {
    const text = rule('product: windows, service: security', 'EventID: 9999\nx: 1');
    const events = Array.from({length: 6_000}, (_, id) => windows('Security', id + 10_000, {x: 1}));
    expect(hits(text, [...events, windows('Security', 9_999, {x: 1})])).toBe(1);
  });
});

function json(line: string, dataset = 'text', provider = 'app'): LogEvent {
  const record = parseObject(line) ?? {};
  return toLogEvent(readJsonRecord(record, provider), {
    origin: {...logEntry(0).origin, dataset},
    position: 1,
    time: start,
    ingested: start,
  });
}

function line(text: string, dataset: string, provider = dataset): LogEvent {
  const entry = new LineParser({provider, host: 'web1'}).parse(text, start);
  return toLogEvent(entry, {origin: {...logEntry(0).origin, dataset}, position: 1, time: start, ingested: start});
}

describe('Linux', () => {
  const stamp = 'Jan  5 12:00:00 web1';

  test.each([
    ['product: linux, service: sshd', `${stamp} sshd[7]: error: kex_exchange evil`, 'auth'],
    ['product: linux, service: auth', `${stamp} sshd[7]: error: kex_exchange evil`, 'auth'],
    ['product: linux, service: auth', `${stamp} useradd[7]: evil user`, 'auth'],
    ['product: linux, service: syslog', `${stamp} foo[7]: evil`, 'syslog'],
    ['product: linux', `${stamp} foo[7]: evil`, 'syslog'],
    ['product: linux, service: cron', `${stamp} CRON[7]: (root) CMD (evil)`, 'syslog'],
    ['product: linux, service: vsftpd', `${stamp} vsftpd[7]: evil`, 'syslog'],
    ['product: linux, service: clamav', `${stamp} clamd[7]: evil`, 'syslog'],
    ['product: linux, service: guacamole', `${stamp} guacd[7]: evil`, 'syslog'],
  ])('%s finds words in its log', (logsource, text, dataset) => {
    const keywords = `title: Test\nlogsource: {${logsource}}\ndetection:\n  k: [evil]\n  condition: k\n`;
    expect(hits(keywords, [line(text, dataset)])).toBe(1);
    expect(hits(keywords, [line(text.replace('evil', 'fine'), dataset)])).toBe(0);
    expect(
      hits(keywords.replace('linux', 'windows').replace(/service: \w+/, 'service: security'), [line(text, dataset)]),
    ).toBe(0);
  });

  test('sudo’s fields have the names of its line', () => {
    const event = line(`${stamp} sudo: bob : TTY=pts/0 ; PWD=/ ; USER=#-1 ; COMMAND=/bin/bash`, 'auth');
    expect(
      hits(rule('product: linux, service: sudo', "USER|contains: ['#-1', '#4294967295']\nCOMMAND: /bin/bash"), [event]),
    ).toBe(1);
  });

  const audit = (text: string, time = start) => ({...line(text, 'auditd', 'auditd'), time});
  const id = 'msg=audit(1767614400.000:42)';
  const syscall = `type=SYSCALL ${id}: arch=c000003e syscall=59 success=yes a0=55d0 a1=0 ppid=10 pid=11 auid=1000 uid=0 comm="bash" exe="/usr/bin/bash" key="exec" SYSCALL=execve UID="root"`;
  const execve = `type=EXECVE ${id}: argc=3 a0="bash" a1="-c" a2=6375726C2065766968`;
  const cwd = `type=CWD ${id}: cwd="/tmp"`;
  const path = `type=PATH ${id}: item=1 name="x.sh" nametype=CREATE`;
  const title = `type=PROCTITLE ${id}: proctitle="bash"`;

  test('one audit record is enough for a rule about its type', () => {
    expect(
      hits(rule('product: linux, service: auditd', "type: EXECVE\na0: bash\na1: '-c'\na2|startswith: curl"), [
        audit(execve),
      ]),
    ).toBe(1);
    expect(
      hits(rule('product: linux, service: auditd', 'type: SYSCALL\nSYSCALL: execve\nexe|endswith: /bash\nkey: exec'), [
        audit(syscall),
      ]),
    ).toBe(1);
    expect(hits(rule('product: linux, service: auditd', 'type: SYSCALL\nsyscall: 59'), [audit(syscall)])).toBe(1);
  });

  test('records of one event are joined, and what one record shows is found once', () => {
    const both = rule('product: linux, service: auditd', "type: EXECVE\na1: '-c'\nexe: /usr/bin/bash");
    expect(
      hits(
        both,
        [syscall, execve, cwd, title].map(text => audit(text)),
      ),
    ).toBe(1);
    expect(
      hits(
        rule('product: linux, service: auditd', 'type: EXECVE\na0: bash'),
        [syscall, execve, title].map(text => audit(text)),
      ),
    ).toBe(1);
    const other = audit(execve.replace(':42)', ':43)'));
    expect(hits(both, [audit(syscall), other])).toBe(0);
  });

  test('a started program is process_creation, with its parent where that was seen to start', () => {
    const parent = [syscall, execve, title].map(text =>
      audit(text.replaceAll('pid=11', 'pid=10').replace(':42)', ':41)').replaceAll('/usr/bin/bash', '/usr/sbin/nginx')),
    );
    const events = [...parent, ...[syscall, execve, cwd, title].map(text => audit(text))];
    const selection =
      "Image: /usr/bin/bash\nCommandLine: 'bash -c curl evih'\nCurrentDirectory: /tmp\nProcessId: 11\nParentProcessId: 10\nUser: root\nParentImage: /usr/sbin/nginx";
    expect(hits(rule('category: process_creation, product: linux', selection), events)).toBe(1);
  });

  test('an event that no closing record ends, ends two seconds later', () => {
    const detector = new SigmaDetector(
      setOf(rule('category: process_creation, product: linux', 'Image: /usr/bin/bash')),
    );
    expect(detector.onEvents([audit(syscall), audit(execve)])).toEqual([]);
    expect(detector.onEvents([audit(execve.replace(':42)', ':99)'), audit(syscall).time + 3 * second)])).toHaveLength(
      1,
    );
  });

  test('a file that is made is a file_event, a connection a network_connection', () => {
    expect(
      hits(
        rule('category: file_event, product: linux', 'TargetFilename: /tmp/x.sh\nImage: /usr/bin/bash'),
        [syscall, cwd, path, title].map(text => audit(text)),
      ),
    ).toBe(1);
    const connect = syscall.replace('syscall=59', 'syscall=42').replace('SYSCALL=execve', 'SYSCALL=connect');
    const address = `type=SOCKADDR ${id}: saddr=020001BB01020304`;
    expect(
      hits(
        rule('category: network_connection, product: linux', 'DestinationIp: 1.2.3.4\nDestinationPort: 443'),
        [connect, `${address}0000000000000000`, title].map(text => audit(text)),
      ),
    ).toBe(1);
  });
});

describe('web', () => {
  const access =
    '203.0.113.9 - bob [05/Jan/2026:12:00:00 +0000] "GET /cgi-bin/x.php?cmd=id HTTP/1.1" 200 512 "http://ref/" "sqlmap/1.0"';

  test('an access log has the names of W3C', () => {
    const selection =
      "cs-method: GET\ncs-uri-stem: /cgi-bin/x.php\ncs-uri-query|contains: 'cmd=id'\nsc-status: 200\ncs-user-agent|contains: sqlmap\ncs-referer: 'http://ref/'\nc-ip: 203.0.113.9\ncs-username: bob\nsc-bytes: 512";
    expect(hits(rule('category: webserver', selection), [line(access, 'nginx.access', 'nginx')])).toBe(1);
    expect(
      hits(rule('category: webserver, product: apache', 'cs-method: GET'), [line(access, 'apache.access', 'apache')]),
    ).toBe(1);
    expect(hits(rule('category: proxy', 'cs-method: GET'), [line(access, 'nginx.access', 'nginx')])).toBe(0);
  });

  test('rules that look for the path in the query find it', () => {
    expect(hits(rule('category: webserver', "cs-uri-query|contains: '/cgi-bin/'"), [line(access, 'web.access')])).toBe(
      1,
    );
  });

  test('a proxy’s log is one by its name or its fields', () => {
    const event = json('{"cs-method":"GET","c-uri":"http://evil.example/a.exe","c-useragent":"x","sc-status":200}');
    expect(hits(rule('category: proxy', "c-uri|endswith: '.exe'\nc-useragent: x"), [event])).toBe(1);
    expect(
      hits(rule('category: proxy', "c-uri|contains: '/cgi-bin/'\nc-useragent|startswith: sqlmap"), [
        line(access, 'squid.access', 'squid'),
      ]),
    ).toBe(1);
  });

  test('an error log belongs to its server', () => {
    const event = line(
      '[Mon Jan 05 12:00:00.000000 2026] [core:error] [pid 1] exploit signal Segmentation Fault',
      'apache.error',
      'apache',
    );
    expect(
      hits('title: T\nlogsource: {service: apache}\ndetection:\n  k: [segmentation fault]\n  condition: k\n', [event]),
    ).toBe(1);
  });
});

describe('network', () => {
  const flow: FlowEvent = {
    kind: 'flow',
    origin: {...logEntry(0).origin, dataset: 'flow'},
    position: 1,
    time: start,
    ingested: start,
    last: start + second,
    ended: true,
    transport: 'tcp',
    service: 'ssh',
    sourceIp: '10.0.0.1',
    sourcePort: 5_000,
    sourceMac: '',
    destinationIp: '1.2.3.4',
    destinationPort: 22,
    destinationMac: '',
    interface: 'eth0',
    vlan: 0,
    packetsOut: 1,
    bytesOut: 100,
    packetsIn: 1,
    bytesIn: 200,
    state: 'SF',
    history: 'ShAdDaFf',
  };

  test('a conversation is a connection and, to rules for firewalls, a firewall’s', () => {
    const selection =
      'source.ip: 10.0.0.1\ndestination.port: 22\nnetwork.transport: tcp\nsource.bytes|gte: 100\nnetwork.state: SF\nevent.duration: 1';
    expect(hits(rule('category: network, service: connection', selection), [flow])).toBe(1);
    expect(hits(rule('category: firewall', 'src_ip: 10.0.0.1\ndst_ip|cidr: 1.2.0.0/16\ndst_port: 22'), [flow])).toBe(1);
  });

  test('the kernel’s packet filter is a firewall', () => {
    const event = line(
      'Jan  5 12:00:00 web1 kernel: [1.0] [UFW BLOCK] IN=eth0 OUT= SRC=1.2.3.4 DST=10.0.0.1 LEN=40 PROTO=TCP SPT=4000 DPT=23',
      'kernel',
      'kernel',
    );
    expect(
      hits(rule('category: firewall', "src_ip: 1.2.3.4\ndst_port: 23\naction: block\nblocked: 'true'"), [event]),
    ).toBe(1);
    expect(hits(rule('product: linux', "message|contains: 'UFW BLOCK'"), [event])).toBe(1);
  });

  test('lines of Cisco’s devices are told by their mnemonic', () => {
    const keywords =
      'title: T\nlogsource: {product: cisco, service: aaa}\ndetection:\n  k: [clear archive]\n  condition: k\n';
    const form = (mnemonic: string) => `Jan  5 12:00:00 router1 45: ${mnemonic} User:bob logged command:clear archive`;
    expect(hits(keywords, [line(form('%PARSER-5-CFGLOG_LOGGEDCMD:'), 'syslog')])).toBe(1);
    expect(hits(keywords, [line(form('100%-5-done:'), 'syslog')])).toBe(0);
  });

  test('Zeek’s logs keep their names and have the common ones too', () => {
    const dns = json(
      '{"_path":"dns","ts":1767614400.0,"id.orig_h":"10.0.0.1","id.resp_h":"8.8.8.8","query":"evil.example","qtype_name":"TXT","answers":["1.1.1.1"]}',
    );
    expect(hits(rule('product: zeek, service: dns', 'query: evil.example\nid.orig_h: 10.0.0.1'), [dns])).toBe(1);
    expect(
      hits(rule('category: dns', 'query|endswith: example\nrecord_type: TXT\nanswer|contains: 1.1.1.1'), [dns]),
    ).toBe(1);
    expect(hits(rule('product: zeek, service: http', 'query: evil.example'), [dns])).toBe(0);
    const http = json(
      '{"_path":"http","ts":1767614400.0,"id.orig_h":"10.0.0.1","id.resp_h":"9.9.9.9","method":"GET","host":"evil.example","uri":"/a.exe","user_agent":"x","status_code":200}',
    );
    expect(
      hits(rule('product: zeek, service: http', "host|endswith: example\nuri|endswith: '.exe'\nstatus_code: 200"), [
        http,
      ]),
    ).toBe(1);
    expect(hits(rule('category: proxy', "c-uri|contains: 'evil.example/a'\ncs-method: GET"), [http])).toBe(1);
    const smb = json(
      '{"_path":"smb_files","ts":1767614400.0,"id.orig_h":"10.0.0.1","path":"\\\\\\\\x\\\\IPC$","name":"samr"}',
    );
    expect(hits(rule('product: zeek, service: smb_files', "name: samr\npath|endswith: 'IPC$'"), [smb])).toBe(1);
  });

  test('Suricata’s EVE log has the common names', () => {
    const dns = json(
      '{"timestamp":"2026-01-05T12:00:00.000000+0000","event_type":"dns","src_ip":"10.0.0.1","src_port":5,"dest_ip":"8.8.8.8","dest_port":53,"dns":{"type":"query","rrname":"evil.example","rrtype":"A"}}',
    );
    expect(hits(rule('category: dns', 'query: evil.example\nrecord_type: A\ndst_port: 53'), [dns])).toBe(1);
    const http = json(
      '{"timestamp":"2026-01-05T12:00:00.000000+0000","event_type":"http","src_ip":"10.0.0.1","dest_ip":"8.8.8.8","http":{"hostname":"evil.example","url":"/x","http_method":"POST","status":200}}',
    );
    expect(hits(rule('category: proxy', 'cs-host: evil.example\ncs-method: POST'), [http])).toBe(1);
  });
});

describe('applications', () => {
  test('a log whose maker is not known may be of any product; a known one is of its own', () => {
    const keywords = (product: string) =>
      `title: T\nlogsource: {category: application, product: ${product}}\ndetection:\n  k: [SuspiciousOperation]\n  condition: k\n`;
    expect(
      hits(keywords('django'), [
        logEntry(start, {origin: {...logEntry(0).origin, dataset: 'text'}, message: 'raised SuspiciousOperation'}),
      ]),
    ).toBe(1);
    const java = logEntry(start, {
      origin: {...logEntry(0).origin, dataset: 'text'},
      provider: 'java',
      message: 'raised SuspiciousOperation',
    });
    expect([hits(keywords('django'), [java]), hits(keywords('jvm'), [java])]).toEqual([0, 1]);
  });

  test('records of a cloud are told by their fields', () => {
    const event = json(
      '{"eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"x","userIdentity":{"type":"Root"}}',
    );
    expect(
      hits(rule('product: aws, service: cloudtrail', 'eventSource: iam.amazonaws.com\nuserIdentity.type: Root'), [
        event,
      ]),
    ).toBe(1);
  });

  test('this program’s own events have a product of their own', () => {
    const event = logEntry(start, {
      provider: 'siem',
      origin: {...logEntry(0).origin, dataset: 'watch'},
      fields: {'event.action': 'port_opened'},
    });
    expect(hits(rule('product: siem, service: watch', 'event.action: port_opened'), [event])).toBe(1);
  });
});
