import {WindowsEntry} from '../windows-entry.ts';
import {winlogEvent} from '../winlog-event.ts';
import {EventXmlReader} from './event-xml-reader.ts';
import {readEventXml} from './read-event.ts';

const namespace = "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'";
const system = (more = '') =>
  `<System><Provider Name='P' Guid="{1}"/><EventID Qualifiers='16384'>17</EventID><Level>2</Level>${more}<TimeCreated SystemTime='2026-11-22T10:00:00.1234567Z'/><EventRecordID>9</EventRecordID><Channel>System</Channel><Computer>PC7</Computer></System>`;
const event = (body: string) => `<Event ${namespace}>${system()}${body}</Event>`;

const origin = {agent: 'a', host: 'PC7', source: 'windows:System', epoch: 'e', dataset: 'winlog.system'};

function read(xml: string) {
  const entry = new WindowsEntry();
  if (!readEventXml(xml, entry)) return undefined;
  const made = winlogEvent(entry, {origin, position: entry.recordId, time: entry.time ?? 0, ingested: 0});
  return {...made, data: dataOf(made.fields ?? {})};
}

function dataOf(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const prefix = 'winlog.event_data.';
  const own = Object.entries(fields).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

function split(...pieces: readonly Buffer[]) {
  const reader = new EventXmlReader();
  const events = [...pieces.flatMap(piece => reader.push(piece)), ...reader.end()];
  return {events, drops: reader.takeDrops()};
}

const splitText = (text: string) => split(Buffer.from(text));

describe('one event', () => {
  test('gives what its system part says', () => {
    expect(read(event('<EventData/>'))).toMatchObject({
      code: 17,
      level: 3,
      provider: 'P',
      position: 9,
      time: Date.UTC(2026, 10, 22, 10) * 1000 + 123_456,
      fields: {'winlog.provider_guid': '{1}', 'winlog.qualifiers': 16_384, 'winlog.channel': 'System'},
    });
  });

  test('gives named, positional and nested data, entities and CDATA', () => {
    const body = `<EventData><Data Name='A B'>1 &lt; 2 &amp;&#x41;&#66; &nope; &#x110000;</Data><Data>one</Data><Data/><Data><![CDATA[<three>&amp;]]></Data><Binary>00FF</Binary><!-- no --></EventData>`;
    expect(read(event(body))?.data).toEqual({
      AB: '1 < 2 &AB &nope; &#x110000;',
      param1: 'one',
      param2: '',
      param3: '<three>&amp;',
      Data: 'one\n\n<three>&amp;',
      Binary: '00FF',
    });
  });

  test('gives user data without its wrapper and prefixes, and never in place of the system part', () => {
    const body = `<UserData><auto-ns2:Cleared xmlns:auto-ns2='u' xmlns='v'><Channel>Setup</Channel><a:Inner x='1'><Deep>d</Deep></a:Inner></auto-ns2:Cleared></UserData>`;
    const found = read(event(body));
    expect(found?.data).toEqual({Channel: 'Setup', 'Inner.x': '1', 'Inner.Deep': 'd'});
    expect(found?.fields?.['winlog.channel']).toBe('System');
  });

  test('is told in Windows’ own words where it was rendered', () => {
    const body = `<EventData><Data>x</Data></EventData><RenderingInfo Culture='en-US'><Message>Said by Windows.</Message><Keywords><Keyword>Classic</Keyword></Keywords></RenderingInfo>`;
    expect(read(event(body))).toMatchObject({
      message: 'Said by Windows.',
      fields: {'winlog.rendering_info.Keywords.Keyword': 'Classic'},
    });
  });

  test('cannot bring control characters, or names that are none', () => {
    const body = `<EventData><Data Name='__proto__'>&#27;[2J\u202e</Data><Data Name='a&#7;'>1</Data></EventData>`;
    expect(read(event(body))?.data).toEqual(
      Object.fromEntries([
        ['__proto__', '␛[2J�'],
        ['a␇', '1'],
      ]),
    );
  });

  test.each([
    '',
    'text',
    '<Event',
    '<Other/>',
    '<Event></Event>x',
    '<Event><a></b></Event>',
    "<Event a='1' b></Event>",
  ])('%j is none', text => {
    expect(read(text)).toBeUndefined();
  });

  test('of more elements, attributes or depth than Windows writes is none', () => {
    expect(read(`<Event>${'<a/>'.repeat(10_000)}</Event>`)).toBeUndefined();
    expect(read(`<Event ${Array.from({length: 99}, (_, at) => `a${at}='1'`).join(' ')}/>`)).toBeUndefined();
    expect(read(`<Event>${'<a>'.repeat(99)}${'</a>'.repeat(99)}</Event>`)).toBeUndefined();
  });
});

describe('many events', () => {
  const three = [1, 2, 3].map(number => event(`<EventData><Data>ü😀 ${number} > "</Data></EventData>`));

  test.each(['utf8', 'utf16le'] as const)('in %s, with and without a mark, cut anywhere, are the same', encoding => {
    for (const mark of ['', '\ufeff']) {
      const bytes = Buffer.from(`${mark}${three.join('\r\n')}\r\n`, encoding);
      for (const size of [1, 2, 3, 7, 1000]) {
        const pieces = Array.from({length: Math.ceil(bytes.length / size)}, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        expect(split(...pieces)).toEqual({events: three, drops: {unparsable: 0, 'too-long': 0}});
      }
    }
  });

  test('in UTF-16 of the other byte order are the same', () => {
    expect(split(Buffer.from(three.join('\n'), 'utf16le').swap16()).events).toEqual(three);
  });

  test('may stand in one element, behind a declaration', () => {
    const text = `<?xml version='1.0'?>\n<Events>\n${three.join('\n')}\n</Events>`;
    expect(splitText(text)).toEqual({events: three, drops: {unparsable: 0, 'too-long': 0}});
  });

  test('with other text between them are read, and each stretch of it is counted', () => {
    const [a = '', b = '', c = ''] = three;
    expect(splitText(`Error: x\n${a}\n\ngarbage < more\n${b}${c} rest`)).toEqual({
      events: three,
      drops: {unparsable: 3, 'too-long': 0},
    });
  });

  test('of which one is cut off lose only that one', () => {
    const [a = '', b = '', c = ''] = three;
    for (let cut = 7; cut < b.length; cut += 5) {
      const {events, drops} = splitText(`${a}${b.slice(0, cut)}${c}`);
      expect(events).toEqual([a, c]);
      expect(drops.unparsable).toBe(1);
    }
  });

  test('of which one is endless lose that one and are held in little memory', () => {
    const [a = '', b = '', c = ''] = three;
    const reader = new EventXmlReader();
    const found = [...reader.push(Buffer.from(`${a}<Event ${namespace}><![CDATA[`))];
    const piece = Buffer.alloc(65_536, 'x');
    for (let at = 0; at < 40; at++) found.push(...reader.push(piece));
    found.push(...reader.push(Buffer.from(`]]></Event>${b}${c}`)), ...reader.end());
    expect(found).toEqual(three);
    expect(reader.takeDrops()).toEqual({unparsable: 0, 'too-long': 1});
  });

  test('an event may hold another, of its own namespace', () => {
    const nested = event(`<UserData><W><Event xmlns='other'><x>1</x></Event></W></UserData>`);
    expect(splitText(nested + nested).events).toEqual([nested, nested]);
  });
});

test('whatever bytes come, nothing is thrown and what was read are events', () => {
  const text = `${event(`<EventData><Data Name='a'>1</Data><![CDATA[x]]><!-- y --><b c="d"/></EventData>`)}\n`.repeat(
    3,
  );
  const random = seeded(7);
  for (let run = 0; run < 3_000; run++) {
    const bytes = Buffer.from(text, run % 2 === 0 ? 'utf8' : 'utf16le');
    for (let changes = random() * 6; changes >= 0; changes--) mutate(bytes, random);
    const cut = Math.floor(random() * bytes.length);
    const {events, drops} = split(bytes.subarray(0, cut), bytes.subarray(cut));
    for (const xml of events) read(xml);
    expect(events.length).toBeLessThanOrEqual(4);
    expect(events.length + drops.unparsable).toBeGreaterThan(0);
  }
});

function mutate(bytes: Buffer, random: () => number): void {
  const at = Math.floor(random() * bytes.length);
  const kind = Math.floor(random() * 3);
  if (kind === 0) bytes[at] = Math.floor(random() * 256);
  else if (kind === 1) bytes.copyWithin(at, Math.floor(random() * bytes.length));
  else bytes.write('<>\'"/&['.charAt(Math.floor(random() * 7)), at);
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
