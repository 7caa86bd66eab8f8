import {ethernet, ipv4, tcp} from '../../../../bench/packet-builder.ts';
import {linkKinds, type RawPacket} from '../backend.ts';
import {explainPacket} from '../decode/explain.ts';
import {FrameSplitter} from '../frame-splitter.ts';
import {type Answer, displayedBytes, fieldsInTree, layersInTree, type Message, packetsInFrame} from '../messages.ts';
import {readMessage} from '../read-message.ts';
import {writeMessage} from '../write-message.ts';
import {Answerer} from './answer.ts';
import {type Question, readQuestion, writeQuestion} from './question.ts';

const segment = tcp({from: 443, to: 50_000, flags: 0x12});
const frame = ethernet(0x0800, ipv4({from: '10.0.0.5', to: '192.168.1.20', protocol: 6}, segment));

function packet(bytes: Uint8Array, more: Partial<RawPacket> = {}): RawPacket {
  const {length} = bytes;
  const own = {bytes, start: 0, end: length, wire: length, time: 5, outgoing: false, vlan: -1};
  return {...own, link: 'ethernet', etherType: 0, ...more};
}

/** Through both frames, as between the two processes. */
function answered(question: Question, answerer = new Answerer()): Message {
  const [asked] = [...new FrameSplitter().push(Buffer.from(writeQuestion(question)))];
  const [told] = [
    ...new FrameSplitter().push(Buffer.from(writeMessage(answerer.answer(readQuestion(asked ?? frame))))),
  ];
  return readMessage(told ?? frame);
}

function matches(filter: string, ...packets: RawPacket[]): readonly boolean[] {
  const answer = answered({type: 'match', number: 7, filter, packets});
  return answer.type === 'matches' && answer.question === 7 ? answer.accepted : [];
}

test('a packet’s tree is what the decoder says of it, with its tag, its direction and its link type', () => {
  const raw = packet(frame, {vlan: 7, outgoing: true});
  const cooked = packet(Buffer.concat([Buffer.alloc(14), frame.subarray(12)]), {link: 'sll'});
  for (const one of [raw, cooked]) {
    const answer = answered({type: 'explain', number: 3, packet: one});
    expect(answer).toEqual({type: 'tree', question: 3, layers: explainPacket(one)});
  }
});

test('of a long packet the first bytes are asked about, wherever it lies', () => {
  const long = packet(Buffer.concat([Buffer.alloc(9), frame, Buffer.alloc(2_000)]), {start: 9});
  const answer = answered({type: 'explain', number: 1, packet: long});
  const ends = answer.type === 'tree' ? answer.layers.map(({start, length}) => start + length) : [];
  expect(ends.slice(0, 3)).toEqual([14, 34, 54]);
  expect(Math.max(...ends)).toBeLessThanOrEqual(displayedBytes);
});

test.each([
  ['tcp port 443', true],
  ['src net 10.0.0.0/8 and tcp[tcpflags] & tcp-syn != 0', true],
  ['udp', false],
  ['greater 1000', true],
  ['len>1200', false],
])('captured bytes are asked by tcpdump’s language: %s', (filter, found) => {
  expect(matches(filter, packet(frame, {wire: 1_200}))).toEqual([found]);
});

test('a packet whose tag the kernel took out is found by its VLAN', () => {
  expect(matches('vlan 7 and tcp', packet(frame, {vlan: 7}), packet(frame))).toEqual([true, false]);
});

test('packets of a link type that cannot be asked, and those without bytes, do not match', () => {
  expect(matches('tcp', packet(frame, {link: 'wlan'}), packet(Buffer.alloc(0)), packet(frame))).toEqual([
    false,
    false,
    true,
  ]);
});

test('a filter that cannot be compiled is no reason to end', () => {
  expect(answered({type: 'match', number: 2, filter: 'host nonsense', packets: [packet(frame)]})).toMatchObject({
    type: 'matches',
    accepted: [false],
  });
});

test('a tree that is larger than a frame may hold is cut, and says so', () => {
  const deep = Array.from({length: 200}, (_, start) => ({
    layer: 'x'.repeat(100),
    start,
    length: 1,
    fields: Array.from({length: 9}, () => ({name: 'n'.repeat(100), value: '€'.repeat(400), start, length: 1})),
  }));
  const answerer = new Answerer(() => deep);
  const answer = answered({type: 'explain', number: 1, packet: packet(frame)}, answerer);
  const layers = answer.type === 'tree' ? answer.layers : [];
  expect(layers).toHaveLength(layersInTree);
  expect(layers.reduce((sum, {fields}) => sum + fields.length, 0)).toBe(fieldsInTree);
  expect(layers.at(-1)).toMatchObject({layer: 'more', fields: [{value: `73 layers, ${1_800 - 511} fields`}]});
});

test('an error of the decoder is an answer', () => {
  const answerer = new Answerer(() => {
    throw new Error('beyond the end');
  });
  const told: Answer = {type: 'unanswered', question: 9, why: 'beyond the end'};
  expect(answered({type: 'explain', number: 9, packet: packet(frame)}, answerer)).toEqual(told);
});

test('whatever the bytes and the link type, there is an answer that the other end takes', () => {
  const random = randomNumbers(11);
  const answerer = new Answerer();
  for (let round = 0; round < 3_000; round++) {
    const bytes = Uint8Array.from(round % 2 === 0 ? frame : Buffer.alloc(random(700), random(256)));
    for (let i = random(8); i > 0 && bytes.length > 0; i--) bytes[random(bytes.length)] = random(256);
    const link = linkKinds[random(linkKinds.length)] ?? 'ethernet';
    const one = packet(bytes, {link, etherType: random(65_536), vlan: random(4_097) - 1});
    expect(answered({type: 'explain', number: round, packet: one}, answerer).type).toBe('tree');
    const match: Question = {type: 'match', number: round, filter: 'tcp port 443 or vlan 3', packets: [one, one]};
    expect(answered(match, answerer)).toMatchObject({type: 'matches', question: round});
  }
});

test('what is no question is refused, and more packets than were agreed are not asked about', () => {
  const random = randomNumbers(3);
  const whole = writeQuestion({type: 'match', number: 1, filter: 'tcp', packets: [packet(frame)]}).subarray(4);
  for (let end = 0; end < whole.length; end++) expect(() => readQuestion(whole.subarray(0, end))).toThrow(/Expected/);
  expect(() => readQuestion(Buffer.from([9, 0, 0, 0, 0, 0, 0]))).toThrow(/Expected a question/);
  const many = Array.from({length: packetsInFrame + random(50) + 1}, () => packet(frame));
  expect(matches('tcp', ...many)).toHaveLength(packetsInFrame);
});

test('a tree that points outside, or holds too much, is refused', () => {
  const layer = {layer: 'ipv4', start: 500, length: 13, fields: []};
  const asFrame = (message: Answer) => writeMessage(message).subarray(4);
  expect(() => readMessage(asFrame({type: 'tree', question: 1, layers: [layer]}))).toThrow(/within 512 bytes/);
  const field = {name: 'a', value: 'b', start: 0, length: 1};
  const fields = Array.from({length: fieldsInTree + 1}, () => field);
  const full = {layer: 'ipv4', start: 0, length: 1, fields};
  expect(() => readMessage(asFrame({type: 'tree', question: 1, layers: [full]}))).toThrow(/at most 512 fields/);
  const layers = Array.from({length: layersInTree + 1}, () => ({...layer, length: 1}));
  expect(() => readMessage(asFrame({type: 'tree', question: 1, layers}))).toThrow(/at most 128 layers/);
  const loud = {layer: 'http', start: 0, length: 1, fields: [{...field, value: 'a\u001b[2Jb\nc'}]};
  const read = readMessage(asFrame({type: 'tree', question: 1, layers: [loud]}));
  expect(read.type === 'tree' && read.layers[0]?.fields[0]?.value).not.toMatch(/[\u001b\n]/);
});

function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
