import {cellWidth} from './cell-width.ts';

test('cells are counted as terminals do', () => {
  expect(['abc', 'é', 'e\u0301', '漢', '한', '😀', '␛', '…'].map(cellWidth)).toEqual([3, 1, 1, 2, 2, 2, 1, 1]);
});
