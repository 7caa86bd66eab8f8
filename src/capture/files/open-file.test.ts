import {mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {toEcs} from '../../event/ecs.ts';
import type {Event, LogEvent} from '../../event/event.ts';
import {SourceHarness} from '../logs/source-harness.fixture.ts';
import {ExportParser} from './export-parser.ts';
import type {FileFormat, FileProblem} from './file-format.ts';
import {LogFileSource} from './log-file-source.ts';
import {logFileFormats, openFile} from './open-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-file-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

interface Read {
  format: string;
  events: Event[];
  dropped: Record<string, number>;
  problems: FileProblem[];
}

async function read(name: string, content: string | Buffer, formats?: readonly FileFormat[]): Promise<Read> {
  const path = join(folder, name);
  writeFileSync(path, content);
  utimesSync(path, 1_800_000_000, 1_800_000_000);
  const reader = await openFile(path, formats);
  const result: Read = {format: reader.format, events: [], dropped: {}, problems: []};
  const problem = (found: FileProblem) => void result.problems.push(found);
  for await (const batch of reader.read({agent: 'a', host: 'pc', clock: () => 5, maxLine: 4096, problem})) {
    result.events.push(...batch.events);
    for (const [reason, count] of Object.entries(batch.dropped ?? {})) {
      result.dropped[reason] = (result.dropped[reason] ?? 0) + count;
    }
  }
  return result;
}

const identity = (event: Event) => [event.origin.source, event.origin.epoch, event.position];
const auth = 'Nov 22 10:00:01 web1 sshd[7]: Failed password for root from 1.2.3.4 port 22 ssh2\n'.repeat(3);

test('a text log, packed or not, gives the same events under the same identity each time', async () => {
  const first = await read('some.log', auth);
  const again = await read('some.log', gzipSync(auth));
  expect(first.format).toBe('text log');
  expect(first.events).toHaveLength(3);
  expect(first.events[0]).toMatchObject({provider: 'sshd', host: 'web1', origin: {dataset: 'syslog'}, position: 0});
  expect(again.events.map(identity)).toEqual(first.events.map(identity));
});

test("this program's own output comes back with all its fields", async () => {
  const origin = {agent: 'a', host: 'web1', source: 's', epoch: 'e', dataset: 'auth'};
  const base = {origin, position: 1, time: 1_700_000_000_123_456, ingested: 1};
  const log: LogEvent = {
    ...base,
    kind: 'log',
    level: 4,
    code: 701,
    provider: 'Win32k',
    message: 'a\tb',
    user: 'bob',
    pid: 3,
    fields: {'source.ip': '1.2.3.4', 'x.flag': true},
  };
  const flow: Event = {
    ...base,
    kind: 'flow',
    last: base.time + 5,
    ended: true,
    transport: 'tcp',
    service: 'ssh',
    sourceIp: '1.1.1.1',
    sourcePort: 5,
    sourceMac: 'aa',
    destinationIp: '2.2.2.2',
    destinationPort: 22,
    destinationMac: 'bb',
    interface: 'eth0',
    vlan: 7,
    packetsOut: 1,
    bytesOut: 2,
    packetsIn: 3,
    bytesIn: 4,
    state: 'RSTR',
    history: 'Sr',
  };
  const metric: Event = {...base, kind: 'metric', name: 'cpu.total', value: 1.5, max: 2, unit: 'percent'};
  const written = [log, flow, metric];
  const {events, format} = await read('out.ndjson', written.map(event => `${JSON.stringify(toEcs(event))}\n`).join(''));
  expect(format).toBe('NDJSON');
  const plain = (event: Event) => ({...event, origin: event.origin.dataset, position: 0, ingested: 0});
  expect(events.map(plain)).toEqual(written.map(plain));
  expect(events.map(event => toEcs(event)['host.name'])).toEqual(['web1', 'web1', 'web1']);
});

test('bad lines of NDJSON are counted, and the first is named', async () => {
  const {events, dropped, problems} = await read(
    'x.json',
    '{"time":"2026-11-22T10:00:00Z","msg":"a"}\nnonsense\n[1]\n{"msg":"b"}\n',
  );
  expect(events).toMatchObject([{message: 'a'}, {message: 'b', time: Date.UTC(2026, 10, 22, 10) * 1000}]);
  expect(dropped).toEqual({unparsable: 2});
  expect(problems).toEqual([{reason: 'unparsable', line: 2}]);
});

const exported = Buffer.concat([
  Buffer.from('__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1700000000000000\n_HOSTNAME=web1\nPRIORITY=3\nMESSAGE\n'),
  Buffer.from([6, 0, 0, 0, 0, 0, 0, 0]),
  Buffer.from('a\nb\u0000\u001b='),
  Buffer.from('\n\n__REALTIME_TIMESTAMP=1700000001000000\nMESSAGE=second\nTAG=x\nTAG=y\n\nMESSAGE=no time\n\n'),
]);

test('the journal export format is read, binary fields included', async () => {
  const {events, dropped, format} = await read('journal.export', exported);
  expect(format).toBe('journal export');
  expect(events).toMatchObject([
    {message: 'a\nb␀␛=', level: 3, host: 'web1', position: 0},
    {message: 'second', fields: {'journald.tag': 'x'}},
  ]);
  expect(dropped).toEqual({unparsable: 1});
});

test('export bytes mean the same however they are cut, and nonsense ends', () => {
  const parse = (bytes: Buffer, size: number) => {
    const records: unknown[] = [];
    const parser = new ExportParser();
    for (let at = 0; at < bytes.length; at += size) {
      parser.push(bytes.subarray(at, at + size), (record, offset) => records.push([record && [...record], offset]));
    }
    parser.end((record, offset) => records.push([record && [...record], offset]));
    return records;
  };
  const whole = parse(exported, 1000);
  for (const size of [1, 2, 7, 50]) expect(parse(exported, size)).toEqual(whole);
  let seed = 3;
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(exported);
    for (let change = 0; change < 4; change++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      bytes[seed % bytes.length] = seed >> 16;
    }
    parse(bytes, 13);
  }
});

test('journalctl -o json is read as the journal', async () => {
  const line = {__REALTIME_TIMESTAMP: '1700000000000000', MESSAGE: [104, 105], SYSLOG_IDENTIFIER: 'x'};
  expect((await read('j.json', `${JSON.stringify(line)}\n`)).events).toMatchObject([
    {message: 'hi', provider: 'x', time: 1_700_000_000_000_000, origin: {dataset: 'journald'}},
  ]);
});

test('another format can join, and what is none is refused in words', async () => {
  const mine: FileFormat = {name: 'mine', detects: head => head[0] === 0, read: async function* () {}};
  expect((await read('x.bin', Buffer.from([0, 1]), [mine, ...logFileFormats])).format).toBe('mine');
  await expect(read('y.bin', Buffer.from([0, 1]))).rejects.toThrow(
    /expected one of .*text log; found bytes that begin with 0001/,
  );
  await expect(openFile(join(folder, 'none'))).rejects.toThrow('there is no such file');
  await expect(openFile(folder)).rejects.toMatchObject({
    message: `${folder}: expected a file, found a folder`,
    mend: `name its files: ${folder}/*`,
  });
});

test('a file is a source that ends, and reading it again gives only duplicates', async () => {
  const path = join(folder, 'a.log');
  writeFileSync(path, auth);
  const harness = new SourceHarness();
  for (let time = 0; time < 2; time++) {
    harness.start(new LogFileSource({path, speed: 0, maxLine: 1000, historical: true}));
    await harness.ended();
  }
  expect(harness.events).toHaveLength(3);
  expect(harness.duplicates).toBe(3);
  expect(harness.news.at(-1)?.state).toBe('ended');
});
