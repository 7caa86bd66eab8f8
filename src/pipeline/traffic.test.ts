import type {FlowEvent} from '../event/event.ts';
import {shownConversations, shownTalkers, Traffic} from './traffic.ts';

const second = 1_000_000;
const begin = 1_700_000_000 * second;
const origin = {agent: 'a', host: 'h', source: 'packets:eth0', epoch: '1', dataset: 'flow'};

function flow(position: number, change: Partial<FlowEvent> = {}): FlowEvent {
  return {
    kind: 'flow',
    origin,
    position,
    time: begin,
    ingested: begin,
    last: begin + second,
    ended: false,
    transport: 'tcp',
    service: 'https',
    sourceIp: '10.0.0.7',
    sourcePort: 50_000,
    sourceMac: '',
    destinationIp: '192.0.2.1',
    destinationPort: 443,
    destinationMac: '',
    interface: 'eth0',
    vlan: 0,
    packetsOut: 1,
    bytesOut: 100,
    packetsIn: 2,
    bytesIn: 900,
    state: 'S1',
    history: '',
    ...change,
  };
}

test('a conversation tells its ends, its process and the server that was asked for', () => {
  const traffic = new Traffic();
  traffic.add([flow(1, {fields: {'destination.domain': 'example.org', 'process.name': 'curl'}})]);
  const {conversations} = traffic.rows(begin + second);
  expect(conversations).toMatchObject([{host: 'example.org', process: 'curl', bytesOut: 100, bytesIn: 900}]);
});

test('a later report of a flow replaces the earlier one: what it adds counts, once', () => {
  const traffic = new Traffic();
  traffic.add([flow(1)]);
  traffic.add([flow(1, {last: begin + 11 * second, bytesIn: 1_900, packetsIn: 3})]);
  const {conversations, talkers} = traffic.rows(begin + 11 * second);
  expect(conversations).toMatchObject([{bytesIn: 1_900, minuteBytes: 2_000, minutePackets: 4}]);
  expect(talkers).toMatchObject([
    {address: '10.0.0.7', bytesOut: 100, bytesIn: 1_900, flows: 1, share: 1},
    {address: '192.0.2.1', bytesOut: 1_900, bytesIn: 100, flows: 1, share: 1},
  ]);
});

test('what was said more than a minute ago weighs nothing any more, and after an hour it is gone', () => {
  const traffic = new Traffic();
  traffic.add([flow(1, {bytesIn: 1e9}), flow(2, {last: begin + 90 * second, sourceIp: '10.0.0.8'})]);
  const later = traffic.rows(begin + 95 * second);
  expect(later.conversations.map(({id, minuteBytes}) => [id, minuteBytes > 0])).toEqual([
    ['1:2', true],
    ['1:1', false],
  ]);
  expect(later.talkers[0]).toMatchObject({minuteBytes: 667});
  expect(traffic.rows(begin + 3_620 * second).conversations.map(({id}) => id)).toEqual(['1:2']);
});

test('in a replay conversations of files of other years are there too', () => {
  const traffic = new Traffic();
  traffic.add([flow(1), flow(2, {time: begin / 2, last: begin / 2 + second, bytesIn: 1_000})]);
  const {conversations} = traffic.rows('replay');
  expect(conversations.map(({id, minuteBytes}) => [id, minuteBytes])).toEqual([
    ['1:1', 1_000],
    ['1:2', 0],
  ]);
  expect(traffic.rows(begin).conversations.map(({id}) => id)).toEqual(['1:1']);
});

test('a flow first met at its end counts with its mean over a minute, not with all of its life', () => {
  const traffic = new Traffic();
  traffic.add([flow(1, {last: begin + 600 * second, bytesOut: 0, bytesIn: 10_000, ended: true})]);
  expect(traffic.rows(begin + 600 * second).conversations).toMatchObject([{bytesIn: 10_000, minuteBytes: 1_000}]);
});

test('a scan of a hundred thousand addresses neither grows the table nor hides who moves the bytes', () => {
  const traffic = new Traffic();
  traffic.add([flow(1, {bytesIn: 50e6})]);
  for (let n = 2; n < 100_000; n++) {
    const address = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
    traffic.add([flow(n, {sourceIp: '10.9.9.9', destinationIp: address, bytesIn: 0, bytesOut: 60, state: 'S0'})]);
  }
  const {conversations, talkers} = traffic.rows(begin + second);
  expect([conversations.length, talkers.length]).toEqual([shownConversations, shownTalkers]);
  expect(conversations[0]?.id).toBe('1:1');
  expect(talkers.slice(0, 3).map(({address}) => address)).toEqual(['10.0.0.7', '192.0.2.1', '10.9.9.9']);
  expect(talkers[2]?.flows).toBe(99_998);
});

test('flows folded into one have no address at one end: that is no talker', () => {
  const traffic = new Traffic();
  traffic.add([flow(1, {sourceIp: '0.0.0.0'}), flow(2, {sourceIp: '::', destinationIp: '2001:db8::1'})]);
  expect(traffic.rows(begin).talkers.map(({address}) => address)).toEqual(['192.0.2.1', '2001:db8::1']);
});
