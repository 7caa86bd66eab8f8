import {ethernet, ipv4, tcp, udp} from '../../../../bench/packet-builder.ts';
import {linkKinds} from '../backend.ts';
import {explainBytes} from './explain.ts';

const ends = {from: '10.0.0.1', to: '10.0.0.2'};

test('each field of the decode tree says which bytes it was read from', () => {
  const bytes = ethernet(0x0800, ipv4({...ends, protocol: 6}, tcp({from: 40_000, to: 80, flags: 0x12})), {vlans: [7]});
  const tree = explainBytes(bytes, 'ethernet');
  expect(tree.map(({layer, start, length}) => [layer, start, length])).toEqual([
    ['ethernet', 0, 14],
    ['vlan', 14, 4],
    ['ipv4', 18, 20],
    ['tcp', 38, 20],
  ]);
  const field = (layer: string, name: string) =>
    tree.find(found => found.layer === layer)?.fields.find(found => found.name === name);
  expect(field('ipv4', 'Source')).toEqual({name: 'Source', value: '10.0.0.1', start: 30, length: 4});
  expect(field('vlan', 'VLAN')).toEqual({name: 'VLAN', value: '7', start: 14, length: 2});
  expect(field('tcp', 'Flags')).toEqual({name: 'Flags', value: 'SYN, ACK', start: 51, length: 1});
});

test('the tree goes into tunnels, says what is wrong, and never points outside the packet', () => {
  const request = Buffer.from('GET / HTTP/1.1\r\nHost: inner.example\r\n\r\n');
  const inner = ethernet(0x0800, ipv4({...ends, protocol: 6}, tcp({from: 1, to: 80, flags: 0x18}, request)));
  const vxlan = Buffer.concat([Buffer.from('0800000000004d00', 'hex'), inner]);
  const bytes = ethernet(0x0800, ipv4({...ends, protocol: 17}, udp(5, 4789, vxlan)));
  const tree = explainBytes(bytes, 'ethernet');
  expect(tree.map(({layer}) => layer).join(' ')).toBe('ethernet ipv4 udp vxlan ethernet ipv4 tcp http payload');
  expect(tree.find(({layer}) => layer === 'http')?.fields).toContainEqual(
    expect.objectContaining({name: 'Host', value: 'inner.example'}),
  );
  for (let end = 0; end < bytes.length; end++) {
    for (const {start, length, fields} of explainBytes(bytes.subarray(0, end), 'ethernet')) {
      expect(start >= 0 && length >= 0 && start + length <= end).toBe(true);
      expect(fields.every(field => field.start >= 0 && field.start + field.length <= end)).toBe(true);
    }
  }
});

test('whatever the bytes and the link type, the tree is bounded and lies within them', () => {
  const inner = ethernet(0x0800, ipv4({...ends, protocol: 17}, udp(53, 53, Buffer.alloc(40, 0xc0))));
  const vxlan = Buffer.concat([Buffer.from('0800000000004d00', 'hex'), inner]);
  const seeds = [
    ethernet(0x0800, ipv4({...ends, protocol: 17}, udp(5, 4789, vxlan))),
    ethernet(0x8100, Buffer.alloc(512, 0x81)),
    ipv4({...ends, protocol: 4}, ipv4({...ends, protocol: 41}, Buffer.alloc(200, 0x60))),
    Buffer.alloc(512, 0x45),
  ];
  const random = randomNumbers(7);
  for (let round = 0; round < 6_000; round++) {
    const bytes = Uint8Array.from(seeds[round % seeds.length] ?? []);
    for (let i = random(8); i > 0; i--) bytes[random(bytes.length)] = random(256);
    const cut = bytes.subarray(0, random(bytes.length + 1));
    const tree = explainBytes(cut, linkKinds[random(linkKinds.length)] ?? 'ethernet', random(65_536));
    expect(tree.length).toBeLessThanOrEqual(100);
    for (const {start, length, fields} of tree) {
      expect(start >= 0 && length >= 0 && start + length <= cut.length && fields.length <= 300).toBe(true);
      expect(fields.every(field => field.start >= 0 && field.start + field.length <= cut.length)).toBe(true);
    }
  }
});

function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
