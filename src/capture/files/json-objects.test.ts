import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {LogEvent} from '../../event/event.ts';
import type {SourceBatch} from '../source.ts';
import {ObjectSplitter} from './object-splitter.ts';
import {openFile} from './open-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-json-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

const windows = {
  Event: {
    System: {
      Provider: {'#attributes': {Name: 'Microsoft-Windows-Sysmon'}},
      EventID: {'#attributes': {Qualifiers: 16}, '#text': 1},
      Level: 4,
      TimeCreated: {'#attributes': {SystemTime: '2026-04-20T10:00:35.646624Z'}},
      EventRecordID: 7,
      Correlation: null,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      Computer: 'ws1',
    },
    EventData: {'Threat Name': 'x', Image: 'C:\\a {b} "c".exe', Empty: null},
    UserData: {
      Wrapper: {'#attributes': {xmlns: 'u'}, Channel: 'not the log’s', Part: {'#attributes': {a: 1}, '#text': 't'}},
    },
  },
};

async function read(text: string): Promise<{events: LogEvent[]; dropped: Record<string, number>; format: string}> {
  const path = join(folder, 'log.json');
  writeFileSync(path, text);
  const reader = await openFile(path);
  const events: LogEvent[] = [];
  const dropped: Record<string, number> = {};
  const context = {agent: 'a', host: 'h', clock: () => 0, maxLine: 65_536, problem: () => {}};
  for await (const batch of reader.read(context) as AsyncIterable<SourceBatch>) {
    events.push(...(batch.events as LogEvent[]));
    for (const [reason, count] of Object.entries(batch.dropped ?? {})) dropped[reason] = (dropped[reason] ?? 0) + count;
  }
  return {events, dropped, format: reader.format};
}

test.each([
  ['a line each', `${JSON.stringify(windows)}\n${JSON.stringify(windows)}\n`, 'NDJSON'],
  ['over several lines', `${JSON.stringify(windows, null, 2)}\n${JSON.stringify(windows, null, 2)}\n`, 'JSON'],
  ['in a list', JSON.stringify([windows, windows], null, 1), 'JSON'],
])('Windows events in the JSON of other tools are what the log itself gives: %s', async (_, text, format) => {
  const found = await read(text);
  expect(found).toMatchObject({format, dropped: {}});
  expect(found.events).toHaveLength(2);
  const [event] = found.events;
  expect(event).toMatchObject({
    time: Date.UTC(2026, 3, 20, 10, 0, 35, 646) * 1000 + 624,
    code: 1,
    provider: 'Microsoft-Windows-Sysmon',
    origin: {host: 'ws1', dataset: 'winlog.microsoft-windows-sysmon/operational'},
  });
  expect(event?.fields).toMatchObject({
    'winlog.channel': 'Microsoft-Windows-Sysmon/Operational',
    'winlog.record_id': 7,
    'winlog.qualifiers': 16,
    'winlog.event_data.ThreatName': 'x',
    'winlog.event_data.Image': 'C:\\a {b} "c".exe',
    'winlog.event_data.Channel': 'not the log’s',
    'winlog.event_data.Part': 't',
    'winlog.event_data.Part.a': 1,
  });
  expect(Object.keys(event?.fields ?? {})).not.toContain('winlog.event_data.Empty');
});

test('an object that is cut off is counted, and those before it are read', async () => {
  const {events, dropped} = await read(`{\n"a": 1\n}\n{\n"a": 2`);
  expect(events).toHaveLength(1);
  expect(dropped).toEqual({unparsable: 1});
});

test('objects are found wherever the bytes are cut, and held only so far', () => {
  const text = '[{"a":"}{\\"","b":{"c":[{}]}} , {"d":1}] {"long":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}{}';
  for (let size = 1; size < text.length; size++) {
    const found: [string, number, boolean][] = [];
    const splitter = new ObjectSplitter(30);
    for (let at = 0; at < text.length; at += size)
      splitter.push(Buffer.from(text.slice(at, at + size)), (...object) => found.push(object));
    splitter.flush((...object) => found.push(object));
    expect(found.map(([object, offset, cut]) => (cut ? ['cut', offset] : [object, offset]))).toEqual([
      ['{"a":"}{\\"","b":{"c":[{}]}}', 1],
      ['{"d":1}', 31],
      ['cut', 40],
      ['{}', 91],
    ]);
  }
});

test('whatever a file holds, reading it ends without an exception', async () => {
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const odd = {...windows.Event, EventData: {a: [{toString: 1}], Data: [{toString: 1}, null], b: {c: {d: {}}}}};
  const sound = `${JSON.stringify(windows, null, 1)}\n${JSON.stringify({Event: odd})}\n`;
  expect((await read(`${deep}\n`)).events).toHaveLength(1);
  expect((await read(`\n${deep.replace('{', '{\n')}\n${sound}`)).events).toHaveLength(3);
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(sound);
    for (let flips = 0; flips < 8; flips++) bytes[random(bytes.length)] = random(256);
    const splitter = new ObjectSplitter(10_000);
    const found: string[] = [];
    splitter.push(bytes.subarray(0, 1 + random(bytes.length)), text => found.push(text));
    splitter.flush(text => found.push(text));
    await read(`{\n"a": 1}\n${found.join('\n')}`);
  }
});
