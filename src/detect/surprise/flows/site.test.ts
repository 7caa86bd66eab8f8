import {Site} from './site.ts';

test.each([
  ['10.1.2.3', 'private'],
  ['198.51.100.7', 'private'],
  ['198.51.100.8', 'public'],
  ['224.0.0.1', 'multicast'],
  ['2001:db8:0:1::7', 'private'],
  ['2001:0db8:0:0001:a:b:c:d', 'private'],
  ['2001:db8:0:2::7', 'public'],
  ['fe80::1', 'link-local'],
])('%s is %s to a machine with a public address of each family', (address, kind) => {
  const site = new Site(['127.0.0.1', '198.51.100.7', '2001:DB8:0:1:a8:1ff:fe00:1', 'fe80::a8:1ff:fe00:1']);
  expect(site.kindOf(address)).toBe(kind);
  expect(site.isInside(address)).toBe(kind === 'private' || kind === 'link-local');
});

test('own addresses are those that were given last, and of an unknown machine there are none', () => {
  const site = new Site(['198.51.100.7']);
  site.setOwn(['198.51.100.9']);
  expect(['198.51.100.7', '198.51.100.9'].map(one => site.isInside(one))).toEqual([false, true]);
  expect(new Site().isInside('198.51.100.7')).toBe(false);
});

test.each(['', ':::', '::', 'x:y', '1:2:3:4:5:6:7:8:9', 'a::b::c', ':'.repeat(500)])('%p harms nothing', address => {
  expect(new Site([address, '198.51.100.7']).isInside('198.51.100.7')).toBe(true);
});
