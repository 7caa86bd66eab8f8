import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {isoTime} from '../../event/ecs.ts';
import type {Event} from '../../event/event.ts';
import {openFile} from './open-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-sensor-files-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

async function read(name: string, content: string | Buffer): Promise<{events: Event[]; dropped: number}> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const reader = await openFile(path);
  const events: Event[] = [];
  let dropped = 0;
  for await (const batch of reader.read({agent: 'a', host: 'pc', clock: () => 5, maxLine: 4096, problem: () => {}})) {
    events.push(...batch.events);
    for (const count of Object.values(batch.dropped ?? {})) dropped += count;
  }
  return {events, dropped};
}

const columns = 'ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state';
const types = 'time\tstring\taddr\tport\taddr\tport\tenum\tstring';
const header = `#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\t${columns}\n#types\t${types}\n`;
const conn = (at: number) => `${1_767_614_400 + at}.0\tC${at}\t10.0.0.5\t${1024 + at}\t192.0.2.7\t443\ttcp\tSF\n`;
const flows = (events: readonly Event[]) => events.filter(event => event.kind === 'flow').length;

test('a TSV log is known by its content, packed and under any name too', async () => {
  const text = `${header + conn(0) + conn(1)}#close\t2026\n`;
  const plain = await read('whatever.txt', text);
  const packed = await read('conn.2026-01-05-12.log.gz', gzipSync(text));
  expect([flows(plain.events), plain.dropped]).toEqual([2, 0]);
  expect(packed.events).toMatchObject([{position: header.length, sourcePort: 1024}, {sourcePort: 1025}]);
  expect(packed.events.map(event => [event.origin.epoch, event.position])).toEqual(
    plain.events.map(event => [event.origin.epoch, event.position]),
  );
});

test('damaged and overlong lines of a TSV log are counted and cost no other', async () => {
  const long = conn(2).replace('\tC2\t', `\t${'x'.repeat(5000)}\t`);
  const {events, dropped} = await read('conn.log', `${header + conn(0) + conn(1).slice(0, 30)}\n${long}${conn(3)}`);
  expect([flows(events), events.length, dropped]).toEqual([2, 2, 2]);
});

const eve = (at: number, type = 'dns') =>
  `${JSON.stringify({
    ...{timestamp: isoTime((1_767_614_400 + at) * 1e6), flow_id: at, event_type: type, src_ip: '10.0.0.5', src_port: 5},
    ...{dest_ip: '192.0.2.7', dest_port: 53, proto: 'UDP', dns: {type: 'query', rrname: `${at}.example`, rrtype: 'A'}},
  })}\n`;

test('each kind of event of an EVE log has its dataset, and a damaged line is counted, the first too', async () => {
  const whole = await read('eve.json', `${eve(0) + eve(1, 'flow') + eve(2).slice(0, 50)}\n${eve(3, 'anomaly')}`);
  expect(whole.events.map(event => event.origin.dataset)).toEqual(['dns', 'flow', 'suricata.anomaly']);
  expect(whole.dropped).toBe(1);
  const torn = await read('eve.json', `${eve(0).slice(0, 60)}\n${eve(1)}${eve(2)}${eve(3)}`);
  expect([torn.events.length, torn.dropped]).toEqual([3, 1]);
  const end = await read('eve.json.1', eve(0).slice(60) + eve(1) + eve(2));
  expect(end.events.slice(-2).map(event => event.origin.dataset)).toEqual(['dns', 'dns']);
});

test('records of Zeek’s without _path are told by the file’s name', async () => {
  const line = '{"ts":1767614400.5,"name":"truncated_header","notice":false,"peer":"zeek"}\n';
  const {events} = await read('weird.log', line);
  expect(events).toMatchObject([{origin: {dataset: 'zeek.weird'}, message: 'weird truncated_header'}]);
});

test('records over several lines are read as those of one line', async () => {
  const list = JSON.stringify([JSON.parse(eve(0)), JSON.parse(eve(1))], null, 2);
  const {events} = await read('eve-list.json', list);
  expect(events.map(event => event.origin.dataset)).toEqual(['dns', 'dns']);
});

test('mutated logs lose no more than the lines that were hit, and break nothing', async () => {
  const lines = 60;
  const samples = [
    header + Array.from({length: lines}, (_, at) => conn(at)).join(''),
    Array.from({length: lines}, (_, at) => eve(at)).join(''),
  ];
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (const [which, sample] of samples.entries()) {
    const body = which === 0 ? header.length : 0;
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(sample);
      const hit = new Set<number>();
      for (let count = 0; count < 5; count++) {
        const at = body + random(bytes.length - body);
        // A new line end would make two of a line, and a lost one join two.
        if (bytes[at] === 10) continue;
        const value = random(256);
        bytes[at] = value === 10 ? 0x5c : value;
        hit.add(sample.slice(0, at).split('\n').length);
      }
      const {events, dropped} = await read(which === 0 ? 'conn.log' : 'eve.json', bytes);
      expect(events.length + dropped).toBeGreaterThanOrEqual(lines - hit.size);
      expect(dropped).toBeLessThanOrEqual(hit.size);
      expect(events.length).toBeGreaterThanOrEqual(lines - hit.size);
      for (const event of events) expect(Number.isSafeInteger(event.time) && event.time >= 0).toBe(true);
    }
  }
});
