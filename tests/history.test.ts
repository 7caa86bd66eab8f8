import {spawnSync} from 'node:child_process';
import {type Fixture, fixture} from './fixtures/stored-rows.ts';

let store: Fixture;

beforeAll(async () => {
  store = await fixture();
  store.insert('stream', {id: 1, agent: 'a', host: 'h', source: 's', epoch: 'e', dataset: 'd'});
  const app = store.name('app');
  store.database.exec(`WITH RECURSIVE i (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < 99999)
    INSERT INTO log SELECT n + 1, n, n, 1, n, n % 8, 0, ${app}, ${app}, NULL, n, 'line ' || n, NULL FROM i`);
});

afterAll(() => store.remove());

/** Runs a script against the built program; what it prints is JSON. */
function run(script: string): unknown {
  const text = `
    import {History} from './dist/src/pipeline/history.js';
    import {parse} from './dist/src/query/parse.js';
    const history = new History({dataDir: process.argv[1], engine: 'native'});
    ${script}
    await history.close();`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', text, store.folder], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

test('the reader thread answers in order, and a wrong expression comes back as one', () => {
  expect(
    run(`
      const rows = history.logs({kind: 'logs', limit: 2, where: parse('pid<1000 level:error')});
      const counts = history.count({kind: 'logs', by: ['level'], limit: 2});
      const wrong = history.logs({kind: 'logs', limit: 1, where: parse('a nofield:1')}).catch(e => [e.name, e.at]);
      const missing = history.alertContext('ab');
      const messages = (await rows).map(row => row.message);
      console.log(JSON.stringify([messages, await counts, await wrong, await missing]));`),
  ).toEqual([
    ['line 987', 'line 995'],
    [
      {keys: ['alert'], count: 12_500},
      {keys: ['critical'], count: 12_500},
    ],
    ['QueryError', 2],
    null,
  ]);
});

test('a question given up is rejected at once and the next one is answered', () => {
  expect(
    run(`
      const controller = new AbortController();
      const slow = history.count({kind: 'logs', by: ['pid', 'message'], limit: 1}, controller.signal).catch(e => e.name);
      const queued = history.logs({kind: 'logs', limit: 1}, controller.signal).catch(e => e.name);
      controller.abort();
      const next = await history.around(5, 1);
      console.log(JSON.stringify([await slow, await queued, next.map(row => row.message)]));`),
  ).toEqual(['AbortError', 'AbortError', ['line 4', 'line 5']]);
});

test('a store that is not there yet is an answer in words, and closing rejects what waits', () => {
  expect(
    run(`
      const told = new Set();
      // Many times, for now and then the answer comes while the thread is being ended.
      for (let round = 0; round < 25; round++) {
        const other = new History({dataDir: process.argv[1] + '.not', engine: 'native'});
        told.add(await other.logs({kind: 'logs', limit: 1}).catch(e => e.name));
        const waiting = other.logs({kind: 'logs', limit: 1}).catch(e => e.name);
        await other.close();
        told.add(await waiting);
      }
      console.log(JSON.stringify([...told]));`),
  ).toEqual(['StoreError']);
});
