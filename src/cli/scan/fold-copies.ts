import type {Entry} from './entry.ts';

/** An entry, and in how many files the same was found. */
export interface Folded<Value> {
  readonly entry: Entry;
  readonly value: Value;
  copies: number;
  /** Numbers of the files that it was found in besides the entry's. */
  readonly others: number[];
}

/** What has one key at one moment: what is kept, and how often each file had it so far. */
interface Same<Value> {
  readonly kept: Folded<Value>[];
  readonly seen: Map<number, number>;
}

const mostOthers = 100;
/** So many entries of one moment are compared with each other at most. */
const mostAtOnce = 50_000;

/**
 * Folds what copies of a log give twice. Entries must come in order: the same event has the same time, so only entries
 * of one moment are compared. Within one file nothing is folded: what stands there twice happened twice.
 */
export function* foldCopies<Value extends {readonly key: string}>(entries: Iterable<Entry>): Generator<Folded<Value>> {
  let moment: Folded<Value>[] = [];
  let known = new Map<string, Same<Value>>();
  for (const entry of entries) {
    if (moment[0]?.entry.time !== entry.time || moment.length >= mostAtOnce) {
      yield* moment;
      moment = [];
      known = new Map();
    }
    const value = JSON.parse(entry.text) as Value;
    const same: Same<Value> = known.get(value.key) ?? {kept: [], seen: new Map()};
    known.set(value.key, same);
    const times = same.seen.get(entry.file) ?? 0;
    same.seen.set(entry.file, times + 1);
    const first = same.kept[times];
    if (first) {
      first.copies++;
      if (first.others.length < mostOthers) first.others.push(entry.file);
      continue;
    }
    const folded = {entry, value, copies: 1, others: []};
    same.kept.push(folded);
    moment.push(folded);
  }
  yield* moment;
}
