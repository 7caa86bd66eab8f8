import type {FlowRecord} from './flow-record.ts';
import {FrameSplitter} from './frame-splitter.ts';
import {begunInFrame, type DisplayPacket, type Message} from './messages.ts';
import {Outbox} from './outbox.ts';
import {readMessage} from './read-message.ts';

function flow(number: number): FlowRecord {
  return {
    number,
    time: number,
    last: number + 1,
    ended: true,
    family: 4,
    protocol: 6,
    words: [0, 0, 0, number, 0, 0, 0, 99],
    sourcePort: number & 0xffff,
    destinationPort: 80,
    sourceMac: 0,
    destinationMac: 0,
    interfaceIndex: 0,
    vlan: 0,
    packetsOut: 1,
    bytesOut: 40,
    packetsIn: 0,
    bytesIn: 0,
    state: 'S0',
    history: 'S',
    icmpType: -1,
    icmpCode: -1,
    service: '',
    fields: {},
  };
}

const packet: DisplayPacket = {
  time: 1,
  source: '10.0.0.1',
  sourcePort: 1,
  destination: '10.0.0.2',
  destinationPort: 2,
  protocol: 'TCP',
  length: 60,
  information: '',
  interfaceIndex: 0,
  problem: '',
  link: 'ethernet',
  etherType: 0,
  vlan: -1,
  outgoing: false,
  bytes: new Uint8Array(0),
};

function setUp() {
  const messages: Message[] = [];
  const splitter = new FrameSplitter();
  let pending = 0;
  const outbox = new Outbox({
    write: frame => {
      for (const whole of splitter.push(Buffer.from(frame))) messages.push(readMessage(whole));
    },
    pending: () => pending,
  });
  const flowsSent = () => messages.flatMap(message => (message.type === 'flows' ? message.flows : []));
  const setPending = (bytes: number) => {
    pending = bytes;
  };
  return {outbox, messages, flowsSent, setPending};
}

test('while the engine is slow display packets are dropped and counted, flows wait', () => {
  const {outbox, messages, flowsSent, setPending} = setUp();
  setPending(2 << 20);
  outbox.packet(packet);
  outbox.flow(flow(1));
  outbox.flush(undefined);
  expect([messages.length, outbox.dropped.display, outbox.room()]).toEqual([0, 1, false]);
  setPending(0);
  outbox.flush(undefined);
  expect(flowsSent().map(({number}) => number)).toEqual([1]);
});

test('begun flows go at once, one frame of them at a time, and none to an engine that is slow', () => {
  const {outbox, messages, setPending} = setUp();
  const tell = (from: number, to: number) => {
    for (let number = from; number < to; number++) outbox.begun(flow(number));
    outbox.flushBegun();
  };
  const numbers = () =>
    messages.flatMap(message => (message.type === 'begun' ? message.flows : [])).map(one => one.number);
  tell(0, 2);
  outbox.flushBegun();
  expect(numbers()).toEqual([0, 1]);
  expect(messages).toHaveLength(1);
  tell(10, 1_000);
  expect(numbers()).toHaveLength(2 + begunInFrame);
  setPending(2 << 20);
  tell(2_000, 2_001);
  expect(numbers()).toHaveLength(2 + begunInFrame);
});

test('a flood of ended flows folds: no packet and no byte vanishes, and the victim stays named', () => {
  const {outbox, flowsSent, setPending} = setUp();
  setPending(2 << 20);
  const count = 100_000;
  for (let n = 1; n <= count; n++) outbox.flow(flow(n));
  setPending(0);
  for (let i = 0; i < 20; i++) outbox.flush(undefined);
  const sent = flowsSent();
  expect(sent.length).toBeLessThan(25_000);
  expect(sent.reduce((sum, {packetsOut}) => sum + packetsOut, 0)).toBe(count);
  const folded = sent.find(({packetsOut}) => packetsOut > 1);
  expect(folded).toMatchObject({sourcePort: 0, destinationPort: 80, words: [0, 0, 0, 0, 0, 0, 0, 99]});
});

test('what folds is kept as it was: the record is another flow afterwards', () => {
  const {outbox, flowsSent, setPending} = setUp();
  setPending(2 << 20);
  for (let n = 1; n <= 20_000; n++) outbox.flow(flow(n));
  const draft = {...flow(20_001), words: [0, 0, 0, 7, 0, 0, 0, 8]};
  outbox.flow(draft);
  Object.assign(draft, {number: 1, protocol: 17, words: [0, 0, 0, 1, 0, 0, 0, 2], sourceMac: 1, destinationMac: 2});
  setPending(0);
  for (let i = 0; i < 25; i++) outbox.flush(undefined);
  expect(flowsSent().at(-1)).toEqual({...flow(20_001), words: [0, 0, 0, 7, 0, 0, 0, 8]});
});

test('rows of the longest text come in frames that are not too long, in their order, with 32 fields at the most', () => {
  const {outbox, messages} = setUp();
  const long = '€'.repeat(600);
  const fields = Object.fromEntries(Array.from({length: 40}, (_, i) => [`field.${i}`, long]));
  const words = [1, -1, 0, 3, 5, 0, 0, 9];
  const ends = {family: 6, protocol: 6, words, sourcePort: 40_000, destinationPort: 80} as const;
  for (let number = 0; number < 100; number++) {
    outbox.row({number, time: 1, dataset: 'http', ends, message: long, fields});
  }
  outbox.flush(undefined, true);
  const rows = messages.flatMap(message => (message.type === 'rows' ? message.rows : []));
  expect(rows.map(({number}) => number)).toEqual(Array.from({length: 100}, (_, number) => number));
  expect(messages.length).toBeGreaterThan(3);
  expect(Object.keys(rows[99]?.fields ?? {})).toHaveLength(32);
  expect(rows[99]).toMatchObject({ends, fields: {'field.31': `${'€'.repeat(511)}…`}});
});

test('tallies of one hour and protocol add up while they wait', () => {
  const {outbox, messages} = setUp();
  outbox.tally(3_600_000_000, 'TCP', 2);
  outbox.tally(3_600_000_000, 'TCP', 3);
  outbox.flush(undefined);
  expect(messages).toEqual([
    {type: 'tallies', tallies: [{hour: 3_600_000_000, dimension: 'protocol', value: 'TCP', count: 5}]},
  ]);
});
