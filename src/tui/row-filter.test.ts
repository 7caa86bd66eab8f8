import type {PacketRow} from '../pipeline/snapshot.ts';
import type {AlertGroup} from '../store/sink.ts';
import {filterAlerts, filterFault, filterPackets} from './row-filter.ts';

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
