import {createHash} from 'node:crypto';
import {sha1Base64} from './sha1.ts';

test('gives what node:crypto gives, for every length', () => {
  for (let length = 0; length <= 55; length++) {
    const message = Uint8Array.from({length: 60}, (_, i) => (i * 37 + length * 101) & 255);
    const expected = createHash('sha1').update(message.subarray(0, length)).digest('base64');
    expect(sha1Base64(message, length)).toBe(expected);
  }
});

test('more than a block is refused', () => {
  expect(() => sha1Base64(new Uint8Array(64), 56)).toThrow(RangeError);
});
