import {findHit, jump, type ListState, move, newList, type Rows, settle} from './list-state.ts';

function rowsOf(...keys: readonly string[]): Rows {
  return {length: keys.length, key: index => keys[index] ?? '', text: index => `text of ${keys[index]}`};
}

const ten = rowsOf(...'abcdefghij');

function at(key: string, from: Partial<ListState> = {}): ListState {
  return {...newList, follow: false, key, index: 'abcdefghij'.indexOf(key), ...from};
}

test('following chooses the newest row as rows come', () => {
  const list = settle(newList, ten, 4, 'end');
  expect(list).toMatchObject({key: 'j', index: 9, top: 6, follow: true});
  expect(settle(list, rowsOf(...'bcdefghijkl'), 4, 'end')).toMatchObject({key: 'l', index: 10, top: 7});
});

test('new rows behind do not move the chosen row or the view', () => {
  const list = at('d', {top: 2});
  expect(settle(list, rowsOf(...'abcdefghijklm'), 4, 'end')).toBe(list);
});

test('rows that leave at the front move neither the chosen row nor its place in the view', () => {
  expect(settle(at('e', {top: 3}), rowsOf(...'cdefghijkl'), 4, 'end')).toMatchObject({key: 'e', index: 2, top: 1});
});

test('rows that come in front keep the choice and its place in the view', () => {
  expect(settle(at('b', {top: 1}), rowsOf(...'xyzabcdefghij'), 4, 'start')).toMatchObject({key: 'b', index: 4, top: 4});
});

test('when the chosen row is gone the one in its place is chosen', () => {
  expect(settle(at('c'), rowsOf(...'abdefg'), 4, 'end')).toMatchObject({key: 'd', index: 2});
  expect(settle(at('j'), rowsOf(...'abc'), 4, 'end')).toMatchObject({key: 'c', index: 2});
});

test('an empty list chooses nothing, and the first row when one comes', () => {
  const empty = settle(at('c'), rowsOf(), 4, 'end');
  expect(empty).toMatchObject({index: -1, top: 0});
  expect(settle(empty, rowsOf('x', 'y'), 4, 'end')).toMatchObject({index: 0, key: 'x'});
});

test('scrolling up stops following; the last row reached by moving does not start it again', () => {
  const following = settle(newList, ten, 4, 'end');
  const up = move(following, -1, ten, 4);
  expect(up).toMatchObject({key: 'i', follow: false, top: 6});
  expect(move(up, 1, ten, 4)).toMatchObject({key: 'j', follow: false});
  expect(move(following, 1, ten, 4)).toMatchObject({key: 'j', follow: true});
});

test('jumping to the newest end follows, to the other does not', () => {
  expect(jump(at('d'), 'end', ten, 4, 'end')).toMatchObject({key: 'j', follow: true, top: 6});
  expect(jump(at('d'), 'start', ten, 4, 'end')).toMatchObject({key: 'a', follow: false, top: 0});
  expect(jump(at('d'), 'start', ten, 4, 'start')).toMatchObject({key: 'a', follow: true});
});

test('moving scrolls as little as shows the row, and stops at the ends', () => {
  expect(move(at('a'), 4, ten, 4)).toMatchObject({key: 'e', top: 1});
  expect(move(at('a'), -5, ten, 4)).toMatchObject({key: 'a', top: 0});
  expect(move(at('i', {top: 5}), 50, ten, 4)).toMatchObject({key: 'j', top: 6});
});

test('a taller view shows more rows above rather than blank ones below', () => {
  expect(settle(at('j', {top: 6}), ten, 8, 'end')).toMatchObject({top: 2});
});

test('a search finds the next row without case and goes round', () => {
  const list = at('c', {search: 'TEXT OF D'});
  expect(findHit(list, ten, 1)).toEqual({index: 3, wrapped: false});
  expect(findHit(at('e', {search: 'of b'}), ten, 1)).toEqual({index: 1, wrapped: true});
  expect(findHit(at('a', {search: 'of j'}), ten, -1)).toEqual({index: 9, wrapped: true});
  expect(findHit(at('a', {search: 'nowhere'}), ten, 1)).toBeUndefined();
});
