import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Event, LogEvent} from '../../../event/event.ts';
import {alertsOf, dns, flow, start, watching} from '../watched.test-helper.ts';
import {parseIndicator} from './indicator.ts';
import {isEntry, parseLine} from './list-line.ts';
import {loadIndicators} from './load-indicators.ts';

const rule = 'network.indicator';
const sha256 = 'ab'.repeat(32);
const ja3 = 'cd'.repeat(16);
const ja4 = 't13d1516h2_8daaf6152771_02713d6af862';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-indicators-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

function list(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function found(paths: readonly string[], events: readonly Event[]) {
  const watch = watching();
  watch.setIndicators((await loadIndicators(paths)).indicators);
  return alertsOf(rule, watch, events);
}

function log(fields: LogEvent['fields']): LogEvent {
  return {
    ...dns(start, 'x.example'),
    origin: {agent: 'a', host: 'alpha', source: 's', epoch: '1', dataset: 'sysmon'},
    provider: 'edr',
    fields,
  };
}

test('a listed address, network and domain are found, with the list, its line and what it says', async () => {
  const path = list(
    'bad.txt',
    '# made for a test',
    '203.0.113.7  # command server',
    '198.51.100.0/24',
    'evil.example',
    '2001:db8:5::/48',
  );
  const alerts = await found(
    [path],
    [
      flow({time: start}),
      flow({time: start, destinationIp: '198.51.100.200'}),
      flow({time: start, destinationIp: '192.0.2.1', fields: {'destination.domain': 'a.b.evil.example'}}),
      flow({time: start, destinationIp: '2001:db8:5:1::9'}),
      dns(start, 'www.EVIL.example.'),
    ],
  );
  expect(alerts.map(({entity}) => entity)).toEqual([
    '203.0.113.7 192.168.1.20',
    '198.51.100.200 192.168.1.20',
    'evil.example 192.168.1.20',
    '2001:db8:5:1::9 192.168.1.20',
  ]);
  expect(alerts[0]?.reason).toBe(
    '203.0.113.7 (destination of a connection from 192.168.1.20) is on the list bad.txt, line "203.0.113.7  # command server": command server.',
  );
  expect(alerts.every(({rule: {level}}) => level === 'high')).toBe(true);
});

test('names under one listed domain are one alert', async () => {
  const path = list('bad.txt', 'evil.example');
  const names = Array.from({length: 12}, (_, at) => dns(start + at, `n${at}.evil.example`));
  expect((await found([path], names)).map(({entity, count}) => [entity, count])).toEqual([
    ['evil.example 192.168.1.20', 1],
    ['evil.example 192.168.1.20', 9],
  ]);
});

test('neighbours of what is listed are not', async () => {
  const path = list('bad.txt', '203.0.113.7', '198.51.100.0/25', 'evil.example', '2001:db8:5::/48');
  const alerts = await found(
    [path],
    [
      flow({time: start, destinationIp: '203.0.113.8'}),
      flow({time: start, destinationIp: '198.51.100.128'}),
      flow({time: start, destinationIp: '2001:db8:6::1'}),
      flow({time: start, destinationIp: '192.0.2.1', fields: {'destination.domain': 'notevil.example'}}),
      dns(start, 'evil.example.com'),
      dns(start, 'example'),
    ],
  );
  expect(alerts).toEqual([]);
});

test('hashes, fingerprints and URLs are found in whatever log has them', async () => {
  const path = list(
    'bad.csv',
    'ioc,comment,severity',
    `${sha256},dropper,critical`,
    `${ja3},old client,medium`,
    `${ja4},,`,
    'hxxp://files[.]example/a/b?c=1,"a, b",low',
  );
  const alerts = await found(
    [path],
    [
      log({'file.hash.sha256': sha256.toUpperCase()}),
      log({'winlog.event_data.Hashes': `MD5=${'0'.repeat(32)},SHA256=${sha256.toUpperCase()}`}),
      flow({time: start, destinationIp: '192.0.2.1', fields: {'tls.client.ja3': ja3, 'tls.client.ja4': ja4}}),
      log({'http.request.host': 'files.example:8080', 'url.original': '/a/b?c=1'}),
      log({'http.request.host': 'files.example', 'url.original': '/a'}),
    ],
  );
  expect(alerts.map(({entity, level}) => `${entity.slice(0, 12)} ${level}`)).toEqual([
    'ABABABABABAB critical',
    'cdcdcdcdcdcd medium',
    't13d1516h2_8 high',
    'files.exampl low',
  ]);
  expect(alerts[3]?.reason).toContain(': a, b.');
});

test('a flow that goes on is one meeting, and a knock that nobody answers is low', async () => {
  const path = list('bad.txt', '203.0.113.7');
  const going = [1, 2, 3].map(() => flow({time: start, position: 9, ended: false}));
  expect(await found([path], going)).toMatchObject([{count: 1}]);
  const knock = flow({
    time: start,
    sourceIp: '203.0.113.7',
    destinationIp: '192.168.1.20',
    state: 'S0',
    packetsIn: 0,
    bytesIn: 0,
  });
  expect(await found([path], [knock])).toMatchObject([{level: 'low'}]);
});

test('the ends of a row are told by its flow, those of another log by the log', async () => {
  const path = list('bad.txt', '203.0.113.7');
  const ends = {'source.ip': '192.168.1.20', 'destination.ip': '203.0.113.7'};
  const row = {...dns(start, 'x.example'), fields: ends};
  expect(await found([path], [row])).toEqual([]);
  expect(await found([path], [log(ends)])).toMatchObject([{entity: '203.0.113.7 192.168.1.20'}]);
});

test('without lists nothing is looked up', async () => {
  expect(await found([], [flow({time: start}), log({'file.hash.sha256': sha256})])).toEqual([]);
});

test('broken lines are counted and the first is shown; a list that is missing is said', async () => {
  const {indicators, reports} = await loadIndicators([
    list('bad.txt', '203.0.113.7', 'no indicator at all', '10.0.0.0/4', '', '! comment'),
    join(folder, 'missing.txt'),
  ]);
  expect(reports).toEqual([
    {
      path: join(folder, 'bad.txt'),
      entries: 1,
      broken: 2,
      firstBroken: {line: 2, text: 'no indicator at all', reason: expect.any(String)},
    },
    {path: join(folder, 'missing.txt'), entries: 0, broken: 0, failure: 'there is no such file'},
  ]);
  expect(indicators.table.size).toBe(1);
});

test('a list that changed since it was read is not quoted', async () => {
  const path = list('bad.txt', '203.0.113.7');
  const watch = watching();
  watch.setIndicators((await loadIndicators([path])).indicators);
  writeFileSync(path, '198.51.100.9\n');
  expect(alertsOf(rule, watch, [flow({time: start})])[0]?.reason).toContain(
    'bad.txt, which has changed since it was read',
  );
});

test.each([
  ['1.2.3.4', {kind: 'block'}],
  ['1.2.3.4:443', {kind: 'block'}],
  ['1.2.3[.]4', {kind: 'block'}],
  ['*.Evil.Example', {kind: 'domain', text: 'evil.example'}],
  ['||evil.example^', {kind: 'domain', text: 'evil.example'}],
  ['http://evil.example/', {kind: 'domain', text: 'evil.example'}],
  ['https://user@evil.example:8443/x#y', {kind: 'url', text: 'evil.example/x'}],
  ['0.0.0.0/0', {kind: 'none'}],
  ['com', {kind: 'none'}],
  ['', {kind: 'none'}],
  ['300.1.1.1', {kind: 'none'}],
])('%s is read', (text, expected) => {
  expect(parseIndicator(text)).toMatchObject(expected);
});

test('a hosts file, cells without a head and a comment are read', () => {
  expect(parseLine('0.0.0.0 evil.example', undefined)).toMatchObject({indicator: {text: 'evil.example'}});
  expect(parseLine('"2026-01-02 03:04:05","203.0.113.7","443","Some malware"', undefined)).toMatchObject({
    ...{indicator: {kind: 'block'}, description: 'Some malware'},
  });
  expect(isEntry(parseLine('// nothing', undefined))).toBe(false);
});

test('of many entries each is found and none besides', async () => {
  const path = list('many.txt', ...Array.from({length: 30_000}, (_, at) => `n${at}.list.example`));
  const {indicators} = await loadIndicators([path]);
  const missed = Array.from({length: 30_000}, (_, at) => at).filter(at => !indicators.domain(`n${at}.list.example`));
  const wrong = Array.from({length: 30_000}, (_, at) => at).filter(at => indicators.domain(`m${at}.list.example`));
  expect({missed, wrong, size: indicators.table.size}).toEqual({missed: [], wrong: [], size: 30_000});
});
