// How long the last hour takes out of a large store: `node dist/bench/query.js FOLDER [--rows 10000000]`. The store is
// made once and kept in FOLDER. One JSON line: milliseconds, each the median of five.
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {day, hour} from '../src/event/clock.ts';
import {parse} from '../src/query/parse.ts';
import type {Database} from '../src/store/engine.ts';
import {databasePath} from '../src/store/folder.ts';
import {FullText} from '../src/store/full-text.ts';
import {migrate} from '../src/store/migrate.ts';
import {openDatabase} from '../src/store/open-database.ts';
import {SqlReader} from '../src/store/store-reader.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {rows: {type: 'string', default: '10000000'}, 'full-text': {type: 'boolean', default: false}},
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write('Expected a folder for the store: npm run -s bench:query -- FOLDER [--rows N] [--full-text]\n');
  process.exit(2);
}
const path = databasePath(folder);
const rows = Number(values.rows);
const newest = await buildOnce();
process.stdout.write(`${JSON.stringify(await measure())}\n`);

/** Rows spread evenly over 30 days; gives the time of the newest. */
async function buildOnce(): Promise<number> {
  mkdirSync(folder as string, {recursive: true});
  const database = await openDatabase(path, {mode: 'write', engine: 'native'});
  migrate(database);
  if (Number(database.prepare('SELECT count(*) AS n FROM stream').get()?.n) === 0) fill(database);
  if (values['full-text']) new FullText(database, 1_000_000);
  const found = Number(database.prepare('SELECT max(time) AS t FROM log').get()?.t);
  database.close();
  return found;
}

function fill(database: Database): void {
  process.stderr.write(`Making ${rows} rows in ${path} …\n`);
  const end = Date.now() * 1000;
  const step = Math.floor((30 * day) / rows);
  database.exec(
    `PRAGMA synchronous = OFF; INSERT INTO stream VALUES (1, 'bench', 'bench', 'file:bench', 'e', 'syslog')`,
  );
  database.exec(`WITH RECURSIVE i (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < 99)
    INSERT INTO name (id, text) SELECT n + 1, 'program-' || n FROM i`);
  for (let from = 0; from < rows; from += 500_000) {
    const to = Math.min(rows, from + 500_000);
    database.exec(`WITH RECURSIVE i (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM i WHERE n < ${to - 1})
      INSERT INTO log SELECT n + 1, ${end} - (${rows} - n) * ${step}, ${end}, 1, n, n * 7 % 8, n % 5000, 1 + n * 13 % 100,
        1, NULL, 1000 + n % 30000,
        'session ' || n || ' opened for user u' || (n % 977) || ' from 10.' || (n % 250) || '.0.' || (n % 199) ||
        ' with a message of the usual length of a line in a system log',
        CASE WHEN n % 3 = 0 THEN '{"source.ip":"10.' || (n % 250) || '.0.' || (n % 199) || '"}' END FROM i`);
  }
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

async function measure(): Promise<Record<string, unknown>> {
  const reader = new SqlReader(await openDatabase(path, {mode: 'read', engine: 'native'}));
  const since = newest - hour;
  const timed = (expression: string, from = since, limit = 1000) =>
    median(() => reader.rows({kind: 'logs', since: from, limit, where: parse(expression)}));
  const all = Math.round(30 * day);
  const result = {
    bench: 'query',
    rows: reader.holdings('logs').rows,
    cores: availableParallelism(),
    sinceHourMs: timed(''),
    sinceHourAllRowsMs: timed('', since, 1_000_000),
    sinceHourFilteredMs: timed('level>=warning source:program-1* src.ip:10.0.0.0/8'),
    sinceHourTextMs: timed('"opened for user u5"'),
    countHourByLevelMs: median(() => reader.count({kind: 'logs', since, by: ['level'], limit: 100})),
    rareWord30DaysMs: values['full-text'] ? timed('"session 4000000"', newest - all) : null,
    sqliteShellMs: shell(since),
    wholeCommandMs: command(since),
    nodeAloneMs: median(() => spawnSync(process.execPath, ['-e', '0'])),
  };
  reader.close();
  return result;
}

function command(since: number): number {
  const program = fileURLToPath(new URL('../bin/siem.js', import.meta.url));
  const args = [program, 'query', '--since', `@${since / 1e6}`, '--data-dir', folder as string];
  return median(() => execFileSync(process.execPath, args, {stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28}));
}

/** The same rows by the sqlite3 shell, process start included; null where there is none. */
function shell(since: number): number | null {
  const sql = `SELECT * FROM (SELECT l.time, l.level, l.code, n.text, l.message FROM log l JOIN name n ON n.id = l.provider
    WHERE l.time >= ${since} ORDER BY l.time DESC LIMIT 1000) ORDER BY time`;
  if (spawnSync('sqlite3', ['--version']).status !== 0) return null;
  return median(() => execFileSync('sqlite3', ['-readonly', path, sql], {maxBuffer: 1 << 28}));
}

function median(work: () => unknown): number {
  const times = Array.from({length: 5}, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  }).sort((a, b) => a - b);
  return Math.round((times[2] ?? 0) * 10) / 10;
}
