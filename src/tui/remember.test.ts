import {remember} from './remember.ts';

test('the same arguments are not worked out twice, and only a few answers are kept', () => {
  let worked = 0;
  const length = remember((list: readonly number[], more: number) => {
    worked++;
    return list.length + more;
  }, 2);
  const list = [1, 2];
  expect([length(list, 1), length(list, 1), worked]).toEqual([3, 3, 1]);
  expect([length([1, 2], 1), worked]).toEqual([3, 2]);
  length(list, 5);
  length(list, 6);
  expect([length(list, 1), worked]).toEqual([3, 5]);
});

test('not-a-number is the same as itself', () => {
  let worked = 0;
  const twice = remember((value: number) => {
    worked++;
    return value * 2;
  });
  twice(Number.NaN);
  twice(Number.NaN);
  expect(worked).toBe(1);
});
