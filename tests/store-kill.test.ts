import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {databasePath} from '../src/store/folder.ts';
import {openDatabase} from '../src/store/open-database.ts';
import {removeTemporaryFolders, temporaryFolder} from './support/store-fixture.ts';

const kills = 10;
const perBatch = 50;

const built = (path: string) => pathToFileURL(join(process.cwd(), 'dist', 'src', path)).href;

// Goes on where the stored position says, tells each batch that was stored, and closes and opens the store now and then
// so that kills also meet exports, checkpoints and the taking of the lock.
const writer = `
  import {writeSync} from 'node:fs';
  import {openWriter} from '${built('store/writer.js')}';
  import {emptyBatch} from '${built('store/sink.js')}';
  const [folder, engine] = process.argv.slice(-2);
  const settings = {engine, keep_days: 30, max_megabytes: 64, sqljs_megabytes: 32, synchronous: 'normal', full_text: true};
  const origin = {agent: 'a', host: 'h', source: 's', epoch: 'e', dataset: 'd'};
  for (;;) {
    const store = await openWriter(folder, settings);
    let next = store.positions().get('s')?.next ?? 0;
    for (let batch = 0; batch < 6; batch++) {
      const events = Array.from({length: ${perBatch}}, (_, n) => ({kind: 'log', origin, position: next + n, time: next + n,
        ingested: 0, level: 6, code: 0, provider: 'p', message: 'row ' + (next + n)}));
      next += ${perBatch};
      store.write({...emptyBatch, events, positions: [{source: 's', position: {next}}]});
      writeSync(1, next + '\\n');
    }
    store.close();
  }`;

let children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  removeTemporaryFolders();
});

test.each(['auto', 'sql.js'])('killed at any moment, engine %s has each stored batch exactly once', async engine => {
  const folder = temporaryFolder();
  const random = seeded(engine.length);
  let acknowledged = 0;
  for (let kill = 0; kill < kills; kill++) {
    const before = acknowledged;
    acknowledged = await runAndKill(folder, engine, 1 + Math.floor(random() * 16));
    expect(acknowledged).toBeGreaterThan(before);
    const held = await holdings(folder, engine as 'auto' | 'sql.js');
    expect(held.distinct).toBe(held.rows);
    expect(held.newest).toBe(Number(held.rows) - 1);
    expect(held.next).toBe(held.rows);
    expect(held.tallied).toBe(held.rows);
    expect(held.rows).toBeGreaterThanOrEqual(acknowledged);
  }
});

test('of several monitors started at once on one folder, one runs', async () => {
  const folder = temporaryFolder();
  const starter = `
    import {lockFolder} from '${built('store/lock.js')}';
    try { lockFolder(process.argv.at(-1)); console.log('held'); } catch (error) { console.log(error.code); }
    setInterval(() => {}, 1000);`;
  const answers = await Promise.all(
    Array.from({length: 6}, async () => {
      const [chunk] = await once(start(starter, [folder]).stdout ?? process.stdin, 'data');
      return String(chunk).trim();
    }),
  );
  expect(answers.sort()).toEqual(['busy', 'busy', 'busy', 'busy', 'busy', 'held']);
});

/** Kills the writer once it has told of so many batches; gives what it told last. */
async function runAndKill(folder: string, engine: string, batches: number): Promise<number> {
  const child = start(writer, [folder, engine]);
  let told = '';
  let complaint = '';
  child.stderr?.on('data', chunk => {
    complaint += chunk;
  });
  child.stdout?.on('data', chunk => {
    told += chunk;
    if (told.split('\n').length > batches) child.kill('SIGKILL');
  });
  await once(child, 'close');
  if (complaint !== '') throw new Error(complaint);
  return Number(told.trim().split('\n').at(-1));
}

function start(code: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function holdings(folder: string, engine: 'auto' | 'sql.js'): Promise<Record<string, number>> {
  const database = await openDatabase(databasePath(folder), {mode: 'read', engine});
  const row = database
    .prepare(
      `SELECT count(*) AS "rows", count(DISTINCT position) AS "distinct", max(position) AS newest,
       (SELECT value ->> 'next' FROM position) AS next, (SELECT sum(count) FROM tally WHERE dimension = 'level') AS tallied
       FROM log`,
    )
    .get();
  database.close();
  return Object.fromEntries(Object.entries(row ?? {}).map(([key, value]) => [key, Number(value)]));
}

/** A linear congruential generator: the same moments each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
