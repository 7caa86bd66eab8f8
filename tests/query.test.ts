import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {minute} from '../src/event/clock.ts';
import {type Fixture, fixture} from './fixtures/stored-rows.ts';

const program = 'dist/bin/siem.js';
const start = Date.UTC(2026, 10, 22, 10) * 1000;
let store: Fixture;

beforeAll(async () => {
  store = await fixture();
  store.insert('stream', {id: 1, agent: 'a', host: 'web-1', source: 'file:x', epoch: 'e', dataset: 'syslog'});
  for (let n = 0; n < 20; n++) insert(n);
});

afterAll(() => store.remove());

function insert(n: number, seq = n + 1): void {
  store.insert('log', {
    ...{seq, time: start + n * minute, ingested: start, stream: 1, position: n, level: n % 2 ? 4 : 6, code: n},
    ...{provider: store.name(n % 4 ? 'sshd' : 'cron'), host: store.name('web-1'), message: `line ${n}`},
  });
}

function query(...args: string[]): {status: number | null; out: string; err: string} {
  const done = spawnSync(process.execPath, [program, 'query', '--utc', '--data-dir', store.folder, ...args], {
    encoding: 'utf8',
  });
  return {status: done.status, out: done.stdout, err: done.stderr};
}

const day = ['-S', '2026-11-22', '-U', '2026-11-23'];

test('found rows go to stdout with status 0, and the limit is told on stderr', () => {
  const all = query(...day, '-o', 'ndjson', 'source:sshd', '-level:warning');
  expect(all.status).toBe(0);
  expect(
    all.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).message),
  ).toEqual(['line 2', 'line 6', 'line 10', 'line 14', 'line 18']);
  expect(all.err).toBe('');
  const cut = query(...day, '-n', '2', '--fields', 'message,code', '-o', 'csv');
  expect(cut.out).toBe('message,event.code\r\nline 18,18\r\nline 19,19\r\n');
  expect(cut.err).toMatch(/Cut at -n 2: there are older rows/);
  expect(query(...day, '-n', '2', '-r', '--fields', 'message', '-o', 'csv').out).toBe(
    'message\r\nline 19\r\nline 18\r\n',
  );
});

test('an answer longer than is held in memory is the same', () => {
  const long = query(...day, '-n', '10001', '-o', 'json');
  expect(JSON.parse(long.out)).toEqual(JSON.parse(query(...day, '-o', 'json').out));
});

test('an empty answer has status 1 and says why', () => {
  expect(query('-S', '2020-01-01', '-U', '2020-01-02')).toMatchObject({
    status: 1,
    out: '',
    err: expect.stringMatching(
      /No logs are stored from 2020-01-01.*20 are stored, from 2026-11-22 10:00:00Z to 2026-11-22 10:19:00Z/,
    ),
  });
  expect(query(...day, 'user:nobody').err).toMatch(/None of the 20 logs stored from .* matches/);
  expect(query(...day, '-k', 'flows').err).toMatch(/No flows are stored yet/);
  expect(query(...day, '-o', 'json', 'user:nobody').out).toBe('[\n]\n');
});

test('wrong use has status 2 and points at the place', () => {
  expect(query('source:cron levl:x')).toMatchObject({
    status: 2,
    err: expect.stringMatching(/levl:x\n {12}\^\nExpected a field of logs, got "levl"\. Did you mean level/),
  });
  expect(query('-f', '--count').status).toBe(2);
  expect(query('--nonsense').status).toBe(2);
});

test('a store that is not there has status 3 and names the command', () => {
  const missing = query('--data-dir', `${store.folder}/nowhere`);
  expect(missing).toMatchObject({status: 3, err: expect.stringMatching(/nowhere.*\n.*siem monitor/)});
});

test('counts have shares with one decimal, and the rest as other', () => {
  expect(query(...day, '--count').out).toBe('20\n');
  expect(query(...day, '--by', 'source', '-o', 'ndjson').out).toBe(
    '{"event.provider":"sshd","count":15}\n{"event.provider":"cron","count":5}\n',
  );
  expect(query(...day, '--count', '--by', 'source').out).toMatch(
    /source +count +share\nsshd +15 +75\.0 %\ncron +5 +25\.0 %\n/,
  );
  expect(query(...day, '--by', 'code', '-n', '1').out).toMatch(/other \(19\) +19 +95\.0 %/);
  const hourly = query(...day, '--count', '--every', '10m', '-o', 'ndjson').out;
  expect(hourly).toBe(
    '{"@timestamp":"2026-11-22T10:00:00.000Z","count":10}\n{"@timestamp":"2026-11-22T10:10:00.000Z","count":10}\n',
  );
});

test('the sums of each minute are a kind of their own, and are counted in bytes', () => {
  const sums = {minute: start, packets: 3, received: 0, flows: 2};
  store.insert('traffic_minute', {...sums, dimension: 'transport', value: 'tcp', sent: 90});
  store.insert('traffic_minute', {...sums, dimension: 'talker', value: '10.0.0.5', sent: 90});
  store.insert('traffic_minute', {...sums, dimension: 'talker', value: '10.0.0.6', sent: 30});
  const rows = query(...day, '-k', 'traffic');
  expect(rows.out.split('\n').map(line => line.replace(/ +/g, ' '))).toEqual([
    'minute protocol service talker flows packets sent received bytes',
    '2026-11-22 10:00:00.000Z 10.0.0.6 2 3 30 0 30',
    '2026-11-22 10:00:00.000Z 10.0.0.5 2 3 90 0 90',
    '2026-11-22 10:00:00.000Z tcp 2 3 90 0 90',
    '',
  ]);
  expect(query(...day, '-k', 'traffic', '--count').out).toBe('90\n');
  expect(query(...day, '-k', 'traffic', '--by', 'talker', '-n', '1').out).toMatch(
    /talker +bytes +share\n10\.0\.0\.5 +90 +75\.0 %\nother \(1\) +30 +25\.0 %\n/,
  );
  expect(query(...day, '-k', 'traffic', '-o', 'ndjson', 'sent<50').out).toMatch(
    /"host.ip":"10.0.0.6","traffic.flows":2/,
  );
  expect(query(...day, '-k', 'traffic', 'service:x').err).toMatch(
    /None of the 3 sums of traffic stored .* matches\.$/m,
  );
  const apart = 'A sum is of one transport, one service or one talker; none has';
  const together = query(...day, '-k', 'traffic', '--by', 'talker', 'transport:tcp');
  expect(together).toMatchObject({status: 1, out: ''});
  expect(together.err).toContain(`${apart} talker and transport. Flows have all: -k flows.`);
  expect(query(...day, '-k', 'traffic', 'proto:tcp', 'ip:10.0.0.5').err).toContain(`${apart} transport and talker.`);
  expect(query(...day, '-k', 'traffic', '--by', 'talker', 'talker:10.9.9.9', '-proto:tcp').err).not.toContain(apart);
  expect(query(...day, '-k', 'traffic', 'proto:sctp or ip:10.9.9.9').err).toMatch(/matches\.$/m);
});

test("the user's own SELECT is answered in any form", () => {
  expect(query('--sql', 'select level, count(*) as n from logs group by 1', '-o', 'csv').out).toBe(
    'level,n\r\ninformation,10\r\nwarning,10\r\n',
  );
  expect(query('--sql', 'select 1 where 0')).toMatchObject({status: 1});
});

test.each(['', '2>&1'])('a reader that goes away ends the writing without a word, with what was found %s', notes => {
  const asked = `query --data-dir "${store.folder}" -S 2000-01-01 -n 5`;
  const command = `{ "${process.execPath}" ${program} ${asked} ${notes}; echo "status $?" >&3; } 3>&2 | true`;
  const done = spawnSync('sh', ['-c', command], {encoding: 'utf8'});
  expect(done.stderr).toBe(`${notes === '' ? 'Cut at -n 5: there are older rows.\n' : ''}status 0\n`);
});

test('following shows what is stored later, late rows too, and ends with 130 on an interrupt', async () => {
  const child = spawn(process.execPath, [
    program,
    'query',
    '--data-dir',
    store.folder,
    ...day.slice(0, 2),
    '-f',
    '-n',
    '1',
    '-o',
    'ndjson',
    'source:sshd',
  ]);
  const lines: string[] = [];
  const exit = once(child, 'exit');
  for await (const line of createInterface({input: child.stdout})) {
    lines.push(String(JSON.parse(line).message));
    if (lines.length === 1) {
      insert(21, 100);
      // Long past by its own clock, and one that does not match.
      insert(-7 * 60 * 24, 101);
      insert(-1, 102);
    }
    if (lines.length === 3) child.kill('SIGINT');
  }
  expect(lines).toEqual(['line 19', 'line 21', 'line -1']);
  expect(await exit).toEqual([130, null]);
});
