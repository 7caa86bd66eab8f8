import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Drain, templateHash, templateText} from './drain.ts';
import {LineScanner} from './line-scanner.ts';
import {seededRandom} from './seeded-random.ts';

const masked = (line: string): string => {
  const scanner = new LineScanner();
  scanner.scan(line);
  return scanner.tokens().join(' ');
};

test.each([
  ['Connection from 10.0.0.7 port 51022', 'Connection from <ip> port <n>'],
  ['dhcp: fe80::1ff:fe23:4567:890a at 00:1b:44:11:3a:b7', 'dhcp: <ip> at <ip>'],
  ['at 2024-09-25T01:38:01Z or 01:38:01 took 12ms (5.5%)', 'at <time> or <time> took <n> (<n>)'],
  ['open /etc/passwd and C:\\Windows\\x.dll', 'open <path> and <path>'],
  ['fetch https://example.org/a?b=1 as a.b@example.org', 'fetch <url> as <mail>'],
  ['id 550e8400-e29b-41d4-a716-446655440000 at 0xdeadbeef', 'id <id> at <hex>'],
  ['worker-17 blk_-3887 core.9: key="a b c" uid=0', 'worker-<n> blk_-<n> core.<n>: key=<text> uid=<n>'],
  ["don't touch ssh2 or ipv4 or input/output", "don't touch ssh2 or ipv4 or input/output"],
])('variables are masked and words stay: %s', (line, expected) => {
  expect(masked(line)).toBe(expected);
});

test('lines of one statement share a template, and a word that varies becomes a wildcard', () => {
  const drain = new Drain();
  const first = drain.match('sshd', 'Accepted publickey for anna from 10.0.0.1 port 22 ssh2');
  const second = drain.match('sshd', 'Accepted publickey for ben from 10.0.0.9 port 4022 ssh2');
  expect(second).toBe(first);
  expect(templateText(first)).toBe('Accepted publickey for <*> from <ip> port <n> ssh2');
  expect(drain.match('sshd', 'Received disconnect from 10.0.0.9 port 22 now ssh2')).not.toBe(first);
  expect(drain.match('other', 'Accepted publickey for ben from 10.0.0.9 port 4022 ssh2')).not.toBe(first);
});

test('a template’s hash depends on its content only', () => {
  expect(templateHash('sshd', 'session <n> opened')).toBe('39dcd4821a5cd0e5');
  expect(templateHash('sshd', 'session <n> opened')).not.toBe(templateHash('cron', 'session <n> opened'));
});

test('templates keep their numbers over snapshot and restore', () => {
  const drain = new Drain();
  const id = drain.match('a', 'unit one started by anna').id;
  drain.match('a', 'unit one started by ben');
  const other = new Drain();
  other.restore(JSON.parse(JSON.stringify(drain.snapshot())));
  expect(other.match('a', 'unit one started by carla').id).toBe(id);
  expect(other.match('a', 'something else entirely came').id).toBeGreaterThan(id);
});

test('the number of templates is bounded, and the least recently used go first', () => {
  const drain = new Drain({templates: 50});
  const kept = drain.match('a', 'the line that is always there');
  for (let at = 0; at < 500; at++) {
    drain.match('a', `${word(at)} ${word(at * 7 + 1)} ${word(at * 3 + 2)}`);
    drain.match('a', 'the line that is always there');
    expect(drain.size).toBeLessThanOrEqual(50);
  }
  expect(drain.match('a', 'the line that is always there').id).toBe(kept.id);
});

test('any text is taken in bounded time, and gives bounded templates', () => {
  const random = seededRandom(7);
  const drain = new Drain({templates: 200});
  for (let round = 0; round < 300; round++) {
    const length = Math.floor(random() * 5_000);
    const line = Array.from({length}, () => String.fromCharCode(Math.floor(random() ** 3 * 0xffff))).join('');
    const text = templateText(drain.match('fuzz', line));
    expect(text.length).toBeLessThan(48 * 50);
  }
  for (const line of ['', ' ', '"', '"'.repeat(5_000), '('.repeat(5_000), '1.'.repeat(3_000), '/'.repeat(3_000)]) {
    expect(drain.match('fuzz', line)).toBe(drain.match('fuzz', line));
  }
});

const loghub = join(__dirname, '../../../../shared/data/learning/loghub');
const withLoghub = existsSync(loghub) ? test : test.skip;

withLoghub('real logs are grouped as well as the published Drain groups them (needs ../shared/data)', () => {
  const sets = ['Apache', 'BGL', 'HDFS', 'HealthApp', 'Linux', 'OpenSSH', 'Windows', 'Zookeeper'];
  const accuracies = sets.map(name => groupingAccuracy(join(loghub, `${name}_2k.log_structured.csv`)));
  expect(accuracies.reduce((a, b) => a + b, 0) / sets.length).toBeGreaterThan(0.865);
});

/** Share of lines whose group is exactly the true one. */
function groupingAccuracy(path: string): number {
  const [header = [], ...rows] = parseCsv(readFileSync(path, 'utf8'));
  const content = header.indexOf('Content');
  const truth = header.indexOf('EventId');
  const drain = new Drain();
  const lines = rows.filter(row => row.length > truth);
  const found = groups(lines.map(row => String(drain.match('x', row[content] ?? '').id)));
  const wanted = new Set(groups(lines.map(row => row[truth] ?? '')).map(String));
  const right = found.filter(group => wanted.has(String(group)));
  return right.reduce((sum, group) => sum + group.length, 0) / lines.length;
}

function groups(labels: readonly string[]): number[][] {
  const byLabel = new Map<string, number[]>();
  labels.forEach((label, line) => {
    byLabel.set(label, [...(byLabel.get(label) ?? []), line]);
  });
  return [...byLabel.values()];
}

function parseCsv(text: string): string[][] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line =>
      [...line.replace(/\r$/, '').matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) => unquote(cell)),
    );
}

function unquote(cell: string): string {
  return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

function word(seed: number): string {
  const random = seededRandom(seed);
  return Array.from({length: 8}, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('');
}
