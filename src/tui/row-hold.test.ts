import {mostHeld, RowHold} from './row-hold.ts';

const kind = {key: String, text: String};
const numbers = (from: number, to: number) => Array.from({length: to - from}, (_, index) => from + index);

test('while following, the window is shown as it comes', () => {
  const hold = new RowHold<number>(kind);
  hold.update(numbers(0, 5), true);
  expect(hold.update(numbers(3, 8), true)).toEqual([3, 4, 5, 6, 7]);
});

test('while standing still, rows that leave the window stay and new ones come behind', () => {
  const hold = new RowHold<number>(kind);
  hold.update(numbers(0, 5), true);
  expect(hold.update(numbers(3, 8), false)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('when the window has moved past, rows stay as they are rather than hide a gap', () => {
  const hold = new RowHold<number>(kind);
  hold.update(numbers(0, 5), true);
  expect(hold.update(numbers(9, 14), false)).toEqual([0, 1, 2, 3, 4]);
  expect(hold.update(numbers(9, 14), true)).toEqual([9, 10, 11, 12, 13]);
});

test('what is held is bounded', () => {
  const hold = new RowHold<number>(kind);
  hold.update(numbers(0, 100), true);
  for (let from = 50; from < 3 * mostHeld; from += 50) hold.update(numbers(from, from + 100), false);
  expect(hold.update([], false).length).toBeLessThanOrEqual(mostHeld + 100);
});
