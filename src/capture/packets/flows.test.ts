import {ethernet, icmp, ipv4, tcp, udp} from '../../../bench/packet-builder.ts';
import {Decoded} from './decode/decoded.ts';
import {decodePacket} from './decode/packet.ts';
import {type FlowRecord, keptFlow} from './flow-record.ts';
import {FlowTable} from './flows.ts';

const second = 1_000_000;
const syn = 0x02;
const synAck = 0x12;
const ack = 0x10;
const push = 0x18;
const fin = 0x11;
const rst = 0x14;

function table(limit = 100, room = () => true) {
  const flows: FlowRecord[] = [];
  const unanswered: FlowRecord[] = [];
  const flowTable = new FlowTable(limit, 42, {
    room,
    flow: record => flows.push(keptFlow(record)),
    unanswered: record => unanswered.push(keptFlow(record)),
    about: () => ({service: '', fields: {}}),
    forget: () => undefined,
  });
  const send = (bytes: Uint8Array, time: number) => {
    const d = new Decoded();
    const {length} = bytes;
    decodePacket(d, {
      bytes,
      start: 0,
      end: length,
      wire: length,
      time,
      outgoing: false,
      vlan: -1,
      link: 'ethernet',
      etherType: 0,
    });
    return {slot: flowTable.add(d, 0), d};
  };
  const segment = (out: boolean, flags: number, time: number, length = 0, port = 50_000) => {
    const [from, to] = out ? ['10.0.0.1', '10.0.0.2'] : ['10.0.0.2', '10.0.0.1'];
    const [fromPort, toPort] = out ? [port, 443] : [443, port];
    return send(
      ethernet(0x0800, ipv4({from, to, protocol: 6}, tcp({from: fromPort, to: toPort, flags}, Buffer.alloc(length)))),
      time,
    );
  };
  return {flowTable, flows, unanswered, send, segment};
}

test('a whole connection is one flow with both directions, SF and its history', () => {
  const {flowTable, flows, segment} = table();
  segment(true, syn, 1);
  segment(false, synAck, 2);
  segment(true, ack, 3);
  segment(true, push, 4, 100);
  segment(false, push, 5, 1000);
  segment(true, fin, 6);
  segment(false, fin, 7);
  flowTable.finish();
  expect(flows).toHaveLength(1);
  expect(flows[0]).toMatchObject({
    state: 'SF',
    history: 'ShADdFf',
    sourcePort: 50_000,
    destinationPort: 443,
    packetsOut: 4,
    bytesOut: 260,
    packetsIn: 3,
    bytesIn: 1120,
    ended: true,
    time: 1,
    last: 7,
  });
});

test('a refused attempt is REJ and told at once, an ignored one is S0 and told after two seconds, an answered one never', () => {
  const {flowTable, unanswered, segment} = table();
  segment(true, syn, 1, 0, 1001);
  segment(false, rst, 2, 0, 1001);
  expect(unanswered.map(flow => [flow.sourcePort, flow.state])).toEqual([[1001, 'REJ']]);
  segment(true, syn, 3, 0, 1002);
  segment(true, syn, 4, 0, 1003);
  segment(false, synAck, 5, 0, 1003);
  flowTable.advance(1.9 * second);
  expect(unanswered).toHaveLength(1);
  flowTable.advance(2.1 * second);
  expect(unanswered.map(flow => [flow.sourcePort, flow.state])).toEqual([
    [1001, 'REJ'],
    [1002, 'S0'],
  ]);
});

test('a capture that begins with the answer still names the client as originator', () => {
  const {flowTable, flows, send, segment} = table();
  segment(false, synAck, 1);
  send(ethernet(0x0800, ipv4({from: '10.0.0.9', to: '10.0.0.1', protocol: 17}, udp(53, 40_000, Buffer.alloc(9)))), 2);
  flowTable.finish();
  expect(flows.map(flow => [flow.sourcePort, flow.destinationPort, flow.packetsIn, flow.history]).sort()).toEqual([
    [40_000, 53, 1, '^d'],
    [50_000, 443, 1, '^h'],
  ]);
});

test('a flow is reported when it begins, each ten seconds while it changes, and at its end', () => {
  const {flowTable, flows, segment} = table();
  segment(true, syn, 0);
  flowTable.advance(second);
  segment(false, synAck, 2 * second);
  flowTable.advance(5 * second);
  flowTable.advance(11 * second);
  flowTable.advance(30 * second);
  segment(true, ack, 40 * second);
  flowTable.advance(40 * second);
  flowTable.advance(350 * second);
  expect(flows.map(flow => [flow.packetsOut + flow.packetsIn, flow.ended])).toEqual([
    [1, false],
    [2, false],
    [3, false],
    [3, true],
  ]);
  expect(new Set(flows.map(flow => flow.number)).size).toBe(1);
  expect(flowTable.active).toBe(0);
});

test('idle flows end by their kind: UDP after 60 s, ICMP after 30 s, TCP after five minutes', () => {
  const {flowTable, flows, send, segment} = table();
  segment(true, syn, 0);
  segment(false, synAck, 0);
  send(ethernet(0x0800, ipv4({from: '10.0.0.1', to: '10.0.0.3', protocol: 17}, udp(1000, 2000))), 0);
  send(ethernet(0x0800, ipv4({from: '10.0.0.1', to: '10.0.0.3', protocol: 1}, icmp(8, 0, 1, 1, Buffer.alloc(0)))), 0);
  const endedBy = (time: number) => {
    flowTable.advance(time);
    return flows.filter(flow => flow.ended).map(flow => flow.protocol);
  };
  expect(endedBy(31 * second)).toEqual([1]);
  expect(endedBy(61 * second)).toEqual([1, 17]);
  expect(endedBy(301 * second)).toEqual([1, 17, 6]);
});

test('the same ports after a close are another flow', () => {
  const {flowTable, flows, segment} = table();
  segment(true, syn, 1);
  segment(false, rst, 2);
  segment(true, syn, 3);
  flowTable.finish();
  expect(flows.map(flow => [flow.number, flow.state])).toEqual([
    [1, 'REJ'],
    [2, 'S0'],
  ]);
});

test('a full table ends and counts the flow that was idle longest, and every packet stays in some flow', () => {
  const {flowTable, flows, send} = table(50);
  const packets = 5_000;
  for (let n = 0; n < packets; n++) {
    send(ethernet(0x0800, ipv4({from: '10.0.0.1', to: '10.0.0.2', protocol: 17}, udp(n, 60_000))), n);
  }
  expect([flowTable.active, flowTable.evicted]).toEqual([50, packets - 50]);
  expect(flows[0]?.sourcePort).toBe(0);
  flowTable.finish();
  expect(flows.reduce((sum, flow) => sum + flow.packetsOut + flow.packetsIn, 0)).toBe(packets);
});

test('a flood of unanswered attempts does not push out the connections that stand', () => {
  const {flowTable, flows, segment} = table(100);
  segment(true, syn, 0);
  segment(false, synAck, 1);
  for (let n = 0; n < 1_000; n++) segment(true, syn, 2 + n, 0, n + 1);
  expect(flows.some(flow => flow.ended && flow.sourcePort === 50_000)).toBe(false);
  expect(flowTable.active).toBe(100);
});

test('reports of flows that go on wait while there is no room, ends do not', () => {
  let room = false;
  const {flowTable, flows, segment} = table(100, () => room);
  segment(true, syn, 0);
  flowTable.advance(5 * second);
  expect(flows).toHaveLength(0);
  room = true;
  flowTable.advance(6 * second);
  expect(flows).toHaveLength(1);
});

test('sequence numbers are told from the first of each side', () => {
  const {flowTable, send} = table();
  const from = {from: '10.0.0.1', to: '10.0.0.2', protocol: 6};
  send(ethernet(0x0800, ipv4(from, tcp({from: 5000, to: 80, flags: syn, sequence: 4_000_000_000}))), 1);
  const {slot, d} = send(
    ethernet(0x0800, ipv4(from, tcp({from: 5000, to: 80, flags: ack, sequence: 4_000_000_001, acknowledged: 8}))),
    2,
  );
  const base = flowTable.sequenceBase(d, slot);
  expect([(d.tcpSequence - (base.sender ?? 0)) >>> 0, (d.tcpAcknowledged - (base.receiver ?? 0)) >>> 0]).toEqual([
    1, 1,
  ]);
});

test('thousands of flows that end together are ended in portions, and all of them are', () => {
  const {flowTable, flows, send} = table(5_000);
  for (let port = 1; port <= 3_000; port++) {
    send(ethernet(0x0800, ipv4({from: '10.0.0.1', to: '10.0.0.2', protocol: 17}, udp(port, 9, Buffer.alloc(8)))), 0);
  }
  const ended = () => flows.filter(flow => flow.ended).length;
  expect(flowTable.advance(100 * second, 1_000)).toBe(true);
  expect(ended()).toBe(1_000);
  while (flowTable.advance(100 * second, 1_000));
  expect(ended()).toBe(3_000);
});
