import type {ConversationRow, PacketRow, TalkerRow} from '../pipeline/snapshot.ts';
import type {AlertGroup} from '../store/sink.ts';
import {bpfOf, filterAlerts, filterConversations, filterFault, filterPackets, filterTalkers} from './row-filter.ts';

const packet: PacketRow = {
  time: 1,
  source: '10.0.0.5',
  sourcePort: 443,
  destination: '192.168.1.20',
  destinationPort: 50_000,
  protocol: 'TLS',
  length: 1_200,
  information: 'Client Hello example.org',
  interface: 'eth0',
  problem: '',
  link: 'ethernet',
  etherType: 0,
  vlan: -1,
  outgoing: false,
  bytes: '',
};

const alert: AlertGroup = {
  id: 'abc',
  host: 'workshop',
  agent: 'agent',
  rule: 'auth.failed.burst',
  ruleName: 'Failed logins',
  level: 'high',
  category: 'System Log',
  entity: '10.9.8.7',
  reason: '20 failed logins of root',
  techniques: ['T1110.001'],
  first: 1,
  last: 2,
  count: 20,
  historical: false,
  status: 'open',
  provider: 'sshd',
  code: 0,
  event: {'user.name': 'root'},
};

const finds = (text: string) => filterPackets([packet], text).length === 1;
const findsAlert = (text: string) => filterAlerts([alert], text).length === 1;

test.each(['src.ip:10.0.0.0/8', 'dst.port:80,50000', 'proto:tls', 'service:tls', 'bytes>=200', 'hello', '-proto:udp'])(
  'a packet is found by %s',
  text => expect(finds(text)).toBe(true),
);

test.each(['src.ip:192.168.0.0/16', 'dst.port:443', 'bytes<200', 'goodbye', '-hello'])(
  'a packet is not found by %s',
  text => expect(finds(text)).toBe(false),
);

test.each([
  'level>=medium',
  'rule:auth.*',
  'status:open',
  'failed',
  'user:root',
  'technique:T1110*',
  'entity:10.9.8.7',
])('an alert is found by %s', text => expect(findsAlert(text)).toBe(true));

test.each(['level:critical', 'status:closed', 'count>100', 'nobody'])('an alert is not found by %s', text =>
  expect(findsAlert(text)).toBe(false),
);

test('a wrong filter says why and where, by what the list has', () => {
  expect(filterFault('logs', 'level>=warning (')).toMatchObject({message: expect.stringContaining('Expected')});
  expect(filterFault('packets', 'dst.port:443 nonsense:1')).toMatchObject({at: 13});
  expect(filterFault('packets', 'dst.port:443')).toBeUndefined();
  expect(filterFault('logs', 'user:root')).toBeUndefined();
});

test.each([
  ['bpf tcp port 443', 'tcp port 443'],
  ['bpf  src net 10.0.0.0/8 and tcp[tcpflags] & tcp-syn != 0', 'src net 10.0.0.0/8 and tcp[tcpflags] & tcp-syn != 0'],
  // No query, but a filter: no mark is needed.
  ['len>=1200', 'len>=1200'],
])('%s asks the bytes of packets', (text, filter) => {
  expect(filterFault('packets', text)).toBeUndefined();
  expect(bpfOf(text)).toBe(filter);
});

test.each(['dst.port:443', 'tls', 'bpf udp prot 53', '(dst.port:', ''])('%s asks rows, or nothing', text => {
  expect(bpfOf(text)).toBeUndefined();
});

test('what is malformed is found by what is wrong with it', () => {
  const rows = [packet, {...packet, problem: 'tcp.header_truncated'}];
  expect(filterPackets(rows, 'error.code:tcp.*')).toHaveLength(1);
  expect(filterPackets(rows, 'header_truncated')).toHaveLength(1);
});

test('a wrong bpf filter says where in the whole text; what is neither is told of as a query', () => {
  expect(filterFault('packets', 'bpf udp prot 53')).toMatchObject({at: 8, message: expect.stringContaining('prot')});
  expect(filterFault('packets', '(dst.port:')).toMatchObject({message: expect.stringContaining('Expected')});
  expect(filterFault('conversations', 'bpf udp')).toMatchObject({message: expect.stringContaining('packets')});
  // Elsewhere it is a word.
  expect(filterFault('logs', 'bpf program loaded')).toBeUndefined();
});

test('conversations and talkers are found by their ends, host, process and bytes', () => {
  const conversation: ConversationRow = {
    id: '1:1',
    time: 1,
    last: 2,
    ended: false,
    transport: 'tcp',
    service: 'https',
    process: 'curl',
    host: 'www.example.org',
    source: '10.0.0.5',
    sourcePort: 50_000,
    destination: '192.0.2.1',
    destinationPort: 443,
    interface: 'eth0',
    bytesOut: 100,
    bytesIn: 900,
    packetsOut: 1,
    packetsIn: 2,
    state: 'S1',
    minuteBytes: 1_000,
    minutePackets: 3,
  };
  const found = (text: string) => filterConversations([conversation], text).length;
  expect(['sni:*.example.org', 'process:curl', 'bytes>=1000', 'state:S1', 'dport:443'].map(found)).toEqual([
    1, 1, 1, 1, 1,
  ]);
  expect(['sni:example.net', 'bytes>1000'].map(found)).toEqual([0, 0]);
  const talker: TalkerRow = {
    address: '192.0.2.1',
    last: 2,
    bytesOut: 900,
    bytesIn: 100,
    packetsOut: 2,
    packetsIn: 1,
    flows: 1,
    minuteBytes: 1_000,
    minutePackets: 3,
    share: 1,
  };
  expect(filterTalkers([talker], 'src.ip:192.0.2.0/24')).toHaveLength(1);
  expect(filterTalkers([talker], 'src.ip:10.0.0.0/8')).toHaveLength(0);
  const other = {...conversation, source: 'fe80::1', destination: '::1'};
  expect(filterConversations([conversation, other], 'src.ip:::1 or dst.ip:::1')).toEqual([other]);
  expect(filterConversations([conversation, other], 'src.ip:fe80::1 or dst.ip:fe80::1')).toEqual([other]);
});
