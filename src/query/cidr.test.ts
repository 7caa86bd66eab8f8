import {inBlock, parseAddress, parseBlock} from './cidr.ts';

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.9.9.9/8', true],
  ['192.168.1.130', '192.168.1.128/25', true],
  ['192.168.1.127', '192.168.1.128/25', false],
  ['1.2.3.4', '0.0.0.0/0', true],
  ['2001:db8::5', '2001:DB8:0::/32', true],
  ['2001:db9::5', '2001:db8::/32', false],
  ['fe80::1%eth0', 'fe80::/10', true],
  ['::1', '0.0.0.0/0', false],
  ['::ffff:10.1.2.3', '10.0.0.0/8', true],
  ['::ffff:a01:203', '10.1.2.3', true],
  ['10.1.2.3', '::ffff:10.0.0.0/104', true],
  ['host', '0.0.0.0/0', false],
])('%s in %s: %p', (address, block, expected) => {
  const parsed = parseBlock(block);
  expect(parsed && inBlock(address, parsed)).toBe(expected);
});

test.each([
  '10.0.0',
  '10.0.0.256',
  '010.0.0.1',
  '1::2::3',
  '12345::',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  ':1',
  '',
  '10.0.0.0/33',
  '::/129',
  '::ffff:1.2.3.4/8',
])('%p is no block', text => {
  expect(parseBlock(text)).toBeUndefined();
});

test('the short form of an address is the long one', () => {
  expect(parseAddress('::')).toEqual(parseAddress('0:0:0:0:0:0:0:0'));
  expect(parseAddress('1::')).toEqual(parseAddress('1:0:0:0:0:0:0:0'));
  expect(parseAddress('64:ff9b::1.2.3.4')).toEqual(parseAddress('64:ff9b:0:0:0:0:102:304'));
});
