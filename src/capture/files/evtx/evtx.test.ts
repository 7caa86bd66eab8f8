import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import type {LogEvent} from '../../../event/event.ts';
import type {FileProblem} from '../file-format.ts';
import {openFile} from '../open-file.ts';
import {eventJson} from './event-json.ts';
import {
  type BinaryXmlWriter,
  type FixtureValue,
  fixtureChunk,
  fixtureEvent,
  fixtureLog,
  string,
  utf16,
  written,
} from './event-log.fixture.ts';
import {eventTrees} from './event-trees.ts';
import {eventXml} from './event-xml.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evtx-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

const prefix = 'winlog.event_data.';

test('a record tells level, id, provider, channel, computer and time to the microsecond', async () => {
  const [event] = await read(fixtureLog(fixtureChunk([xml => fixtureEvent(xml, () => {})])));
  expect(event).toMatchObject({
    kind: 'log',
    code: 4624,
    level: 6,
    provider: 'Test-Provider',
    position: 1,
    time: 1_714_979_289_123_456,
    origin: {dataset: 'winlog.security', host: 'pc'},
    fields: {'winlog.channel': 'Security', 'winlog.computer_name': 'pc', 'winlog.level': 4},
  });
});

test('an id above 16 bits is split into id and qualifiers', async () => {
  const [event] = await read(
    fixtureLog(
      fixtureChunk([
        xml =>
          fixtureEvent(
            xml,
            () => {},
            () => xml.text(String(0x4000_0005)),
          ),
      ]),
    ),
  );
  expect(event).toMatchObject({code: 5, fields: {'winlog.qualifiers': 0x4000}});
});

const bytes = (type: number, hex: string): FixtureValue => ({type, bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex')});
const fileTime = Buffer.alloc(8);
fileTime.writeBigUInt64LE(written);

test.each<[string, FixtureValue, unknown]>([
  ['text', string('a "b" <c>'), 'a "b" <c>'],
  ['text with its end sign', string('ab\0'), 'ab'],
  ['empty text', string(''), ''],
  ['text that a terminal would obey', string('\u001b[2J\u202e'), '␛[2J�'],
  ['text of code page 1252', bytes(0x02, '80 e4 00'), '€ä'],
  ['int8', bytes(0x03, 'ff'), -1],
  ['uint8', bytes(0x04, 'ff'), 255],
  ['int16', bytes(0x05, 'feff'), -2],
  ['uint16', bytes(0x06, 'feff'), 65_534],
  ['int32', bytes(0x07, 'fdffffff'), -3],
  ['uint32', bytes(0x08, 'fdffffff'), 4_294_967_293],
  ['int64', bytes(0x09, 'ffffffffffffffff'), -1],
  ['int64 beyond a double', bytes(0x09, '0000000000000080'), '-9223372036854775808'],
  ['uint64 at the edge of a double', bytes(0x0a, 'ffffffffffff1f00'), 9_007_199_254_740_991],
  ['uint64 beyond a double', bytes(0x0a, 'ffffffffffffffff'), '18446744073709551615'],
  ['float', bytes(0x0b, '0000c03f'), 1.5],
  ['double', bytes(0x0c, '000000000000f8bf'), -1.5],
  ['no number', bytes(0x0c, '000000000000f87f'), '-1.#IND'],
  ['infinity', bytes(0x0b, '0000807f'), '1.#INF'],
  ['true', bytes(0x0d, '01000000'), true],
  ['false', bytes(0x0d, '00000000'), false],
  ['true as minus one', bytes(0x0d, 'ffffffff'), true],
  ['true of one byte', bytes(0x0d, '01'), true],
  ['binary', bytes(0x0e, '00ff1a'), '00FF1A'],
  ['GUID', bytes(0x0f, '25968454 7854 9449 a5ba 3e3b0328c30d'), '{54849625-5478-4994-A5BA-3E3B0328C30D}'],
  ['size of 32 bits', bytes(0x10, '00100000'), '0x1000'],
  ['size of 64 bits', bytes(0x10, '0010000001000000'), '0x100001000'],
  ['FILETIME', {type: 0x11, bytes: fileTime}, '2024-05-06T07:08:09.123456700Z'],
  ['SYSTEMTIME', bytes(0x12, 'e807 0500 0100 0600 0700 0800 0900 7b00'), '2024-05-06T07:08:09.123Z'],
  ['SID', bytes(0x13, '01 02 000000000005 20000000 20020000'), 'S-1-5-32-544'],
  ['hexadecimal of 32 bits', bytes(0x14, 'e7030000'), '0x3e7'],
  ['hexadecimal of 64 bits', bytes(0x15, '0000000000001080'), '0x8010000000000000'],
  ['handle', bytes(0x20, '0500000000000000'), '0x5'],
  ['XML as text', {type: 0x23, bytes: utf16('<a/>')}, '<a/>'],
  ['a number that is cut short', bytes(0x08, '0102'), '0102'],
  ['array of text', {type: 0x81, bytes: utf16('one\0\0three\0')}, 'one\n\nthree'],
  ['array of code page text', bytes(0x82, '61 00 62 00'), 'a\nb'],
  ['array of uint16', bytes(0x86, '0100 0200'), '1\n2'],
  ['array of uint64', bytes(0x8a, 'ffffffffffffffff 0100000000000000'), '18446744073709551615\n1'],
  ['array of GUID', bytes(0x8f, '00'.repeat(32)), Array(2).fill('{00000000-0000-0000-0000-000000000000}').join('\n')],
  ['array of SID', bytes(0x93, '0101000000000005 12000000 0101000000000001 00000000'), 'S-1-5-18\nS-1-1-0'],
  ['array of hexadecimal', bytes(0x94, '01000000 ff000000'), '0x1\n0xff'],
  ['a type that is not known', bytes(0x3f, 'abcd'), 'ABCD'],
])('value: %s', async (_, value, expected) => {
  const [event] = await read(fixtureLog(fixtureChunk([xml => templated(xml, [value])])));
  expect(event?.fields?.[`${prefix}V0`]).toBe(expected);
});

test('a null value is no field and no element, in JSON null', async () => {
  const log = fixtureLog(fixtureChunk([xml => templated(xml, [{type: 0, bytes: Buffer.alloc(0)}])]));
  expect(Object.keys((await read(log))[0]?.fields ?? {})).not.toContain(`${prefix}V0`);
  expect(await asXml(log)).toContain('  <EventData/>\n');
  expect(await asJson(log)).toMatchObject({Event: {EventData: {V0: null}}});
});

test('a template is written once in a chunk and used by the records behind it', async () => {
  const events = await read(
    fixtureLog(fixtureChunk(['first', 'second', 'third'].map(text => xml => templated(xml, [string(text)])))),
  );
  expect(events.map(event => event.fields?.[`${prefix}V0`])).toEqual(['first', 'second', 'third']);
});

test('a record that points beside its template finds it in the list of the chunk', async () => {
  const chunk = fixtureChunk([xml => templated(xml, [string('one')]), xml => templated(xml, [string('two')])]);
  const place = chunk.indexOf(Buffer.from([0x0c, 1, 7, 0, 0, 0]));
  const second = chunk.indexOf(Buffer.from([0x0c, 1, 7, 0, 0, 0]), place + 1);
  chunk.writeUInt32LE(chunk.readUInt32LE(second + 6), 384 + 7 * 4);
  chunk.writeUInt32LE(60_000, second + 6);
  expect((await read(fixtureLog(chunk))).map(event => event.fields?.[`${prefix}V0`])).toEqual(['one', 'two']);
});

test('binary XML within a value: a template, an element by itself, and both again within', async () => {
  const binary = (write: (xml: BinaryXmlWriter) => void): FixtureValue => ({type: 0x21, bytes: write});
  const alone = binary(xml => xml.element('Data', {Name: 'Alone'}, () => xml.text('text'), false).raw(0));
  const within = binary(xml => {
    const data = () => xml.element('Data', {Name: 'Within'}, () => xml.substitution(0));
    xml
      .fragment()
      .instance(11, data, [string('deep')])
      .raw(0);
  });
  const eventData = binary(xml => {
    const content = () => xml.element('EventData', {}, () => xml.substitution(0).substitution(1));
    xml.fragment().instance(9, content, [alone, within]).raw(0);
  });
  const log = fixtureLog(
    fixtureChunk([xml => fixtureEvent(xml, () => xml.instance(10, () => xml.substitution(0), [eventData]))]),
  );
  expect((await read(log))[0]?.fields).toMatchObject({[`${prefix}Alone`]: 'text', [`${prefix}Within`]: 'deep'});
  expect(await asJson(log)).toMatchObject({Event: {EventData: {Alone: 'text', Within: 'deep'}}});
});

test('entity and character references, CDATA and processing instructions', async () => {
  const log = fixtureLog(
    fixtureChunk([
      xml =>
        fixtureEvent(xml, () =>
          xml.element('EventData', {}, () =>
            xml.element('Data', {Name: 'Mixed'}, () => {
              xml.text('a').raw(0x49).name('lt').raw(0x08).u16(0x41).raw(0x07).u16(3).put(utf16('<x>'));
              xml.raw(0x0a).name('target').raw(0x0b).u16(2).put(utf16('pi'));
            }),
          ),
        ),
    ]),
  );
  expect((await read(log))[0]?.fields?.[`${prefix}Mixed`]).toBe('a<A<x>');
  expect(await asXml(log)).toContain('<Data Name="Mixed">a&lt;A&lt;x&gt;</Data>');
});

test('data without names is param1, param2 …, and Data for rules', async () => {
  const [event] = await read(
    fixtureLog(
      fixtureChunk([
        xml =>
          fixtureEvent(xml, () =>
            xml.instance(
              3,
              () => xml.element('EventData', {}, () => xml.element('Data', {}, () => xml.substitution(0))),
              [{type: 0x81, bytes: utf16('service\0stopped\0')}],
            ),
          ),
      ]),
    ),
  );
  expect(event?.fields).toMatchObject({
    [`${prefix}param1`]: 'service',
    [`${prefix}param2`]: 'stopped',
    [`${prefix}Data`]: 'service\nstopped',
  });
  expect(event?.message).toBe('Test-Provider 4624: service stopped');
});

test('user data named Channel does not replace the event’s, spaces in names are dropped', async () => {
  const [event] = await read(
    fixtureLog(
      fixtureChunk([
        xml =>
          fixtureEvent(xml, () => {
            xml.element('UserData', {}, () =>
              xml.element('Cleared', {}, () => xml.element('Channel', {}, () => xml.text('Setup'))),
            );
            xml.element('EventData', {}, () => xml.element('Data', {Name: 'Threat Name'}, () => xml.text('Evil')));
          }),
      ]),
    ),
  );
  expect(event?.fields).toMatchObject({
    'winlog.channel': 'Security',
    [`${prefix}Channel`]: 'Setup',
    [`${prefix}ThreatName`]: 'Evil',
  });
});

test('in XML an array repeats its element', async () => {
  const log = fixtureLog(fixtureChunk([xml => templated(xml, [bytes(0x86, '0100 0200')])]));
  expect(await asXml(log)).toContain('    <Data Name="V0">1</Data>\n    <Data Name="V0">2</Data>\n');
});

const good = (xml: BinaryXmlWriter) => fixtureEvent(xml, () => {});

test.each<[string, (chunk: Buffer) => void, number, Record<string, number>]>([
  [
    'a token without meaning',
    chunk => chunk.fill(0x3e, secondRecord(chunk) + 28, secondRecord(chunk) + 29),
    2,
    {'record-content': 1},
  ],
  [
    'a size of zero',
    chunk => chunk.writeUInt32LE(0, secondRecord(chunk) + 4),
    1,
    {'record-size': 1, 'record-after-damage': 1},
  ],
  [
    'a size beyond the chunk',
    chunk => chunk.writeUInt32LE(70_000, secondRecord(chunk) + 4),
    1,
    {'record-size': 1, 'record-after-damage': 1},
  ],
  [
    'no signature',
    chunk => chunk.writeUInt32LE(1, secondRecord(chunk)),
    1,
    {'record-signature': 1, 'record-after-damage': 1},
  ],
  [
    'a name outside of the chunk',
    chunk => chunk.writeUInt32LE(0xfffffff0, secondRecord(chunk) + 24 + 4 + 7),
    2,
    {'record-content': 1},
  ],
  ['a wrong checksum', chunk => chunk.writeUInt32LE(1, 124), 3, {}],
])('damage: %s costs that part only', async (_, damage, kept, dropped) => {
  const damaged = fixtureChunk([good, good, good]);
  damage(damaged);
  const log = fixtureLog(damaged, fixtureChunk([good], 10));
  const problems: FileProblem[] = [];
  const counts: Record<string, number> = {};
  expect(await read(log, problems, counts)).toHaveLength(kept + 1);
  expect(counts).toEqual(dropped);
});

test('a chunk without its signature is counted and the next one is read; zeros are nothing', async () => {
  const counts: Record<string, number> = {};
  const log = fixtureLog(Buffer.alloc(65_536, 7), Buffer.alloc(65_536), fixtureChunk([good]));
  expect(await read(log, [], counts)).toHaveLength(1);
  expect(counts).toEqual({'chunk-signature': 1});
});

test('a file that is cut keeps what is whole', async () => {
  const counts: Record<string, number> = {};
  const log = fixtureLog(fixtureChunk([good, good]), fixtureChunk([good, good], 3));
  const end = 4096 + 65_536 + 512 + 40;
  expect(await read(log.subarray(0, end), [], counts)).toHaveLength(2);
  expect(counts).toMatchObject({'chunk-cut': 1});
});

test('a template that holds itself costs its record', async () => {
  const counts: Record<string, number> = {};
  const itself = (xml: BinaryXmlWriter) => {
    const content = () => xml.element('Event', {}, () => xml.instance(5, () => {}, []));
    xml.instance(5, content, []);
  };
  expect(await read(fixtureLog(fixtureChunk([itself, good])), [], counts)).toHaveLength(1);
  expect(counts).toEqual({'record-template': 1});
});

test.each([
  ['elements', (xml: BinaryXmlWriter, inner: () => void) => xml.element('E', {}, inner)],
  [
    'values',
    (xml: BinaryXmlWriter, inner: () => void) =>
      xml.instance(6, () => xml.substitution(0), [{type: 0x21, bytes: inner}]),
  ],
])('%s within one another without end cost their record', async (_, wrap) => {
  const counts: Record<string, number> = {};
  const nested = (xml: BinaryXmlWriter, levels: number): void => {
    if (levels > 0) wrap(xml, () => nested(xml, levels - 1));
  };
  expect(await read(fixtureLog(fixtureChunk([xml => nested(xml, 600), good])), [], counts)).toHaveLength(1);
  expect(counts).toEqual({'record-too-large': 1});
});

test('a few bytes that ask for very much are refused', async () => {
  const counts: Record<string, number> = {};
  const many = (xml: BinaryXmlWriter) =>
    xml.instance(
      8,
      () =>
        xml.element('Event', {}, () =>
          xml.element('EventData', {}, () => {
            for (let i = 0; i < 100; i++) xml.element('Data', {}, () => xml.substitution(0));
          }),
        ),
      [string('x'.repeat(10_000))],
    );
  expect(await read(fixtureLog(fixtureChunk([many, good])), [], counts)).toHaveLength(1);
  expect(counts).toEqual({'record-too-large': 1});
});

test('a full log that began again at its front is read in the order it was written', async () => {
  const log = fixtureLog(fixtureChunk([good, good], 21), fixtureChunk([good, good], 11));
  expect((await read(log)).map(event => event.position)).toEqual([11, 12, 21, 22]);
});

test('a record number that comes twice is two events, packed or not the same ones', async () => {
  const log = fixtureLog(fixtureChunk([good, good]), fixtureChunk([good, good]));
  const plain = await read(log);
  expect(new Set(plain.map(event => event.position)).size).toBe(4);
  const packed = await read(gzipSync(log));
  expect(packed.map(event => [event.origin.epoch, event.position])).toEqual(
    plain.map(event => [event.origin.epoch, event.position]),
  );
});

/** An event whose data is one template with these values, named V0, V1 … */
function templated(xml: BinaryXmlWriter, values: readonly FixtureValue[]): void {
  fixtureEvent(xml, () =>
    xml.instance(
      7,
      () =>
        xml.element('EventData', {}, () => {
          for (const index of values.keys()) {
            xml.element('Data', {Name: `V${index}`}, () => xml.substitution(index));
          }
        }),
      values,
    ),
  );
}

function secondRecord(chunk: Buffer): number {
  return 512 + chunk.readUInt32LE(516);
}

async function read(
  log: Buffer,
  problems: FileProblem[] = [],
  counts: Record<string, number> = {},
): Promise<LogEvent[]> {
  const path = saved(log);
  const reader = await openFile(path);
  expect(reader.format).toBe('Windows event log');
  const events: LogEvent[] = [];
  const context = {
    agent: 'agent',
    host: 'here',
    clock: () => 5,
    maxLine: 65_536,
    problem: (problem: FileProblem) => void problems.push(problem),
  };
  for await (const batch of reader.read(context)) {
    events.push(...(batch.events as LogEvent[]));
    for (const [reason, count] of Object.entries(batch.dropped ?? {})) counts[reason] = (counts[reason] ?? 0) + count;
  }
  return events;
}

async function asXml(log: Buffer): Promise<string> {
  let text = '';
  for await (const trees of eventTrees(saved(log), {problem: () => {}})) text += trees.map(eventXml).join('');
  return text;
}

async function asJson(log: Buffer): Promise<unknown> {
  for await (const trees of eventTrees(saved(log), {problem: () => {}})) {
    for (const tree of trees) return JSON.parse(JSON.stringify(eventJson(tree)));
  }
  return undefined;
}

function saved(log: Buffer): string {
  const path = join(folder, 'test.evtx');
  writeFileSync(path, log);
  return path;
}
