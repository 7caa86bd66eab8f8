import {arp, ethernet} from '../../bench/packet-builder.ts';
import {syntheticSnapshots} from '../../bench/synthetic.ts';
import {localInspection} from '../../tests/fixtures/local-inspection.ts';
import type {PacketRow, Snapshot} from '../pipeline/snapshot.ts';
import type {QueryRow} from '../query/request.ts';
import type {HistoryClient} from './history-client.ts';
import type {PacketInspection} from './packet-inspection.ts';
import {type Part, paintPart} from './paint-part.ts';
import {ScreenModel} from './screen-model.ts';
import {cellWidth} from './text.ts';
import {createTheme} from './theme.ts';

const theme = createTheme({colour: false, unicode: true, zone: 'utc'});
const size = {width: 80, height: 21};
const settled = () => new Promise(resolve => setImmediate(resolve));

function screenWith(history: Partial<HistoryClient> = {}, inspection: Partial<PacketInspection> = {}) {
  let changes = 0;
  const model = new ScreenModel({
    history: {logs: async () => [], alertContext: async () => null, ...history},
    inspection: {...localInspection(), ...inspection},
    onChange: () => changes++,
    onAnswer: () => changes++,
  });
  const snapshots = syntheticSnapshots(4);
  return {
    model,
    changes: () => changes,
    snapshot: (change: Partial<Snapshot> = {}) => {
      const {value} = snapshots.next();
      if (value) model.takeSnapshot({...value, ...change});
    },
    press: (...names: string[]) => names.flatMap(name => model.key({name, text: [...name].length === 1 ? name : ''})),
    paint: (part: Part, place = size) => paintPart(part, model, place, theme),
  };
}

test('every part fills its place exactly, at several sizes, with and without data', () => {
  const screen = screenWith();
  const parts: Part[] = ['alerts', 'logs', 'packets', 'charts', 'sources', 'help', 'startup', 'details'];
  for (let round = 0; round < 2; round++) {
    for (const part of parts) {
      for (const place of [
        {width: 80, height: 21},
        {width: 200, height: 47},
        {width: 40, height: 5},
      ]) {
        const lines = screen.paint(part, place);
        expect(lines).toHaveLength(place.height);
        for (const line of lines) expect([part, cellWidth(line)]).toEqual([part, place.width]);
      }
    }
    for (const part of ['status', 'clock', 'line'] as const) {
      expect(screen.paint(part, {width: 60, height: 1}).map(cellWidth)).toEqual([60]);
    }
    screen.snapshot();
  }
});

test('before the first snapshot it says that it is starting', () => {
  const screen = screenWith();
  expect(screen.model.shell({width: 80, height: 24}).layout).toEqual({type: 'whole', shows: 'startup'});
  expect(screen.paint('startup')[0]).toContain('starting …');
});

test('start-up is shown until nothing is being opened any more, or a key says go on', () => {
  const screen = screenWith();
  const place = {width: 80, height: 24};
  screen.snapshot({startup: [{what: 'store', state: 'opening', detail: ''}]});
  expect(screen.model.shell(place).layout).toMatchObject({shows: 'startup'});
  screen.press('2');
  expect(screen.model.shell(place).layout).toMatchObject({shows: 'logs'});
  const other = screenWith();
  other.snapshot({startup: [{what: 'store', state: 'opening', detail: ''}]});
  other.snapshot();
  expect(other.model.shell(place).layout).toMatchObject({shows: 'alerts'});
});

test('paused, the panes stand still and the title counts what came', () => {
  const screen = screenWith();
  screen.snapshot();
  screen.press('2', 'space');
  const before = screen.paint('logs').slice(1);
  screen.snapshot();
  screen.snapshot();
  expect(screen.paint('logs').slice(1)).toEqual(before);
  expect(screen.paint('logs')[0]).toContain('PAUSED +40');
  screen.press('space');
  expect(screen.paint('logs').slice(1)).not.toEqual(before);
});

test('scrolled up, the shown rows do not move while new ones come', () => {
  const screen = screenWith();
  for (let count = 0; count < 5; count++) screen.snapshot();
  screen.paint('logs');
  screen.press('2', 'k', 'k', 'k');
  const before = screen.paint('logs').slice(1);
  for (let count = 0; count < 60; count++) screen.snapshot();
  expect(screen.paint('logs').slice(1)).toEqual(before);
  screen.press('G');
  expect(screen.paint('logs').join('')).toContain('entry 1300');
});

test('acknowledging acts on the alert that is marked, also when another came on top', () => {
  const screen = screenWith();
  screen.snapshot();
  screen.paint('alerts');
  screen.press('j');
  const marked = screen.paint('alerts').find(line => line.includes('▸'));
  expect(marked).toContain('kind 1');
  const alerts = screen.model.snapshot?.alerts ?? [];
  const newer = alerts.slice(0, 1).map(alert => ({...alert, id: 'newer', last: alert.last + 1_000_000}));
  screen.snapshot({alerts: [...alerts, ...newer]});
  expect(screen.model.rows.alerts[0]?.id).toBe('newer');
  expect(screen.press('a')).toEqual([{type: 'acknowledge', alert: 'alert1'.padEnd(32, '0')}]);
});

test('details of an alert show what the store has about it, and follow its state', async () => {
  const screen = screenWith({
    alertContext: async () => ({
      changes: [{alert: 'x', time: 1e15, actor: 'ann', action: 'acknowledge'}],
      anomalies: [{'@timestamp': '2026-01-15T12:00:00.000Z', message: 'the finding'}],
      logs: [{'@timestamp': '2026-01-15T12:00:01.000Z', 'log.level': 'error', message: 'a line around it'}],
    }),
  });
  screen.snapshot();
  screen.press('enter');
  expect(screen.paint('details', {width: 100, height: 60}).join('\n')).toContain('reading …');
  await settled();
  expect(screen.changes()).toBe(1);
  const text = () => screen.paint('details', {width: 100, height: 60}).join('\n');
  for (const part of ['the finding', 'a line around it', 'ann', 'state        open']) expect(text()).toContain(part);
  const alerts = screen.model.snapshot?.alerts.map(alert => ({...alert, status: 'acknowledged' as const}));
  screen.snapshot(alerts ? {alerts} : {});
  expect(text()).toContain('acknowledged');
  screen.press('escape');
  expect(screen.model.shell({width: 80, height: 24}).layout).toMatchObject({shows: 'alerts'});
});

test('details of a log entry show all its stored fields and what was logged around it', async () => {
  const time = '2026-01-15T12:00:00.000Z';
  const stored = {'event.id': 'e1', '@timestamp': time, 'event.provider': 'sshd', message: 'Failed password'};
  const screen = screenWith({
    logs: async ({limit, until, since}) => {
      if (limit === 1) return [{...stored, 'source.ip': '203.0.113.7', 'event.dataset': 'syslog'}];
      const isBefore = (until ?? 0) - (since ?? 0) > 60_000_000;
      return isBefore ? [stored] : [{...stored, 'event.id': 'e2', message: 'the line after'}];
    },
  });
  screen.snapshot({logs: [{...rowWith('Failed password'), time: Date.parse(time) * 1000}]});
  screen.press('2', 'enter');
  const text = () => screen.paint('details', {width: 100, height: 40}).join('\n');
  expect(text()).toMatch(/Failed password[\s\S]*reading …/);
  await settled();
  expect(text()).toMatch(/source\.ip +203\.0\.113\.7/);
  expect(text()).toMatch(/a minute before and after, without applications/);
  expect(text()).toMatch(/▶ 12:00:00 .*Failed password.*\n.* {2}12:00:00 .*the line after/);
});

test('the charts begin with what the store has of before', async () => {
  const before: QueryRow[] = [];
  const screen = screenWith({logs: async ({kind}) => (kind === 'metrics' ? before : [])});
  screen.snapshot();
  const first = screen.model.samples[0]?.time ?? 0;
  const time = new Date(first / 1000 - 20_000).toISOString();
  before.push({
    '@timestamp': time,
    'metric.name': 'cpu.total',
    'metric.value': 7,
    'host.name': screen.model.snapshot?.host ?? '',
  });
  const chart = () => screen.paint('charts', {width: 100, height: 30}).join('\n');
  const empty = chart();
  screen.model.everySecond();
  await settled();
  expect(screen.model.samples[0]).toMatchObject({time: first - 20_000_000, cpu: 7});
  expect(chart()).not.toBe(empty);
});

test('a failing store is told and the screen goes on', async () => {
  const screen = screenWith({
    alertContext: async () => {
      throw new Error('the store is busy');
    },
  });
  screen.snapshot();
  screen.press('enter');
  await settled();
  expect(screen.paint('line', {width: 80, height: 1})[0]).toContain('the store is busy');
  expect(screen.paint('details').join('\n')).toContain('none stored');
});

test('a filter on packets and alerts hides what does not match', () => {
  const screen = screenWith();
  screen.snapshot();
  screen.press('3', 'F', ...'src:10.0.0.7', 'enter');
  expect(screen.model.rows.packets.map(row => row.source)).toEqual(['10.0.0.7']);
  expect(screen.paint('packets')[0]).toContain('filter: src:10.0.0.7');
  screen.press('1', 'F', 'z', 'z', 'enter');
  expect(screen.paint('alerts').join('\n')).toContain('Nothing matches the filter');
});

test('a filter on logs reads stored entries, again each second', async () => {
  const asked: (number | undefined)[] = [];
  const screen = screenWith({
    logs: async request => {
      asked.push(request.afterSeq);
      return [
        {'event.sequence': 100 + asked.length, '@timestamp': '2026-01-15T12:00:00.000Z', message: 'from the store'},
      ];
    },
  });
  screen.snapshot();
  screen.press('2', 'F', 'x', 'enter');
  await settled();
  screen.model.everySecond();
  await settled();
  expect(asked).toEqual([undefined, 101]);
  expect(screen.model.rows.logs.map(row => row.seq)).toEqual([101, 102]);
  expect(screen.paint('logs').join('\n')).toContain('from the store');
});

test('the Logs pane shows what programs logged, on v what applications said, then both; esc goes back', async () => {
  const asked: unknown[] = [];
  const screen = screenWith({
    logs: async request => {
      asked.push(request.where);
      return [];
    },
  });
  const told = {logs: [{...rowWith('a log line'), seq: 1}], applications: [{...rowWith('A example.com'), seq: 2}]};
  screen.snapshot(told);
  screen.press('2');
  const shown = () => screen.paint('logs').join('\n');
  expect(shown()).toContain('a log line');
  expect(shown()).not.toContain('example.com');
  expect(shown()).toContain('without applications (v)');
  expect(screen.model.shell({width: 80, height: 24}).footer).toContainEqual({key: 'v', label: 'view'});
  screen.press('v');
  expect(shown()).not.toContain('a log line');
  expect(shown()).toMatch(/applications alone[\s\S]*A example\.com/);
  screen.press('v');
  expect(shown()).toMatch(/with applications[\s\S]*a log line[\s\S]*A example\.com/);
  screen.press('escape');
  expect(shown()).toContain('without applications (v)');
  await settled();
  // Each view asked once for what it had before this run.
  expect(asked.splice(0)).toHaveLength(3);
  screen.press('F', 'x', 'enter');
  await settled();
  screen.press('v', 'v');
  await settled();
  const filter = {type: 'text', text: 'x'};
  expect(asked).toMatchObject([
    {type: 'and', terms: [{type: 'not'}, filter]},
    {type: 'and', terms: [{name: 'event.dataset'}, filter]},
    filter,
  ]);
  screen.press('escape', 'v', 'v');
  screen.snapshot({applications: []});
  expect(shown()).toContain('Nothing seen on the wire yet');
});

test('nothing that a message holds reaches the terminal as an escape', () => {
  const screen = screenWith();
  screen.snapshot({logs: [{...rowWith('\x1b[2J\x1b]0;x\x07\r\n\u202e')}]});
  screen.press('2', 'enter');
  for (const part of ['logs', 'details'] as const) {
    expect(screen.paint(part).join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
  }
});

test('a terminal that is too small is told so, whatever is open', () => {
  const screen = screenWith();
  screen.snapshot();
  screen.press('?');
  expect(screen.model.shell({width: 79, height: 24}).layout).toEqual({type: 'too-small'});
  expect(screen.model.shell({width: 80, height: 23}).layout).toEqual({type: 'too-small'});
});

test('the layout follows the size', () => {
  const screen = screenWith();
  screen.snapshot();
  const layout = (width: number, height: number) => screen.model.shell({width, height}).layout;
  expect(layout(80, 24)).toEqual({type: 'whole', shows: 'alerts'});
  expect(layout(100, 30)).toEqual({type: 'rows', corner: 'charts'});
  expect(layout(200, 50)).toEqual({type: 'grid', corner: 'charts'});
  screen.press('5');
  expect(layout(200, 50)).toEqual({type: 'grid', corner: 'sources'});
  screen.press('e');
  expect(layout(200, 50)).toEqual({type: 'whole', shows: 'sources'});
});

function rowWith(message: string): Snapshot['logs'][number] {
  const rest = {level: 3, code: 0, provider: message, host: 'h', user: message, historical: false};
  return {seq: 1, time: 1e15, message, ...rest};
}

test('the Packets pane shows conversations and talkers, sorted as wanted, and opens one', () => {
  const screen = screenWith();
  screen.snapshot();
  screen.press('3', 'v');
  expect(screen.paint('packets')[0]).toContain('3 Packets · 200 · conversations by bytes of the last minute');
  expect(screen.paint('packets')[2]).toContain('host0.example.org');
  screen.press('enter');
  expect(screen.paint('details').join('\n')).toMatch(/destination\.domain +host0\.example\.org/);
  screen.press('escape', 'v', 's');
  expect(screen.paint('packets')[0]).toContain('talkers by packets');
  expect(screen.paint('packets')[2]).toContain('192.0.2.0');
});

const whoHas = ethernet(0x0806, arp(1, '02:00:00:00:00:01', '10.0.0.2', '10.0.0.1')).toString('base64');
const asks = (time: number) => ({...packetWith(whoHas), time, source: '10.0.0.2', information: 'Who has 10.0.0.1?'});

test('an opened packet shows its bytes at once and its tree a moment later, and stays as it is while packets come', async () => {
  const screen = screenWith();
  screen.snapshot({packets: [asks(1), asks(2)]});
  screen.press('3', 'enter');
  const first = screen.paint('details').join('\n');
  expect(first).toContain('being decoded');
  expect(first).toContain('0000 02 00 00 00 00 02');
  const changes = screen.changes();
  await settled();
  expect(screen.changes()).toBe(changes + 1);
  screen.press('j');
  const before = screen.paint('details');
  expect(before.find(line => line.includes('▸'))).toMatch(/Destination +ff:ff:ff:ff:ff:ff|Destination +02:/);
  expect(before.join('\n')).toContain('0000[');
  screen.snapshot({packets: [asks(2), asks(3), asks(4)]});
  expect(screen.paint('details')).toEqual(before);
});

test('a packet that could not be decoded says why, and keys go on working', async () => {
  const explain = async () => {
    throw new Error('the decoder ended (SIGKILL)');
  };
  const screen = screenWith({}, {explain});
  screen.snapshot({packets: [asks(1)]});
  screen.press('3', 'enter');
  await settled();
  screen.press('j', 'enter', 'k');
  const shown = screen
    .paint('details')
    .join(' ')
    .replace(/[│\s]+/g, ' ');
  expect(shown).toContain('could not be decoded: the decoder ended (SIGKILL)');
  screen.press('escape');
  expect(screen.paint('packets').join('\n')).toContain('Who has');
});

test('the process that decodes is made ready by keys in the packet list only, where there are packets', () => {
  let prepared = 0;
  const screen = screenWith({}, {prepare: () => prepared++});
  screen.snapshot({packets: []});
  screen.press('3', 'j');
  expect(prepared).toBe(0);
  screen.snapshot({packets: [asks(1)]});
  screen.press('2', 'j', '3', 'v');
  expect(prepared).toBe(1);
});

test('packets are filtered by their bytes', async () => {
  const screen = screenWith();
  screen.snapshot({packets: [asks(1), {...packetWith(''), time: 2}]});
  screen.press('3', 'F', ...'bpf arp', 'enter');
  await settled();
  expect(screen.model.rows.packets.map(({time}) => time)).toEqual([1]);
  expect(screen.paint('packets').join('\n')).toContain('Who has');
});

test('a source that an open alert is about is marked among the packets', () => {
  const screen = screenWith();
  screen.snapshot({packets: [{...packetWith(''), source: '10.9.8.0'}, packetWith('')]});
  screen.press('3');
  expect(
    screen
      .paint('packets')
      .slice(2, 4)
      .map(line => line.includes('!')),
  ).toEqual([true, false]);
});

function packetWith(bytes: string): PacketRow {
  return {
    time: 1,
    source: '203.0.113.9',
    sourcePort: 0,
    destination: '10.0.0.1',
    destinationPort: 0,
    protocol: 'ARP',
    length: 42,
    information: '',
    interface: 'eth0',
    problem: '',
    link: 'ethernet',
    etherType: 0,
    vlan: -1,
    outgoing: false,
    bytes,
  };
}
