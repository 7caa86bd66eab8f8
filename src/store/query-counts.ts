import type {CountRequest} from '../query/request.ts';
import type {SqlRow} from './engine.ts';
import {keyValue} from './query-rows.ts';
import type {CountRow} from './reader.ts';
import {StoreError} from './sink.ts';

/** Most different groups an answer may come from: they are held in memory. */
const mostGroups = 500_000;

/** Adds groups to those found already: several stored values may show as one. */
export function addCounts(
  counts: Map<string, CountRow>,
  request: CountRequest,
  groups: Iterable<SqlRow>,
): Map<string, CountRow> {
  for (const group of groups) {
    const keys = request.by.map((name, index) => keyValue(request.kind, name, group[`k${index}`]));
    const bucket = typeof group.bucket === 'number' ? group.bucket : undefined;
    const count = Number(group.n ?? 0);
    // Without groups SQLite counts nothing as one row of 0.
    if (count === 0) continue;
    const key = JSON.stringify([bucket, keys]);
    const known = counts.get(key)?.count ?? 0;
    counts.set(key, bucket === undefined ? {keys, count: known + count} : {bucket, keys, count: known + count});
    if (counts.size > mostGroups)
      throw new StoreError(
        'failed',
        `Expected at most ${mostGroups} different values to count by, got more.`,
        'Count by fewer fields, a wider --every, or a shorter time.',
      );
  }
  return counts;
}

/** Oldest bucket first, then the largest count, then by key. */
export function sortedCounts(counts: ReadonlyMap<string, CountRow>, limit: number): readonly CountRow[] {
  return [...counts.values()]
    .sort((a, b) => (a.bucket ?? 0) - (b.bucket ?? 0) || b.count - a.count || compareKeys(a, b))
    .slice(0, limit);
}

function compareKeys(a: CountRow, b: CountRow): number {
  for (const [index, key] of a.keys.entries()) {
    const other = b.keys[index];
    if (typeof key === 'number' && typeof other === 'number' && key !== other) return key - other;
    const [left, right] = [String(key ?? ''), String(other ?? '')];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
