import {chmodSync, chownSync, mkdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {isBalanced} from '../src/pipeline/ledger.ts';
import type {Snapshot} from '../src/pipeline/snapshot.ts';
import {program as installed, linux, needs, root} from './needs.ts';
import {
  cleanUp,
  configure,
  freePort,
  isGone,
  logLine,
  monitor,
  program,
  query,
  siem,
  sql,
  start,
  stop,
  until,
  watches,
  workFolder,
} from './support/siem.ts';

const day = 86_400_000;

afterEach(cleanUp);

test('every source of a snapshot accounts for all it received', async () => {
  const {dataDir, file} = await machine(['system', 'watch', 'packets'], {capture: {interfaces: 'lo'}});
  for (let age = 30; age > 0; age--) logLine(file, `${age} days ago`, 'app', new Date(Date.now() - age * day));
  const done = await siem(['monitor', '--once', '--json', '--data-dir', dataDir]).ended;
  expect(done).toMatchObject({status: 0, err: ''});
  const snapshot = snapshotOf(done.out);
  const {sources, total, packetCounters} = snapshot;
  expect(sources.map(source => source.id.split(':', 1)[0]).sort()).toEqual(
    ['file', 'packets', 'syslog', 'system', 'watch', 'watch'].sort(),
  );
  for (const part of [...sources, total]) expect(isBalanced(part)).toBe(true);
  const log = sources.find(source => source.id === `file:${file}`);
  expect(log).toMatchObject({received: 30, filtered: 24, stored: 6, duplicate: 0, inFlight: 0, dropped: {}});
  const lost = Object.values(packetCounters.dropped).reduce((sum, count) => sum + count, 0);
  expect(packetCounters.seen).toBe(packetCounters.decoded + lost);
});

test('npm start gives nothing but the snapshot on stdout', async () => {
  const {dataDir} = await machine();
  const done = await start('npm', ['start', '--silent', '--', '--once', '--json', '--data-dir', dataDir]).ended;
  expect(done.status).toBe(0);
  expect(snapshotOf(done.out).mode).toBe('live');
});

test('a second monitor on the same folder is refused in words, and the first goes on', async () => {
  const {dataDir, file} = await machine();
  const first = await monitor(dataDir);
  for (const args of [['--headless'], ['--once', '--json']]) {
    const second = await siem(['monitor', ...args, '--data-dir', dataDir]).ended;
    expect(second).toMatchObject({status: 3, out: ''});
    expect(second.err).toContain(`in use by another siem, process ${first.child.pid}`);
    expect(second.err).not.toMatch(/^ +at /m);
  }
  logLine(file, 'still here');
  await until('the first stores on', async () => (await query(dataDir, '"still here"')).length);
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s ends the monitor with status %d, all stored, nothing left running', async (signal, status) => {
  const {dataDir, file} = await machine(['system', 'packets'], {capture: {interfaces: 'lo'}});
  const run = await monitor(dataDir);
  for (const kind of root || linux ? ['file'] : ['file', 'packets']) await watches(run, kind);
  logLine(file, 'the last words');
  await until('they are read', async () => (await query(dataDir, 'last words')).length);
  expect(await stop(run, signal)).toMatchObject({status, err: ''});
  await until('no process is left', () => isGone(run));
  expect(await sql(dataDir, 'select integrity_check as answer from pragma_integrity_check')).toEqual([{answer: 'ok'}]);
  expect(statSync(join(dataDir, 'siem.db-wal'), {throwIfNoEntry: false})?.size ?? 0).toBe(0);
});

test('a signal during --once ends it too, with nothing left running', async () => {
  const {dataDir} = await machine(['packets'], {capture: {interfaces: 'lo'}});
  const run = siem(['monitor', '--once', '--json', '--data-dir', dataDir]);
  await until('it has begun', () => statSync(join(dataDir, 'siem.db'), {throwIfNoEntry: false}));
  expect(await stop(run)).toMatchObject({status: 143, out: ''});
  await until('no process is left', () => isGone(run));
});

test('a wrong configuration has status 2 and names file and line', async () => {
  const {dataDir} = await machine([], {store: {keep_days: 'long'}});
  const ini = join(dataDir, 'siem.ini');
  const done = await siem(['monitor', '--once', '--data-dir', dataDir]).ended;
  expect(done).toMatchObject({status: 2, out: ''});
  expect(done.err).toMatch(
    new RegExp(`^${ini}:\\d+: Expected \`keep_days\` in \\[store\\] to be a number, got \`long\``),
  );
  const line = Number(/:(\d+): /.exec(done.err)?.[1]);
  expect(line).toBeGreaterThan(1);
});

test.each([
  ['monitor --speed fast', 'Expected --speed to be'],
  ['monitor --speed 2x', 'Expected --read FILE with --speed'],
  ['monitor --demo --seed x', 'Expected --seed to be a whole number, got `x`'],
  ['monitor --json', 'Expected --once with --json'],
  ['monitor --once --source system,jornald', 'got `jornald`'],
  ['alerts export', "missing required argument 'ALERT'"],
])('wrong use has status 2 and is said in words: siem %s', async (line, words) => {
  const done = await siem([...line.split(' '), ...(line === 'alerts export' ? [] : ['--data-dir', workFolder()])])
    .ended;
  expect(done).toMatchObject({status: 2, out: ''});
  expect(done.err).toContain(words);
  expect(done.err).not.toMatch(/^ +at /m);
});

test.each(['read', 'import', 'monitor --once --read'])(
  'siem %s names a folder that it is given for a file',
  async line => {
    const folder = workFolder();
    const done = await siem([...line.split(' '), folder, ...(line === 'read' ? [] : ['--data-dir', folder])]).ended;
    expect(done).toMatchObject({status: 3, out: ''});
    expect(done.err).toContain(`Expected a file at ${folder}, found a folder.`);
    expect(done.err).toContain(`${folder}/*`);
    expect(done.err).not.toMatch(/^ +at /m);
  },
);

test('a reader that has enough ends the monitor quietly', async () => {
  const {dataDir, file} = await machine();
  const command = `{ "$0" "$1" monitor --headless --data-dir "$2"; echo "status $?" >&2; } | head -1`;
  const run = start('sh', ['-c', command, process.execPath, program, dataDir]);
  await until('the first line is there', () => run.out() !== '');
  // An alert is the next line, and meets the closed pipe.
  for (let port = 0; port < 8; port++)
    logLine(file, `Failed password for root from 198.51.100.7 port ${port} ssh2`, 'sshd');
  const done = await run.ended;
  expect(done.out).toMatch(/^configuration: ok.*\n$/);
  expect(done.err).toBe('status 0\n');
});

test('a reader that has enough of what siem read gives found something', async () => {
  const file = join(workFolder(), 'app.log');
  writeFileSync(file, 'Jan  5 10:00:00 host app[1]: a line\n'.repeat(30_000));
  const command = `{ "$0" "$1" read "$2"; echo "status $?" >&2; } | head -1`;
  const done = await start('sh', ['-c', command, process.execPath, program, file]).ended;
  expect(done.out).toContain('a line');
  expect(done.err).toBe('status 0\n');
});

test('a long silence in a replayed log does not hold the replay up', async () => {
  const file = join(workFolder(), 'old.log');
  const begin = Date.UTC(2026, 0, 5, 10);
  for (const hours of [0, 3, 6]) logLine(file, `after ${hours} hours`, 'app', new Date(begin + hours * 3_600_000));
  const done = await siem(['monitor', '--once', '--json', '--read', file, '--speed', '1x']).ended;
  expect(done).toMatchObject({status: 0, err: ''});
  expect(snapshotOf(done.out).logs.map(row => row.message)).toEqual([
    'after 0 hours',
    'after 3 hours',
    'after 6 hours',
  ]);
});

test('a file that is imported twice is stored once', async () => {
  const {dataDir, file} = await machine();
  for (let line = 0; line < 3; line++) logLine(file, `line ${line}`);
  const twice = [await siem(['import', file, '--data-dir', dataDir]).ended];
  twice.push(await siem(['import', file, '--data-dir', dataDir]).ended);
  expect(twice.map(done => done.status)).toEqual([0, 0]);
  expect(twice[0]?.out).toContain('3 stored + 0 known already');
  expect(twice[1]?.out).toContain('0 stored + 3 known already');
  expect(await query(dataDir, 'source:app')).toHaveLength(3);
});

test.each(['read', 'import', 'scan', 'train --read', 'monitor --once --read', 'rules test *', 'rules list --profile'])(
  'a file that is not there has status 3 and is named without a stack trace: siem %s',
  async line => {
    const place = line === 'read' ? [] : ['--data-dir', workFolder()];
    const done = await siem([...line.split(' '), '/nonexistent/x.log', ...place]).ended;
    expect(done).toMatchObject({status: 3, out: '', err: expect.stringContaining('/nonexistent/x.log')});
    expect(done.err).not.toMatch(/^ +at /m);
  },
);

needs(
  linux,
  root,
  installed('setpriv'),
)('what a user may not watch is told with what mends it, and the rest is watched', async () => {
  const nobody = 65_534;
  const {dataDir, file} = await machine(['system', 'packets'], {capture: {interfaces: 'lo'}});
  chownSync(dataDir, nobody, nobody);
  chownSync(join(dataDir, 'siem.ini'), nobody, nobody);
  logLine(file, 'for root alone');
  chmodSync(file, 0o600);
  const asNobody = ['--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups', process.execPath, program];
  const done = await start('setpriv', [...asNobody, 'monitor', '--once', '--json', '--data-dir', dataDir]).ended;
  expect(done).toMatchObject({status: 0, err: ''});
  const states = Object.fromEntries(snapshotOf(done.out).sources.map(source => [source.id, source]));
  expect(states[`file:${file}`]).toMatchObject({state: 'failed', mend: `sudo setfacl -m u:nobody:r ${file}`});
  expect(states['packets:lo']).toMatchObject({state: 'failed', mend: expect.stringMatching(/setcap|sudo/)});
  expect(states.system).toMatchObject({state: 'running'});
});

async function machine(more: readonly string[] = [], sections = {}) {
  const folder = workFolder();
  const dataDir = join(folder, 'data');
  const file = join(folder, 'app.log');
  mkdirSync(dataDir, {mode: 0o700});
  writeFileSync(file, '');
  configure(dataDir, {
    monitor: {sources: [`file:${file}`, 'syslog', ...more].join(', ')},
    sources: {syslog_port: await freePort()},
    ...sections,
  });
  return {dataDir, file};
}

/** What was printed is one JSON document and nothing else. */
function snapshotOf(out: string): Snapshot {
  return JSON.parse(out);
}

test('what the demonstration logs comes after what crosses the wire before it, not ahead by seconds', async () => {
  const dataDir = workFolder();
  const run = await monitor(dataDir, ['--demo']);
  // The first line is logged six seconds after the first packet.
  let rows: Awaited<ReturnType<typeof query>> = [];
  await until('a probe of the scan was logged', async () => {
    rows = await query(dataDir, '"UFW BLOCK" or event.dataset:dns');
    return rows.some(row => String(row.message).includes('UFW BLOCK'));
  });
  await stop(run);
  const logged = rows.find(row => String(row.message).includes('UFW BLOCK'));
  const time = (row: (typeof rows)[number] | undefined) => Date.parse(String(row?.['@timestamp']));
  const before = rows.filter(row => row['event.dataset'] === 'dns' && time(row) < time(logged) - 2_000);
  expect(before.length).toBeGreaterThan(0);
  for (const row of before) expect(Number(row['event.sequence'])).toBeLessThan(Number(logged?.['event.sequence']));
});
