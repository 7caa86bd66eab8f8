import {BoundedMap} from './bounded-map.ts';

test('the entry used longest ago makes room for a new one', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.get('a');
  map.set('c', 3);
  expect([...map.entries()]).toEqual([
    ['a', 1],
    ['c', 3],
  ]);
});

test('a missing entry is made once', () => {
  const map = new BoundedMap<string, number[]>(2);
  map.getOrAdd('a', () => []).push(1);
  map.getOrAdd('a', () => []).push(2);
  expect(map.get('a')).toEqual([1, 2]);
});
