import {endEntry, firstEntry, unknownEntry} from './learned-model.ts';
import {Narrowing, providerNumbers, rankNeeded} from './narrowing.ts';

const words = [
  {provider: 'cron', code: 0, text: 'a'},
  {provider: 'sshd', code: 0, text: 'b'},
  {provider: 'cron', code: 0, text: 'c'},
  {provider: 'cron', code: -1, text: ''},
];
const cron = firstEntry + 3;

test('what can follow is the own symbols, something unknown and the end, never a begin', () => {
  const narrowing = new Narrowing(firstEntry + words.length, providerNumbers(words), new Set([1, cron]));
  expect([...narrowing.after(cron)]).toEqual([unknownEntry, endEntry, firstEntry, firstEntry + 2]);
});

test('where no provider is known anything can follow', () => {
  const narrowing = new Narrowing(4);
  expect([...narrowing.after(1)]).toEqual([0, 1, 2, 3]);
});

test('among few places the less likely half is far enough', () => {
  expect(rankNeeded(5, Int32Array.from([0, 2, 3, 4]))).toBe(2);
  expect(
    rankNeeded(
      5,
      Int32Array.from({length: 40}, (_, at) => at),
    ),
  ).toBe(5);
});
