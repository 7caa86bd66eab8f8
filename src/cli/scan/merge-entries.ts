import {closeSync, openSync, readSync} from 'node:fs';
import {StringDecoder} from 'node:string_decoder';
import {type Entry, inOrder} from './entry.ts';
import type {SortedEntries} from './entry-sorter.ts';

/** All entries of several sorters in one order. Holds one entry of each file, and a piece of it. */
export function* mergeEntries(sorted: readonly SortedEntries[]): Generator<Entry> {
  const runs: Iterator<Entry>[] = sorted.flatMap(({files, rest}) => [
    ...files.map(file => entriesOf(file)),
    rest[Symbol.iterator](),
  ]);
  const heads: {readonly run: Iterator<Entry>; entry: Entry}[] = [];
  try {
    for (const run of runs) {
      const {value, done} = run.next();
      if (!done) heads.push({run, entry: value});
    }
    while (heads.length > 0) {
      let first = 0;
      for (let at = 1; at < heads.length; at++) if (isBefore(heads[at], heads[first])) first = at;
      const head = heads[first];
      if (!head) return;
      yield head.entry;
      const {value, done} = head.run.next();
      if (done) heads.splice(first, 1);
      else head.entry = value;
    }
  } finally {
    for (const run of runs) run.return?.();
  }
}

function isBefore(left: {readonly entry: Entry} | undefined, right: {readonly entry: Entry} | undefined): boolean {
  return left !== undefined && right !== undefined && inOrder(left.entry, right.entry) < 0;
}

function* entriesOf(path: string): Generator<Entry> {
  for (const line of linesOf(path)) {
    const [time = '', file = '', place = ''] = line.split('\t', 3);
    const text = line.slice(time.length + file.length + place.length + 3);
    yield {time: Number(time), file: Number(file), place: Number(place), text};
  }
}

/** JSON holds no line break, so lines are entries. */
function* linesOf(path: string): Generator<string> {
  const descriptor = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const bytes = Buffer.alloc(256 * 1024);
    let begun = '';
    for (let read = readSync(descriptor, bytes); read > 0; read = readSync(descriptor, bytes)) {
      const lines = (begun + decoder.write(bytes.subarray(0, read))).split('\n');
      begun = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    closeSync(descriptor);
  }
}
