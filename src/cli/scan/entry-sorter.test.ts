import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Entry} from './entry.ts';
import {EntrySorter} from './entry-sorter.ts';
import {foldCopies} from './fold-copies.ts';
import {mergeEntries} from './merge-entries.ts';
import {removeFolders, temporaryFolder} from './scan.fixture.ts';

afterEach(removeFolders);

function entries(count: number, seed: number): Entry[] {
  let state = seed;
  return Array.from({length: count}, (_, place) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return {time: state % 50, file: seed, place, text: JSON.stringify({key: String(place), text: 'ü\t\u2028"\\'})};
  });
}

test('what does not fit into memory is put in order on disk, and nothing is lost or changed', () => {
  const folder = join(temporaryFolder(), 'made when needed');
  const all = [1, 2, 3].flatMap(seed => entries(500, seed));
  const sorters = [0, 1].map(name => new EntrySorter(folder, String(name), 5_000));
  expect(existsSync(folder)).toBe(false);
  for (const [at, entry] of all.entries()) sorters[at % 2]?.add(entry);
  const merged = [...mergeEntries(sorters.map(sorter => sorter.sorted()))];
  expect(sorters.every(sorter => sorter.sorted().files.length > 3)).toBe(true);
  const order = (one: Entry, other: Entry) => one.time - other.time || one.file - other.file || one.place - other.place;
  expect(merged).toEqual([...all].sort(order));
});

test('of three copies each occurrence is kept as often as the file that has it most', () => {
  const text = JSON.stringify({key: 'same'});
  const at = (file: number, place: number, time = 1) => ({time, file, place, text});
  const given = [at(0, 1), at(0, 2), at(1, 1), at(2, 1), at(2, 2), at(2, 3), at(0, 9, 2)];
  const folded = [...foldCopies(given)];
  expect(folded.map(({entry, copies, others}) => [entry.file, entry.place, copies, others])).toEqual([
    [0, 1, 3, [1, 2]],
    [0, 2, 2, [2]],
    [2, 3, 1, []],
    [0, 9, 1, []],
  ]);
});
