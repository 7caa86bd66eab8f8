import {SecondChanceMap} from './second-chance-map.ts';

test('what was used since is kept, and the oldest of the rest makes room', () => {
  const map = new SecondChanceMap<string, number>(3);
  for (const key of ['a', 'b', 'c']) map.set(key, 1);
  map.get('a');
  map.set('d', 2);
  expect([...map.entries()].map(([key]) => key)).toEqual(['c', 'a', 'd']);
});

test('where all were used, the oldest goes, and it does not go round for ever', () => {
  const map = new SecondChanceMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.get('a');
  map.get('b');
  map.set('c', 3);
  expect([...map.entries()]).toEqual([
    ['b', 2],
    ['c', 3],
  ]);
});

test('it never holds more than its limit, however many keys pass through, and keeps the one in use', () => {
  const map = new SecondChanceMap<number, string>(100);
  map.set(-1, 'in use');
  for (let key = 0; key < 50_000; key++) {
    map.get(-1);
    map.set(key, 'passing');
    if (map.size > 100) throw new Error(`expected 100 entries at most, found ${map.size}`);
  }
  expect(map.peek(-1)).toBe('in use');
  expect(map.peek(49_999)).toBe('passing');
  expect(map.peek(0)).toBeUndefined();
});

test('a missing entry is made once, and looking without using leaves it first to go', () => {
  const map = new SecondChanceMap<string, number[]>(2);
  map.getOrAdd('a', () => []).push(1);
  map.getOrAdd('a', () => []).push(2);
  expect(map.peek('a')).toEqual([1, 2]);
  const other = new SecondChanceMap<string, number>(1);
  other.set('x', 1);
  other.peek('x');
  other.set('y', 2);
  expect(other.size).toBe(1);
  expect(other.peek('y')).toBe(2);
});
