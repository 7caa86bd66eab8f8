import {spawnSync} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'yaml';
import {ethernet, icmp, ipv4, pcapFile, udp} from '../bench/packet-builder.ts';
import {mmdb} from '../src/detect/geo/mmdb.fixture.ts';
import {data, dataFolder, needs} from './needs.ts';
import {cleanUp, program, type Row, workFolder} from './support/siem.ts';

afterEach(cleanUp);

function run(...args: readonly string[]): {status: number | null; out: string; err: string} {
  const {status, stdout, stderr} = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: {...process.env, SIEM_DATA_DIR: workFolder()},
  });
  return {status, out: stdout, err: stderr};
}

function rowsOf(text: string): Row[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

const sigma = join(dataFolder, 'sigma');

interface Case {
  readonly rule: string;
  readonly file: string;
  /** Undefined where the case does not say: then one at least. */
  readonly count: number | undefined;
}

function cases(): Case[] {
  return readdirSync(join(sigma, 'regression'), {recursive: true, encoding: 'utf8'})
    .filter(path => path.endsWith('info.yml'))
    .map(path => {
      const info = parse(readFileSync(join(sigma, 'regression', path), 'utf8'));
      const rule: string = info.rule_metadata[0].id;
      return {rule, file: `${rule}.evtx`, count: info.regression_tests_info[0].match_count};
    });
}

/** Every file that a hit was found in, the copies' too. */
function placesOf(row: Row): readonly string[] {
  return [String(row['file.path']), ...((row['file.copies'] as string[] | undefined) ?? [])];
}

needs(data)(
  'every recorded case gives its rule the stated number of hits, and its JSON beside it none of its own',
  async () => {
    const {status, out, err} = run('scan', '--rules', sigma, '-o', 'ndjson', join(sigma, 'regression'));
    const hits = rowsOf(out);
    expect(status).toBe(0);
    expect(err).toMatch(/Rules rejected: 25 .*siem rules check lists them/);
    const found = cases().map(one => ({
      ...one,
      hits: hits.filter(row => row['rule.id'] === one.rule && placesOf(row).some(path => path.endsWith(one.file)))
        .length,
    }));
    expect(found).toHaveLength(96);
    expect(found.filter(({hits: number, count}) => number < (count ?? 1))).toEqual([]);
    expect(hits.filter(row => row['event.copies'] === undefined)).toEqual([]);
  },
  180_000,
);

const rule = `title: Frobnicated
id: 00000000-0000-4000-8000-00000000000a
level: high
tags: [attack.t1059.004]
logsource: {product: linux}
detection:
  words: [frobnicate]
  condition: words
`;

function place(): {rules: string; logs: string} {
  const folder = workFolder();
  const [rules, logs] = [join(folder, 'rules'), join(folder, 'logs')];
  for (const path of [rules, logs]) mkdirSync(path);
  writeFileSync(join(rules, 'a.yml'), rule);
  const line = (hour: number, text: string) => `2026-01-05T${hour}:00:00Z web1 app[7]: ${text}\n`;
  writeFileSync(join(logs, 'app.log'), line(10, 'frobnicate this') + line(11, 'nothing') + line(12, 'frobnicate that'));
  return {rules, logs};
}

test('a table is a timeline with what it comes to; status 0', () => {
  const {rules, logs} = place();
  const {status, out} = run('scan', '--utc', '--rules', rules, logs);
  expect(status).toBe(0);
  expect(out).toMatch(/^time +level +rule +host +event id +reason\n2026-01-05 10:00:00\.000Z +high +Frobnicated +web1/);
  expect(out).toContain('2 hits of 1 rules. 3 events of 1 files');
  expect(out).toMatch(/By ATT&CK technique:\n +2 {2}T1059\.004\n/);
  expect(out).toMatch(/By date:\n +2 {2}2026-01-05/);
});

test('several threads give what one gives', () => {
  const {rules, logs} = place();
  const line = `2026-01-06T10:00:00Z web1 app[7]: ${'padding '.repeat(500)}\n`;
  for (const name of ['b', 'c', 'd', 'e']) {
    const own = `2026-01-07T10:00:00Z web1 ${name}[7]: frobnicate ${name}\n`;
    writeFileSync(join(logs, `${name}.log`), own + line.repeat(1_100));
  }
  const outputs = ['1', '2', '3'].map(jobs => run('scan', '--jobs', jobs, '--rules', rules, '-o', 'ndjson', logs));
  expect(rowsOf(outputs[0]?.out ?? '')).toHaveLength(6);
  expect(outputs.map(({out}) => out)).toEqual([outputs[0]?.out, outputs[0]?.out, outputs[0]?.out]);
});

test('a layer for the ATT&CK Navigator has a score for each technique', () => {
  const {rules, logs} = place();
  const layer = JSON.parse(run('scan', '--rules', rules, '-o', 'navigator', logs).out);
  expect(layer).toMatchObject({domain: 'enterprise-attack', versions: {layer: '4.5'}});
  expect(layer.techniques).toEqual([
    {techniqueID: 'T1059.004', score: 2, comment: 'Frobnicated: 2', enabled: true, showSubtechniques: true},
  ]);
});

test('CSV has a header and a line a hit; statistics count events by kind', () => {
  const {rules, logs} = place();
  const {out, err} = run('scan', '--rules', rules, '-o', 'csv', '--stats', logs);
  const lines = out.split('\r\n');
  expect(lines[0]).toMatch(/^@timestamp,rule\.level,rule\.name,rule\.id,/);
  expect(lines).toHaveLength(4);
  expect(err).toMatch(/Events by kind and event id:\n +3 {2}\w+/);
});

test('times bound what is looked at, and nothing found says why; status 1', () => {
  const {rules, logs} = place();
  const hits = (...more: readonly string[]) =>
    rowsOf(run('scan', '--utc', '--rules', rules, '-o', 'ndjson', ...more, logs).out);
  expect(hits('-S', '2026-01-05 11:00')).toHaveLength(1);
  expect(hits('-U', '2026-01-05 12:00')).toHaveLength(1);
  const late = run('scan', '--rules', rules, '-S', '2026-02-01', logs);
  expect(late).toMatchObject({
    status: 1,
    out: expect.stringContaining('All 3 events are outside --since and --until.'),
  });
  expect(run('scan', '--rules', rules, '--min-level', 'critical', logs).out).toContain('None of the 1 rules is wanted');
  writeFileSync(join(rules, 'a.yml'), rule.replace('product: linux', 'product: windows'));
  expect(run('scan', '--rules', rules, logs).out).toMatch(/No rule is about events of these kinds \(3\)/);
  writeFileSync(join(rules, 'a.yml'), rule.replace('frobnicate', 'else'));
  expect(run('scan', '--rules', rules, logs).out).toContain('3 events were held against the rules');
});

test('what a detector of packets tells again and again is one hit with its whole count', () => {
  const folder = workFolder();
  const ping = (id: number) =>
    ethernet(0x0800, ipv4({from: '10.0.0.1', to: '10.0.0.2', protocol: 1, id}, icmp(8, 0, 1, id, Buffer.alloc(4_000))));
  const start = Date.UTC(2026, 0, 5, 10) * 1_000;
  const packets = Array.from({length: 123}, (_, n) => ({time: start + n * 1_000_000, bytes: ping(n)}));
  writeFileSync(join(folder, 'ping.pcap'), pcapFile(packets));
  const {out} = run('scan', '-o', 'ndjson', folder);
  const hits = rowsOf(out).filter(row => row['rule.id'] === 'network.icmp.oversized');
  expect(hits).toEqual([
    expect.objectContaining({
      '@timestamp': '2026-01-05T10:00:00.000Z',
      'event.start': '2026-01-05T10:00:00.000Z',
      'event.end': '2026-01-05T10:02:02.000Z',
      'event.count': 123,
      'source.ip': '10.0.0.1',
      'observer.ingress.interface.name': 'ping.pcap',
    }),
  ]);
  expect(run('scan', folder).out).toMatch(/Oversized ICMP packet ×123 /);
  const chosen = (...more: readonly string[]) =>
    rowsOf(run('scan', '-o', 'ndjson', ...more, folder).out).filter(row => row['rule.id'] === 'network.icmp.oversized');
  expect(chosen('--min-level', 'medium', '--include', 'network.icmp.*')).toHaveLength(1);
  for (const other of [
    ['--min-level', 'high'],
    ['--include', 'network.scan.*'],
    ['--exclude', 'Oversized*'],
  ])
    expect(chosen(...other)).toEqual([]);
  const part = rowsOf(run('scan', '--utc', '-U', '2026-01-05 10:00:30', '-o', 'ndjson', folder).out);
  expect(part.find(row => row['rule.id'] === 'network.icmp.oversized')).toMatchObject({'event.count': 10});
});

test('databases of where addresses are speak in scan and read too, and one that is broken is told', () => {
  const folder = workFolder();
  const at = (name: string) => join(folder, name);
  writeFileSync(at('a.mmdb'), mmdb('Test-Country', [['203.0.113.0/24', {country: {iso_code: 'NL'}}]]));
  writeFileSync(at('b.mmdb'), 'no database');
  writeFileSync(at('siem.ini'), `[network]\ngeoip = ${at('a.mmdb')}, ${at('b.mmdb')}\n`);
  mkdirSync(at('rules'));
  writeFileSync(
    join(at('rules'), 'a.yml'),
    rule
      .replace('{product: linux}', '{product: siem, category: network}')
      .replace('words: [frobnicate]', 'words: {destination.geo.country_iso_code: NL}'),
  );
  const bytes = ethernet(
    0x0800,
    ipv4({from: '10.0.0.1', to: '203.0.113.9', protocol: 17}, udp(5_000, 9, Buffer.alloc(9))),
  );
  writeFileSync(at('a.pcap'), pcapFile([{time: 1_700_000_000_000_000, bytes}]));
  const read = run('read', '--config', at('siem.ini'), at('a.pcap'));
  expect(rowsOf(read.out)).toEqual([expect.objectContaining({'destination.geo.country_iso_code': 'NL'})]);
  const scan = run('scan', '--config', at('siem.ini'), '--rules', at('rules'), '-o', 'ndjson', at('a.pcap'));
  expect(rowsOf(scan.out)).toEqual([expect.objectContaining({'sigma.match.destination.geo.country_iso_code': 'NL'})]);
  for (const {err} of [read, scan]) expect(err).toMatch(/geoip: .*b\.mmdb: .*; expected a MaxMind database/);
});

test('wrong use is status 2, what cannot be read is status 3 and does not hide the hits', () => {
  const {rules, logs} = place();
  const partly = run('scan', '--rules', rules, '-o', 'ndjson', join(logs, 'none'), logs);
  expect(partly).toMatchObject({status: 3, err: expect.stringMatching(/Not read: .*none, found none/)});
  expect(rowsOf(partly.out)).toHaveLength(2);
  expect(run('scan', '--rules', join(rules, 'none'), logs)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/Expected rules at/),
  });
  expect(run('scan', '-o', 'xml', logs)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/--output to be one of table/),
  });
  writeFileSync(join(rules, 'tuning.txt'), 'disable\n');
  expect(run('scan', '--tuning', join(rules, 'tuning.txt'), '--rules', rules, logs)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/tuning\.txt:1: expected a rule's id or title/),
  });
  writeFileSync(join(logs, 'bad.log.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
  const broken = run('scan', '--rules', rules, '-o', 'ndjson', logs);
  expect(broken).toMatchObject({status: 3, err: expect.stringMatching(/Not read: .*bad\.log\.gz/)});
  expect(rowsOf(broken.out)).toHaveLength(2);
});
