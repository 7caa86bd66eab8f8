import {macNumberText} from '../../capture/packets/decode/address.ts';
import {Bindings} from './bindings.ts';
import {linearCount, linearEstimate, ones} from './bits.ts';
import {Generations} from './generations.ts';
import {isVirtualMac, parseMac} from './mac.ts';
import {ScanTargets} from './scan-targets.ts';

test('of two generations, what is used is kept and the rest is forgotten, never more than the limit', () => {
  const forgotten: number[] = [];
  const kept = new Generations<number>(100, value => forgotten.push(value));
  kept.set(1, 1);
  for (let n = 1_000; n < 11_000; n++) {
    kept.set(n, n);
    if (n % 20 === 0) kept.get(1);
    expect(kept.size).toBeLessThanOrEqual(100);
  }
  expect(kept.get(1)).toBe(1);
  expect(kept.get(1_000)).toBeUndefined();
  expect(forgotten.length + kept.size).toBe(10_001);
  kept.delete(1);
  expect(kept.get(1)).toBeUndefined();
});

test('targets of scans are bounded in targets and in members, and each that goes is told of', () => {
  let gone = 0;
  const targets = new ScanTargets(() => gone++, 200, 1_000);
  for (let n = 0; n < 5_000; n++) targets.add(n, 1, n);
  expect(gone).toBeGreaterThanOrEqual(4_800);
  for (let n = 0; n < 900; n++) targets.add(-1, n, 6_000);
  for (let n = 0; n < 5_000; n++) targets.add(-2, n, 6_000);
  // The one that alone is larger than all may be has made room for itself.
  expect(targets.count(-1) + targets.count(-2)).toBeLessThanOrEqual(1_000);
});

test('a table of addresses is bounded', () => {
  const bindings = new Bindings();
  for (let n = 0; n < 20_000; n++) expect(bindings.claim(n, n, n, 'announced', false)).toBeUndefined();
});

test('bits are counted, and things are counted by bits', () => {
  expect([0, 1, -1, 0x80000001].map(ones)).toEqual([0, 1, 32, 2]);
  expect(linearCount(Int32Array.of(3, 0, 0, 1), 0, 4)).toBe(3);
  expect(linearEstimate(128, 128)).toBeLessThan(700);
});

test('a MAC is a number and a text; those of VRRP, HSRP and GLBP are virtual', () => {
  expect(macNumberText(parseMac('02:00:00:00:00:aa'))).toBe('02:00:00:00:00:aa');
  const virtual = [
    '00:00:5e:00:01:07',
    '00:00:5e:00:02:07',
    '00:00:0c:07:ac:07',
    '00:00:0c:9f:f0:07',
    '00:07:b4:00:01:02',
  ];
  expect(virtual.map(text => isVirtualMac(parseMac(text)))).toEqual([true, true, true, true, true]);
  expect(isVirtualMac(parseMac('02:00:00:00:00:aa'))).toBe(false);
});
