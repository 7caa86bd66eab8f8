import {certificate} from './der.fixture.ts';
import {leafCertificate} from './tls-flight.ts';

const u24 = (value: number) => Buffer.from([value >> 16, (value >> 8) & 255, value & 255]);
const sized = (bytes: Uint8Array) => Buffer.concat([u24(bytes.length), bytes]);
const message = (type: number, content: Uint8Array) => Buffer.concat([Buffer.from([type]), sized(content)]);
const record = (content: Uint8Array, type = 22) =>
  Buffer.concat([Buffer.from([type, 3, 3, content.length >> 8, content.length & 255]), content]);
const hello = message(2, Buffer.alloc(40, 1));
const leaf = certificate();
const list = message(11, sized(Buffer.concat([sized(leaf), sized(Buffer.alloc(99))])));

test('as long as it is not all there more is wanted; then it is given, whatever follows', () => {
  const whole = Buffer.concat([record(hello), record(list), record(message(14, Buffer.alloc(0)))]);
  const end = whole.indexOf(leaf) + leaf.length;
  for (let cut = 0; cut < end; cut++) expect(leafCertificate(whole.subarray(0, cut))).toBe('more');
  for (const cut of [end, end + 1, whole.length]) {
    expect(Buffer.from(leafCertificate(whole.subarray(0, cut)) as Uint8Array).equals(leaf)).toBe(true);
  }
});

test.each([
  ['another message comes instead', Buffer.concat([record(hello), record(message(12, Buffer.alloc(9)))])],
  ['the session goes on', Buffer.concat([record(hello), record(Buffer.from([1]), 20)])],
  ['it is interrupted', Buffer.concat([record(hello), record(list.subarray(0, 50)), record(Buffer.from([2, 40]), 21)])],
  ['the list is empty', Buffer.concat([record(hello), record(message(11, Buffer.alloc(6)))])],
  [
    'it is longer than its list',
    Buffer.concat([record(hello), record(message(11, Buffer.from('00000a0000ff0000', 'hex')))]),
  ],
  [
    'the records are too many',
    Buffer.concat([record(hello), ...Array.from(list, byte => record(Buffer.from([byte])))]),
  ],
])('there is none where %s', (_, stream) => {
  expect(leafCertificate(stream)).toBe('none');
});

test('whatever the bytes, it ends, and what it gives lies within them', () => {
  const random = randomNumbers(9);
  const whole = Buffer.concat([record(Buffer.concat([hello, list.subarray(0, 300)])), record(list.subarray(300))]);
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(whole);
    for (let i = random(5); i >= 0; i--) bytes[random(bytes.length)] = random(256);
    const found = leafCertificate(bytes.subarray(0, random(bytes.length + 1)));
    if (typeof found !== 'string' && found.length > bytes.length) throw new Error('longer than what there is');
  }
});

function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
