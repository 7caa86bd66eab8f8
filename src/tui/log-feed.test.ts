import {type LogRow, newestRows} from '../pipeline/snapshot.ts';
import type {QueryRequest, QueryRow} from '../query/request.ts';
import {LogFeed, pageRows} from './log-feed.ts';

const where = {type: 'text', text: 'x', quoted: false, at: 0, end: 1} as const;

function logRow(seq: number): LogRow {
  const rest = {level: 6, code: 0, provider: 'p', message: `m${seq}`, host: 'h', user: '', historical: false};
  return {seq, time: seq * 1_000_000, ...rest};
}

const logRows = (from: number, to: number) => Array.from({length: to - from}, (_, index) => logRow(from + index));

function stored(row: LogRow): QueryRow {
  return {
    'event.sequence': row.seq,
    '@timestamp': new Date(row.time / 1000).toISOString(),
    'log.level': 'warning',
    'event.code': 7,
    'event.provider': row.provider,
    message: row.message,
  };
}

/** A feed over a store that holds entries 1 to 2,000, and answers when told. */
function feedOn(answer?: (request: QueryRequest) => readonly QueryRow[]) {
  const asked: {request: QueryRequest; signal: AbortSignal | undefined}[] = [];
  const errors: string[] = [];
  let changes = 0;
  const feed = new LogFeed({
    history: {
      logs: async (request, signal) => {
        asked.push({request, signal});
        if (answer) return answer(request);
        const until = (request.until ?? Number.POSITIVE_INFINITY) / 1_000_000;
        const found = logRows(1, 2_001).filter(row => row.seq < until && row.seq > (request.afterSeq ?? 0));
        return found.slice(-request.limit).map(stored);
      },
      alertContext: async () => null,
    },
    onChange: () => changes++,
    onError: message => errors.push(message),
  });
  return {feed, asked, errors, changes: () => changes};
}

const settled = () => new Promise(resolve => setImmediate(resolve));
const ends = (rows: readonly LogRow[]) => [rows[0]?.seq, rows.at(-1)?.seq, rows.length];

test('following shows the snapshot itself', () => {
  const {feed} = feedOn();
  const rows = logRows(1, 5);
  expect(feed.update(rows, true)).toBe(rows);
  expect(ends(feed.update(logRows(3, 9), true))).toEqual([3, 8, 6]);
});

test('after a start the rows of before are there, read once, and no row twice', async () => {
  const {feed, asked, changes} = feedOn();
  feed.refresh();
  expect(asked).toHaveLength(0);
  feed.update([], true);
  feed.refresh();
  feed.refresh();
  await settled();
  feed.refresh();
  expect(asked).toHaveLength(1);
  expect(changes()).toBe(1);
  expect(ends(feed.rows)).toEqual([1_501, 2_000, pageRows]);
  expect(ends(feed.update(logRows(1_999, 2_003), true))).toEqual([1_501, 2_002, 502]);
  const full = logRows(1_800, 1_800 + newestRows);
  expect(feed.update(full, true)).toBe(full);
});

test('scrolled up, no row leaves and new ones come behind', () => {
  const {feed} = feedOn();
  feed.update(logRows(1, 5), true);
  expect(ends(feed.update(logRows(3, 9), false))).toEqual([1, 8, 8]);
  expect(ends(feed.update(logRows(50, 60), false))).toEqual([1, 8, 8]);
});

test('older pages come from the store without a gap or a double', async () => {
  const {feed, asked, changes} = feedOn();
  feed.update(logRows(1_900, 2_001), true);
  feed.update(logRows(1_900, 2_001), false);
  feed.older();
  feed.older();
  await settled();
  expect(asked).toHaveLength(1);
  expect(changes()).toBe(1);
  const {rows} = feed;
  expect(ends(rows)).toEqual([1_400 + 1, 2_000, 600]);
  expect(rows.every((row, index) => index === 0 || row.seq === (rows[index - 1]?.seq ?? 0) + 1)).toBe(true);
  expect(rows[0]).toMatchObject({level: 4, code: 7, time: 1_401_000_000});
});

test("at the store's beginning it stops asking", async () => {
  const {feed, asked} = feedOn();
  feed.update(logRows(3, 20), false);
  for (let round = 0; round < 4; round++) {
    feed.older();
    await settled();
  }
  expect(feed.rows[0]?.seq).toBe(1);
  expect(asked.length).toBeLessThanOrEqual(3);
});

test('with a filter rows come from the store, then what came since', async () => {
  const {feed, asked} = feedOn();
  feed.update(logRows(1, 5), true);
  feed.setFilter(where);
  feed.refresh();
  await settled();
  expect(ends(feed.update(logRows(1, 5), true))).toEqual([1_501, 2_000, pageRows]);
  feed.refresh();
  await settled();
  expect(asked.map(({request}) => request.afterSeq)).toEqual([undefined, 2_000]);
  expect(asked.every(({request}) => request.where === where)).toBe(true);
});

test('rows from the store satisfy what the snapshot’s rows do, with a filter too', async () => {
  const {feed, asked} = feedOn();
  const within = {type: 'not', term: where} as const;
  feed.setFilter(undefined, within);
  feed.update(logRows(1_900, 2_001), false);
  feed.older();
  await settled();
  expect(ends(feed.rows)).toEqual([1_401, 2_000, 600]);
  feed.setFilter(where, within);
  feed.refresh();
  expect(asked.map(({request}) => request.where)).toEqual([within, {type: 'and', terms: [within, where]}]);
});

test('another filter aborts the question that is still open, and its answer is not shown', async () => {
  const {feed, asked} = feedOn();
  feed.setFilter(where);
  feed.refresh();
  feed.setFilter(undefined);
  expect(asked[0]?.signal?.aborted).toBe(true);
  await settled();
  expect(feed.rows).toEqual([]);
});

test('a store that cannot be read is told once, not asked again and again', async () => {
  const {feed, errors, asked} = feedOn(() => {
    throw new Error('store is closed');
  });
  feed.update(logRows(10, 20), false);
  feed.older();
  await settled();
  feed.older();
  await settled();
  expect(errors).toEqual(['store is closed']);
  expect(asked).toHaveLength(1);
});
