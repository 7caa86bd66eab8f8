import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {compareFile} from '../bench/evtx-compare.ts';
import {chunksOf, readMutations} from '../bench/evtx-mutations.ts';
import {eventJson} from '../src/capture/files/evtx/event-json.ts';
import {eventTrees} from '../src/capture/files/evtx/event-trees.ts';
import {evtx} from '../src/capture/files/evtx/evtx.ts';
import type {LogEvent} from '../src/event/event.ts';
import {data, dataFolder, needs, program} from './needs.ts';
import {program as siem} from './support/siem.ts';

const logs = join(dataFolder, 'evtx');
const regression = join(dataFolder, 'sigma/regression');

/** Records that an independent parser reads, and the parts that it gives up (the folder's README). */
const expected: Readonly<Record<string, readonly [number, Record<string, number>]>> = {
  'sample-with-irregular-bool-values': [3028, {}],
  '2-vss_7-System': [1160, {}],
  sample_with_a_bad_chunk_magic: [270, {'chunk-signature': 2}],
  Application_no_crc32: [17, {}],
  'Microsoft-Windows-HelloForBusiness%4Operational': [6, {}],
  'sample-with-zero-data-size-event': [335, {'record-size': 1}],
};

needs(data)('event logs have as many records as an independent parser reads', async () => {
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(expected)) {
    const {events, dropped} = await readLog(join(logs, `${name}.evtx`));
    // Whole records behind a damaged one are counted, and read by neither.
    const {'record-after-damage': _, ...errors} = dropped;
    found[name] = [events.length, errors];
  }
  expect(found).toEqual(expected);
});

needs(data, program('evtxexport', '-V'))('every field is what evtxexport reads', async () => {
  const paths = [...logsIn(logs), ...logsIn(regression)];
  expect(paths.length).toBeGreaterThan(100);
  for (const path of paths) {
    const {compared, equal, onlyThere, differences} = await compareFile(path);
    expect({path, equal, onlyThere, differences}).toEqual({path, equal: compared, onlyThere: 0, differences: []});
    expect(compared).toBeGreaterThan(0);
  }
});

needs(data)('the JSON form is that of the tool which made the regression cases', async () => {
  for (const path of logsIn(regression)) {
    const theirs = jsonObjects(readFileSync(path.replace(/evtx$/, 'json'), 'utf8'))
      .map(withoutEndSpace)
      .sort(byRecord);
    const ours: unknown[] = [];
    for await (const trees of eventTrees(path, {problem: () => {}})) {
      ours.push(...trees.map(tree => withoutEndSpace(JSON.stringify(eventJson(tree)))));
    }
    expect({path, events: ours.sort(byRecord)}).toEqual({path, events: theirs});
  }
});

needs(data)('events carry the very values that the XML shows', async () => {
  for (const path of logsIn(logs)) {
    const {events} = await readLog(path);
    let index = 0;
    for await (const trees of eventTrees(path, {problem: () => {}})) {
      for (const tree of trees) expectSame(events[index++], JSON.parse(JSON.stringify(eventJson(tree))));
    }
    expect(index).toBe(events.length);
  }
});

needs(data)('logs that are flipped, cut and spliced at random are read without a fault', async () => {
  const chunks = logsIn(logs).flatMap(path => chunksOf(readFileSync(path)));
  // Other tests' leavings are in this process too; bench:evtx-fuzz reports a process of its own, whole.
  const before = process.memoryUsage().heapUsed / 1e6;
  const {mutations, events, dropped, heapMb} = readMutations(chunks, 300, 42);
  expect(mutations).toBe(300);
  expect(events).toBeGreaterThan(1000);
  expect(dropped).toBeGreaterThan(100);
  expect(heapMb - before).toBeLessThan(300);
});

needs(data)('siem read shows a log as normalised events, as XML and as JSON', async () => {
  const path = join(logs, 'new-user-security.evtx');
  const normalised = read(path)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
  expect(normalised).toHaveLength(4);
  expect(normalised[1]).toMatchObject({
    '@timestamp': '2013-10-23T16:22:39.973500Z',
    'event.code': 4720,
    'event.dataset': 'winlog.security',
    'event.outcome': 'success',
    'host.name': 'IE8Win7',
    'winlog.record_id': 112,
    'winlog.event_data.TargetUserName': 'IEUser',
    message: 'User account created by WORKGROUP\\WIN-QALA5Q3KJ43$: IE8Win7\\IEUser.',
  });
  expect(read(path, '-o', 'xml').match(/<Event /g)).toHaveLength(4);
  expect(JSON.parse(read(path, '-o', 'json').split('\n')[1] ?? '')).toMatchObject({
    Event: {System: {EventID: 4720}, EventData: {TargetUserName: 'IEUser', SubjectLogonId: '0x3e7'}},
  });
});

test('siem read says of what is no event log that it cannot be shown as XML', () => {
  const {status, stderr} = spawnSync(process.execPath, [siem, 'read', '-o', 'xml', 'package.json'], {encoding: 'utf8'});
  expect(status).toBe(3);
  expect(stderr).toContain('expected one of Windows event log');
});

function read(...words: string[]): string {
  return spawnSync(process.execPath, [siem, 'read', ...words], {encoding: 'utf8'}).stdout;
}

function logsIn(folder: string): string[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith('.evtx'))
    .map(name => join(folder, name));
}

async function readLog(path: string): Promise<{events: LogEvent[]; dropped: Record<string, number>}> {
  const events: LogEvent[] = [];
  const dropped: Record<string, number> = {};
  const context = {agent: 'a', host: 'h', clock: () => 0, maxLine: 65_536, problem: () => {}};
  for await (const batch of evtx.read(path, context)) {
    events.push(...(batch.events as LogEvent[]));
    for (const [reason, count] of Object.entries(batch.dropped ?? {})) dropped[reason] = (dropped[reason] ?? 0) + count;
  }
  return {events, dropped};
}

type Json = Record<string, unknown>;

function expectSame(event: LogEvent | undefined, json: {Event: {System: Json; EventData?: Json}}): void {
  const {System: system, EventData: named} = json.Event;
  const id = (system.EventID as Json | null)?.['#text'] ?? system.EventID;
  expect([event?.code, event?.fields?.['winlog.channel'], event?.fields?.['winlog.record_id']]).toEqual([
    id ?? 0,
    system.Channel ?? undefined,
    system.EventRecordID ?? undefined,
  ]);
  for (const [name, value] of Object.entries(named ?? {})) {
    if (typeof value === 'object' || name === '#attributes' || /_\d+$/.test(name)) continue;
    const found = event?.fields?.[`winlog.event_data.${name.replaceAll(' ', '')}`];
    expect({name, found: plain(found)}).toEqual({name, found: expect.stringContaining(plain(value))});
  }
}

/** JSON has GUIDs without braces, and times to the microsecond. */
function plain(value: unknown): string {
  return String(value)
    .replace(/^\{([\dA-F-]{36})\}$/, '$1')
    .replace(/(\d\.\d{6})\d+Z$/, '$1Z')
    .split('\n')[0] as string;
}

function jsonObjects(text: string): string[] {
  return text.trim().split(/\n(?=\{)/);
}

/** The other tool leaves white space at the end of text out. */
function withoutEndSpace(text: string): Json {
  return JSON.parse(text, (_, value) => (typeof value === 'string' ? value.trimEnd() : value));
}

function byRecord(a: unknown, b: unknown): number {
  const id = (event: unknown) => (event as {Event: {System: {EventRecordID: number}}}).Event.System.EventRecordID;
  return id(a) - id(b);
}
