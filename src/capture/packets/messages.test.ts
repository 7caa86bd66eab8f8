import {FrameError} from './bytes.ts';
import type {FlowRecord} from './flow-record.ts';
import {FrameSplitter} from './frame-splitter.ts';
import {displayedBytes, largestFrame, type Message} from './messages.ts';
import {readMessage} from './read-message.ts';
import {writeMessage} from './write-message.ts';

const flow: FlowRecord = {
  number: 7,
  time: 1_700_000_000_000_001,
  last: 1_700_000_000_000_009,
  ended: true,
  family: 6,
  protocol: 6,
  words: [-1, 2, 3, 4, 5, 6, 7, -8],
  sourcePort: 65_535,
  destinationPort: 443,
  sourceMac: 0x0909_0909_0909,
  destinationMac: 0xffff_ffff_fffe,
  interfaceIndex: 1,
  vlan: 4095,
  packetsOut: 1,
  bytesOut: 5_000_000_000,
  packetsIn: 2,
  bytesIn: 3,
  state: 'RSTR',
  history: 'ShADadFr',
  icmpType: 8,
  icmpCode: -1,
  service: 'tls',
  fields: {'destination.domain': 'example.org', 'process.pid': 7},
};

const messages: readonly Message[] = [
  {type: 'flows', flows: [flow, {...flow, family: 4, words: [0, 0, 0, -9, 0, 0, 0, 10]}]},
  {type: 'status', status: {state: 'failed', detail: 'no', mend: 'do', code: 'no-permission'}},
  {
    type: 'counters',
    counters: {
      time: 1,
      seen: 12,
      decoded: 10,
      bytes: 3,
      flows: 4,
      flowsEvicted: 5,
      aggregatedByOffload: 6,
      turns: 9,
      dropped: {kernel: 2},
      malformed: {'tcp.truncated': 1},
      withheld: {},
    },
  },
  {
    type: 'rows',
    rows: [
      {
        number: 3,
        time: 9,
        dataset: 'dns',
        ends: {family: 4, protocol: 17, words: [0, 0, 0, 1, 0, 0, 0, -2], sourcePort: 4_000, destinationPort: 53},
        message: 'A example.org',
        fields: {'dns.question.name': 'example.org'},
      },
    ],
  },
  {type: 'tallies', tallies: [{hour: 3_600_000_000, dimension: 'protocol', value: 'TCP', count: 9}]},
  {
    type: 'packets',
    packets: [
      {
        time: 1,
        source: 'fe80::1',
        sourcePort: 1,
        destination: '02:00:00:00:00:01',
        destinationPort: 2,
        protocol: 'TCP',
        length: 70_000,
        information: '1 → 2 [SYN]',
        interfaceIndex: 0,
        problem: 'tcp.header_truncated',
        link: 'sll2',
        etherType: 0x86dd,
        vlan: 4095,
        outgoing: true,
        bytes: new Uint8Array(displayedBytes).fill(7),
      },
    ],
  },
  {
    type: 'begun',
    flows: [
      {number: 9, family: 4, protocol: 17, words: [0, 0, 0, 1, 0, 0, 0, -1], sourcePort: 53, destinationPort: 65_535},
      {number: 10, family: 6, protocol: 6, words: [1, 2, 3, 4, -5, 6, 7, 8], sourcePort: 1, destinationPort: 2},
    ],
  },
  {
    type: 'alerts',
    alerts: [
      {
        rule: {
          id: 'network.scan.vertical',
          name: 'n',
          level: 'high',
          category: 'Network Packet Anomaly',
          techniques: ['T1046'],
        },
        time: 1,
        entity: '10.0.0.1',
        reason: 'r',
        count: 15,
        fields: {'source.ip': '10.0.0.1', 'destination.port': 80},
      },
      {
        rule: {id: 'network.x', name: 'n', level: 'low', category: 'Network Packet Anomaly', techniques: []},
        time: 2,
        entity: '10.0.0.1',
        cause: 'FIN',
        reason: 'r',
        count: 1,
        fields: {},
      },
    ],
  },
];

function payload(message: Message): Uint8Array {
  return writeMessage(message).subarray(4);
}

test.each(messages)('a message of $type arrives as it was sent', message => {
  expect(readMessage(payload(message))).toEqual(message);
});

test('frames are found again however the pipe cuts them', () => {
  const stream = Buffer.concat(messages.map(message => Buffer.from(writeMessage(message))));
  for (const size of [1, 7, 100, stream.length]) {
    const splitter = new FrameSplitter();
    const got: Message[] = [];
    for (let at = 0; at < stream.length; at += size) {
      for (const frame of splitter.push(stream.subarray(at, at + size))) got.push(readMessage(frame));
    }
    expect(got).toEqual(messages);
  }
});

test('a frame longer than the bound is refused before it is held', () => {
  const header = Buffer.alloc(4);
  header.writeUInt32LE(largestFrame + 1);
  expect(() => [...new FrameSplitter().push(header)]).toThrow(FrameError);
});

test('what a taken-over sensor might send is refused or made harmless', () => {
  const row = messages.find(message => message.type === 'packets') as Message & {type: 'packets'};
  const [packet] = row.packets;
  if (!packet) throw new Error('no packet');
  const shown = readMessage(payload({type: 'packets', packets: [{...packet, information: '\u001b[2J'}]}));
  expect(JSON.stringify(shown)).toContain('␛[2J');
  expect(() => readMessage(payload({type: 'packets', packets: [{...packet, source: 'evil\u001b'}]}))).toThrow(
    FrameError,
  );
  expect(() => readMessage(payload({type: 'packets', packets: new Array(201).fill(packet)}))).toThrow(FrameError);
  expect(() => readMessage(payload({type: 'flows', flows: [{...flow, bytesIn: Number.NaN}]}))).toThrow(FrameError);
  expect(() => readMessage(payload({type: 'flows', flows: [{...flow, history: '<script>'}]}))).toThrow(FrameError);
  expect(() => readMessage(Buffer.concat([payload({type: 'flows', flows: [flow]}), Buffer.from([0])]))).toThrow(
    FrameError,
  );
});

test('a displayed packet brings no more bytes than are looked at, and a link type that is one', () => {
  const row = messages.find(message => message.type === 'packets') as Message & {type: 'packets'};
  const [packet] = row.packets;
  if (!packet) throw new Error('no packet');
  const long = {...packet, vlan: -1, bytes: new Uint8Array(9_000)};
  const frame = payload({type: 'packets', packets: [long]});
  const read = readMessage(frame);
  expect(read).toMatchObject({packets: [{vlan: -1}]});
  expect(read.type === 'packets' && read.packets[0]?.bytes.length).toBe(displayedBytes);
  const lengthAt = frame.length - displayedBytes - 2;
  const longer = Buffer.concat([frame, Buffer.alloc(1)]);
  longer.writeUInt16LE(displayedBytes + 1, lengthAt);
  expect(() => readMessage(longer)).toThrow(FrameError);
  const alien = Buffer.from(frame);
  alien[lengthAt - 6] = 99;
  expect(() => readMessage(alien)).toThrow(FrameError);
});

test('mutated frames give a message or a FrameError, never anything else', () => {
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  for (let round = 0; round < 5_000; round++) {
    const bytes = Buffer.from(payload(messages[round % messages.length] as Message));
    for (let i = 0; i < 3; i++) bytes[random(bytes.length)] = random(256);
    const cut = bytes.subarray(0, random(bytes.length + 1));
    try {
      readMessage(cut);
    } catch (error) {
      expect(error).toBeInstanceOf(FrameError);
    }
  }
});
