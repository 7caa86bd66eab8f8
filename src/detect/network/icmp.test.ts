import {ethernet, ipv4} from '../../../bench/packet-builder.ts';
import {us, Wire} from './network.test-helper.ts';

const host = '10.0.0.9';
const pattern = (length: number) => Buffer.from(Array.from({length}, (_, at) => at & 255));

/** As Linux does: a time stamp, then rising bytes. */
function ping(length: number, n: number): Buffer {
  const bytes = pattern(length);
  bytes.writeUInt32LE(1_700_000_000 + n, 0);
  bytes.writeUInt32LE(n * 7919, 8);
  return bytes;
}

function noise(length: number, seed: number): Buffer {
  let state = seed * 2_654_435_761 + 1;
  return Buffer.from(
    Array.from({length}, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
      return (state >>> 16) & 255;
    }),
  );
}

test('pings are no tunnel: of 1,472 bytes, of every size, of Windows', () => {
  const wire = new Wire();
  for (let n = 0; n < 200; n++) {
    const payloads = [ping(1_472, n), ping(56 + n * 7, n), Buffer.from('abcdefghijklmnopqrstuvwabcdefghi'.repeat(3))];
    payloads.forEach((payload, kind) => {
      wire.icmp(n, us, `10.0.0.${kind}`, 8, 0, payload, n);
      wire.icmp(n, `10.0.0.${kind}`, us, 0, 0, payload, n);
    });
  }
  expect(wire.ids()).toEqual([]);
});

test('answers that differ from what was asked are a tunnel', () => {
  const wire = new Wire();
  for (let n = 0; n < 40; n++) {
    wire.icmp(n / 10, us, host, 8, 0, noise(60, n), n);
    wire.icmp(n / 10, host, us, 0, 0, noise(300, n + 1_000), n);
  }
  wire.finish();
  expect(wire.ids()).toEqual(['network.icmp.tunnel']);
  expect(wire.alerts[0]).toMatchObject({entity: us});
  expect(wire.alerts[0]?.reason).toContain('echo replies differ from what was asked (60 bytes asked, 300 answered');
});

test('requests with other data each time are a tunnel, though they are answered as they should', () => {
  const wire = new Wire();
  for (let n = 0; n < 60; n++) {
    wire.icmp(n, us, host, 8, 0, noise(500, n), n);
    wire.icmp(n, host, us, 0, 0, noise(500, n), n);
  }
  expect(wire.ids()).toEqual(['network.icmp.tunnel']);
  expect(wire.alerts[0]?.reason).toContain('echo requests carry other data each time');
});

test('types and codes that no standard knows are counted apart; the usual ones are not', () => {
  const wire = new Wire();
  for (const type of [1, 24, 44, 255]) wire.icmp(0, host, us, type, 0);
  for (const code of [16, 200]) wire.icmp(0, host, us, 3, code);
  for (const [type, code] of [
    [0, 0],
    [3, 4],
    [3, 13],
    [11, 0],
    [12, 1],
    [13, 0],
    [42, 0],
  ] as const)
    wire.icmp(0, host, us, type, code);
  wire.finish();
  expect(wire.sums()).toEqual({[`network.icmp.unknown ${host}`]: 6});
  expect(wire.reasons()).toMatch(/4 packets of an unknown type so far/);
  expect(wire.reasons()).toMatch(/2 packets of an unknown code so far/);
});

test('a redirect is told, and is more serious where it does not come from the gateway', () => {
  const payload = ipv4({from: us, to: '10.9.9.9', protocol: 17}, Buffer.alloc(8));
  const plain = new Wire();
  plain.icmp(0, host, us, 5, 1, payload);
  expect(plain.alerts).toMatchObject([{rule: {id: 'network.icmp.redirect', level: 'low'}, entity: host}]);
  const known = new Wire({facts: {gateways: [{ip: '192.168.1.1', mac: ''}]}});
  known.icmp(0, host, us, 5, 1, payload);
  known.icmp(0, '192.168.1.1', us, 5, 1, payload);
  expect(known.alerts.map(({entity, level}) => [entity, level])).toEqual([
    [host, 'medium'],
    ['192.168.1.1', undefined],
  ]);
});

function fragment(wire: Wire, id: number, offset: number, length: number, more: boolean): void {
  const options = {from: host, to: us, protocol: 17, id, fragmentOffset: offset, moreFragments: more};
  wire.frame(0, ethernet(0x0800, ipv4(options, Buffer.alloc(length))));
}

test('fragments that overlap are told about the receiver', () => {
  const wire = new Wire();
  fragment(wire, 7, 0, 800, true);
  fragment(wire, 7, 400, 200, false);
  expect(wire.alerts).toMatchObject([{rule: {id: 'network.fragment.overlap'}, entity: us}]);
  expect(wire.alerts[0]?.reason).toContain('covers bytes 400 to 600 of packet 7, of which another covered 0 to 800');
});

test('fragments in order, out of order, sent twice, and of packets that reuse an identifier do not overlap', () => {
  const wire = new Wire();
  for (let n = 0; n < 3; n++) {
    fragment(wire, 7, 0, 1_480, true);
    fragment(wire, 7, 1_480, 1_480, true);
    fragment(wire, 7, 2_960, 100, false);
    fragment(wire, 8, 1_480, 300 + n * 8, false);
    fragment(wire, 8, 0, 1_480, true);
    fragment(wire, 9, 0, 1_480, true);
  }
  expect(wire.alerts).toEqual([]);
});

test('fragments smaller than any link needs are told about the sender; a small last one is not', () => {
  const wire = new Wire();
  fragment(wire, 1, 0, 8, true);
  fragment(wire, 1, 8, 8, true);
  fragment(wire, 1, 16, 4, false);
  fragment(wire, 2, 0, 1_480, true);
  fragment(wire, 2, 1_480, 8, false);
  wire.finish();
  expect(wire.sums()).toEqual({[`network.fragment.tiny ${host}`]: 2});
});
