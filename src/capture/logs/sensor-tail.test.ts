import {appendFileSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileGroup} from './file-group.ts';
import {SourceHarness} from './source-harness.fixture.ts';
import {textFile} from './text-file.ts';

let folder = '';
let harness = new SourceHarness();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-sensor-tail-'));
  harness = new SourceHarness();
});

afterEach(async () => {
  await harness.stop().catch(() => {});
  rmSync(folder, {recursive: true, force: true});
});

const timing = {poll: 4, settle: 1, grace: 20};
const at = (name: string) => join(folder, name);
const tail = (name: string) => textFile({path: at(name), maxLine: 10_000, timing});
const group = () => fileGroup({pattern: at('*.log'), maxLine: 10_000, every: 5, timing});

const columns = 'ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state';
const types = 'time\tstring\taddr\tport\taddr\tport\tenum\tstring';
const header = `#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\t${columns}\n#types\t${types}\n`;
const conn = (port: number) => `1767614400.0\tC${port}\t10.0.0.5\t${port}\t192.0.2.7\t443\ttcp\tSF\n`;
const ports = () => harness.events.flatMap(event => (event.kind === 'flow' ? [event.sourcePort] : [])).sort();

test('a TSV log is followed, and after a restart its header is read again', async () => {
  writeFileSync(at('conn.log'), header + conn(1));
  harness.start(tail('conn.log'));
  await harness.until(() => harness.events.length === 1);
  await harness.stop();
  appendFileSync(at('conn.log'), conn(2));
  harness.start(tail('conn.log'));
  await harness.until(() => harness.events.length === 2);
  appendFileSync(at('conn.log'), `torn\tline\n${conn(3)}`);
  await harness.until(() => harness.events.length === 3);
  await harness.stop();
  expect(ports()).toEqual([1, 2, 3]);
  expect(harness.logs).toEqual([]);
  expect(harness.dropped).toEqual({unparsable: 1});
  expect(harness.duplicates).toBe(0);
});

test('Zeek’s rotation gives every line once, and moving the full file away is no tampering', async () => {
  writeFileSync(at('conn.log'), header + conn(1));
  harness.start(group());
  await harness.until(() => harness.events.length === 1);
  renameSync(at('conn.log'), at('conn-26-01-05_12.00.00.log'));
  appendFileSync(at('conn-26-01-05_12.00.00.log'), conn(2));
  await harness.until(() => harness.events.length === 2);
  writeFileSync(at('conn.log'), header + conn(3));
  await harness.until(() => harness.events.length === 3);
  unlinkSync(at('conn-26-01-05_12.00.00.log'));
  appendFileSync(at('conn.log'), conn(4));
  await harness.until(() => harness.events.length === 4);
  await harness.stop();
  expect(ports()).toEqual([1, 2, 3, 4]);
  expect(harness.logs).toEqual([]);
  expect(harness.duplicates).toBe(0);
});

test('an EVE log is followed over rotation, each kind of event as what it is', async () => {
  const eve = (type: string) =>
    `${JSON.stringify({
      ...{timestamp: '2026-01-05T12:00:00.000000+0000', flow_id: 1, event_type: type, src_ip: '10.0.0.5', src_port: 5},
      ...{dest_ip: '192.0.2.7', dest_port: 53, proto: 'UDP', dns: {type: 'query', rrname: 'a.example', rrtype: 'A'}},
    })}\n`;
  writeFileSync(at('eve.json'), eve('dns'));
  harness.start(tail('eve.json'));
  await harness.until(() => harness.events.length === 1);
  renameSync(at('eve.json'), at('eve.json.1'));
  writeFileSync(at('eve.json'), eve('flow') + eve('alert'));
  await harness.until(() => harness.events.length === 3);
  await harness.stop();
  expect(harness.events.map(event => event.origin.dataset)).toEqual(['dns', 'flow', 'suricata.alert']);
  expect(new Set(harness.events.map(event => event.origin.source)).size).toBe(1);
  expect(harness.duplicates).toBe(0);
});
