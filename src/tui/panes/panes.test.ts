import {ethernet, ipv4, tcp, udp} from '../../../bench/packet-builder.ts';
import * as day from '../../../tests/fixtures/golden-day.ts';
import {explainBytes} from '../../capture/packets/decode/explain.ts';
import type {PacketRow} from '../../pipeline/snapshot.ts';
import type {AlertGroup} from '../../store/sink.ts';
import {treeLines} from '../packet-tree.ts';
import type {Size, Theme} from '../pane.ts';
import {createTheme} from '../theme.ts';
import {alertsPage, alertsPane} from './alerts.ts';
import {chartsPages, chartsPane} from './charts.ts';
import {conversationsPane} from './conversations.ts';
import {type DetailSubject, detailLength, detailPane} from './detail.ts';
import {type Binding, helpPane} from './help.ts';
import type {ListData} from './list.ts';
import {logsPane} from './logs.ts';
import {countsOf, type PacketDetailData, packetDetailPane} from './packet-detail.ts';
import {type PacketsData, packetsPane} from './packets.ts';
import {sourcesLength, sourcesPane} from './sources.ts';
import {startupPane} from './startup.ts';
import {statusBar} from './status-bar.ts';
import {tabBar} from './tab-bar.ts';
import {talkersPane} from './talkers.ts';
import {titlePane, titleText} from './title.ts';

const unicode = createTheme({colour: false, unicode: true, zone: 'utc'});
const ascii = createTheme({colour: false, unicode: false, zone: 'utc'});
const coloured = createTheme({colour: 256, unicode: true, zone: 'utc'});
const small: Size = {width: 80, height: 20};
const large: Size = {width: 200, height: 48};
const {view, now} = day;

const bindings: readonly Binding[] = [
  {keys: '?', what: 'this help', context: 'Everywhere'},
  {keys: 'q ctrl+c', what: 'quit', context: 'Everywhere'},
  {keys: 'j k ↓ ↑', what: 'down, up', context: 'Lists'},
  {keys: 'a', what: 'acknowledge', context: 'Alerts'},
];

const alertSubject: DetailSubject = {
  type: 'alert',
  alert: day.alerts[1] ?? fail(),
  changes: [{alert: '', time: now, actor: 'root', action: 'close', verdict: 'benign', note: 'our scanner'}],
  events: [{'@timestamp': '2024-09-25T16:18:30.000Z', 'event.provider': 'sshd', 'event.code': 0, message: 'Failed'}],
  context: day.logs.slice(-6).map((row, index) => ({...row, trigger: index === 3})),
};

const panes: Readonly<Record<string, (size: Size, theme: Theme) => readonly string[]>> = {
  alerts: (size, theme) => alertsPane(list(day.alerts), size, theme),
  logs: (size, theme) => logsPane(list(day.logs.slice(-100)), size, theme),
  packets: (size, theme) => packetsPane(packets(day.packets), size, theme),
  conversations: (size, theme) =>
    conversationsPane({...list(day.conversations), suspects: new Set(['192.0.2.6'])}, size, theme),
  talkers: (size, theme) => talkersPane({...list(day.talkers), suspects: new Set(['192.0.2.6'])}, size, theme),
  'packet detail': (size, theme) => packetDetailPane(opened('ipv4', 'Source'), size, theme),
  charts: (size, theme) => chartsPane(charts(0), size, theme),
  sources: (size, theme) => sourcesPane({...day, view}, size, theme),
  detail: (size, theme) => detailPane({subject: alertSubject, view}, size, theme),
  help: (size, theme) => helpPane({bindings, top: 0}, size, theme),
  startup: (size, theme) => startupPane({title: 'siem is starting', lines: day.startup}, size, theme),
};

describe.each(Object.keys(panes))('the %s pane', name => {
  test.each([
    ['80×24', small],
    ['200×50', large],
  ])('looks right at %s', (_, size) => {
    expect(`\n${panes[name]?.(size, unicode).join('\n')}`).toMatchSnapshot('unicode');
    expect(`\n${panes[name]?.(size, ascii).join('\n')}`).toMatchSnapshot('ASCII');
  });

  test('shows nothing but ASCII where only that may be shown', () => {
    expect(panes[name]?.(large, ascii).join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

test('the chosen row is marked without colour, and only it', () => {
  const lines = logsPane(list(day.logs), small, ascii);
  expect(lines.filter(line => line.startsWith('>'))).toEqual([lines[3]]);
});

test('only the chosen row of the focused pane is lit', () => {
  const lit = coloured.paint('selected', 'x').split('x')[0] ?? '';
  expect(logsPane(list(day.logs), small, coloured).filter(line => line.includes(lit))).toHaveLength(1);
  const away = {...list(day.logs), view: {...view, focused: false}};
  expect(logsPane(away, small, coloured).filter(line => line.includes(lit))).toHaveLength(0);
});

test('an alert of long ago shows its date and that it is historical; an acknowledged one is dimmed', () => {
  const burst = day.alerts.find(alert => alert.rule === 'auth.failed.burst') ?? fail();
  const old: AlertGroup = {...burst, count: 1, status: 'open', last: now - 3 * 86_400e6, historical: true};
  expect(alertsPane(list([old]), small, unicode)[1]).toMatch(/high {5}09-22 16:20 +1 hist /);
  const done = alertsPane(list([{...old, status: 'acknowledged'}]), small, coloured)[1] ?? '';
  expect(done).toContain(coloured.paint('dim', '▲ high    '));
  expect(done).toContain('ack');
});

test('what is of another year shows it, whole where there is room, and takes nothing else away at 80 columns', () => {
  const [alert, row] = [day.alerts[0] ?? fail(), day.logs[0] ?? fail()];
  const old = Date.UTC(2023, 11, 31, 23, 59, 59) * 1000;
  const first = Date.UTC(2024, 0, 1) * 1000;
  const alerts = list([old, first, 0].map(last => ({...alert, last})));
  const [head, ...times] = alertsPane(alerts, small, unicode).slice(0, 4);
  expect(head).toMatch(/level +last +count +state +rule +about/);
  expect(times.map(line => line.slice(12, 29))).toEqual([
    ' 2023-12-31 23:59',
    '      01-01 00:00',
    '      ----- --:--',
  ]);
  expect(alertsPane(alerts, {width: 70, height: 12}, unicode)[1]?.slice(12, 25)).toBe('  2023-12-31 ');
  const logs = list([old, first].map(time => ({...row, time})));
  expect(logsPane(logs, small, unicode)[1]).toContain('  2023-12-31 23:59 ');
  expect(logsPane(logs, large, unicode)[1]).toContain('  2023-12-31 23:59:59 ');
  expect(logsPane(logs, large, unicode)[2]).toContain('       01-01 00:00:00 ');
  const east: Theme = {...unicode, clock: (time, form) => unicode.clock(time + 5 * 3_600e6, form)};
  expect(logsPane(logs, small, east)[1]).toContain('  01-01 04:59 ');
  const ahead = logsPane(list([{...row, time: now + 200 * 86_400e6}]), small, unicode)[1];
  expect(ahead).toContain('2025-04-13 16:20');
});

test('where reasons have no column, the chosen alert’s stands below, and a page is shorter', () => {
  const lines = alertsPane(list(day.alerts), small, unicode);
  const below = lines
    .slice(-2)
    .map(line => line.trim())
    .join(' ');
  expect(below.trim()).toBe(day.alerts[2]?.reason);
  expect([alertsPage(small), alertsPage(large)]).toEqual([16, 47]);
  const long = {...(day.alerts[2] ?? fail()), reason: 'a reason of many words '.repeat(20)};
  const cut = alertsPane({...list([long]), view: {...view, selected: 0}}, small, unicode).slice(-2);
  expect(cut.map(line => line.endsWith('…'))).toEqual([false, true]);
});

test('a packet’s ports stand beside its addresses', () => {
  const lines = packetsPane(
    packets(day.packets.filter(packet => packet.sourcePort === 443)),
    {width: 120, height: 3},
    unicode,
  );
  expect(lines[1]).toMatch(/142\.250\.184\.206 +https {2}→ {2}10\.0\.0\.7 +52404 {2}TCP +1514/);
});

test('a malformed packet and one of an address with an open alert are marked, and say why', () => {
  const whole = day.packets.find(({destination}) => destination === 'ff02::fb') ?? fail();
  const rows = [whole, {...whole, problem: 'udp.length_beyond_packet'}, {...whole, source: '10.0.0.1'}];
  const lines = packetsPane({...packets(rows), suspects: new Set(['10.0.0.1'])}, {width: 150, height: 4}, unicode);
  expect(lines.map(line => [line.includes('!'), line.includes('→')])).toEqual([
    [false, false],
    [false, true],
    [true, false],
    [true, false],
  ]);
  expect(lines[2]).toContain('[udp.length_beyond_packet] mDNS');
});

test('who talks most stands beside the packets where there is room', () => {
  const [wide, narrow] = [packetsPane(packets(day.packets), large, unicode), panes.packets?.(small, unicode) ?? []];
  expect(wide[1]).toMatch(/│ {3}10\.0\.0\.7 +1\.8 MB +100\.0 % +█/);
  expect(narrow.join('\n')).not.toContain('1.8 MB');
});

test('the bytes of the chosen field are lit up, in brackets where there are no colours', () => {
  const data = opened('ipv4', 'Source');
  const lines = packetDetailPane(data, small, unicode);
  expect(lines.find(line => line.includes('▸'))).toMatch(/Source +10\.0\.0\.1/);
  expect(lines.join('\n')).toContain('06 00 00[0a 00 00 01]');
  const lit = coloured.paint('selected', '0a 00 00 01');
  expect(packetDetailPane(data, small, coloured).filter(line => line.includes(lit))).toHaveLength(1);
});

test('a packet without a tree says why there is none, in whole words', () => {
  const {subject} = opened('ipv4', 'Source');
  const shown = (note: string) =>
    packetDetailPane(
      {subject: {...subject, layers: undefined, note}, tree: {cursor: 3, folded: []}},
      small,
      ascii,
    ).join('\n');
  expect(shown('no bytes of it were kept')).toContain('no bytes of it were kept');
  const long = 'could not be decoded: the decoder gave no answer within 5 s';
  expect(shown(long).replace(/\s+/g, ' ')).toContain(long);
});

test('a list that scrolled beyond its end shows its end', () => {
  const far = {...list(day.logs), view: {...view, top: 1e9}};
  expect(logsPane(far, small, unicode).at(-1)).toContain('16:20:07');
});

test('an empty list says why, and a filter that matched nothing says so', () => {
  expect(packetsPane(packets([]), small, unicode).join('\n')).toContain('No packets yet');
  const filtered = {...packets([]), view: {...view, filter: 'proto:tcp'}};
  expect(packetsPane(filtered, small, unicode).join('\n')).toContain('Nothing matches the filter: proto:tcp');
});

test('the charts are all there at 200×50, and on three pages at 80×24', () => {
  const titles = ['CPU', 'Memory', 'Disk', 'Network', 'Anomalies per hour', 'Levels', 'Sources', 'Event ids'];
  titles.push('Anomaly types', 'Protocols', 'Processes');
  expect([chartsPages(large), chartsPages(small)]).toEqual([1, 3]);
  const whole = chartsPane(charts(0), large, unicode).join('\n');
  const paged = [0, 1, 2].map(page => chartsPane(charts(page), small, unicode).join('\n')).join('\n');
  for (const title of titles) {
    expect(whole).toContain(title);
    expect(paged).toContain(title);
  }
  expect(chartsPane(charts(3), small, unicode)).toEqual(chartsPane(charts(0), small, unicode));
  expect(chartsPane(charts(-1), small, unicode)).toEqual(chartsPane(charts(2), small, unicode));
});

test('every page of the charts fits a small pane', () => {
  const pages = Array.from({length: chartsPages({width: 60, height: 8})}, (_, page) => page);
  const drawn = pages.map(page => chartsPane(charts(page), {width: 60, height: 8}, unicode).join('\n')).join('\n');
  expect(`\n${drawn}`).toMatchSnapshot();
});

test('the golden day’s figures are on the charts', () => {
  const whole = chartsPane(charts(0), large, unicode).join('\n');
  const figures = ['92.5 %', '32.1 %', '24.6 %', '21.5 %', '11.1 %', '10.6 %', '31.5 %', '29.0 %', '13.8 %', '13.4 %'];
  figures.push('12.3 %', '96.0 %', '4.0 %', '66.8 %', '32.6 %', 'most 4,000 from 15 to 16', '92,500', '668,000');
  for (const figure of figures) expect(whole).toContain(figure);
});

test('a sum that does not come out is shown as wrong', () => {
  const right = sourcesPane({...day, view: {...view, top: 99}}, large, unicode).join('\n');
  expect(right).toContain('kernel seen 1,000,340 = decoded 1,000,000 + dropped 340 (ring full 300, pipe full 40)');
  const packetCounters = {...day.packetCounters, decoded: 1};
  const wrong = sourcesPane({...day, packetCounters, view: {...view, top: 99}}, small, unicode).join('\n');
  expect(wrong).toContain('kernel seen 1,000,340 ≠ decoded 1');
});

test('a failed source tells the command that mends it, a covered one by what', () => {
  const shown = sourcesPane({...day, view}, large, unicode).join('\n');
  expect(shown).toContain('to mend: sudo setcap cap_net_raw,cap_net_admin+eip');
  expect(shown).toMatch(/auth\.log +○ covered .* covered by journald/);
  expect(sourcesLength({...day, view}, 80, unicode)).toBeGreaterThan(20);
});

test('an alert’s details mark the line that set it off and name the fields', () => {
  const lines = detailPane({subject: alertSubject, view}, {width: 120, height: 60}, unicode);
  expect(lines.filter(line => line.startsWith('▶'))).toHaveLength(1);
  expect(lines.join('\n')).toMatch(/source\.port +52404/);
  expect(lines.join('\n')).toContain('root  close as benign: our scanner');
});

test('an alert’s events are told by the clock that the rest of the screen goes by', () => {
  const here = createTheme({colour: false, unicode: true, zone: 'local'});
  const lines = detailPane({subject: alertSubject, view}, {width: 120, height: 60}, here).join('\n');
  const local = here.clock(Date.parse('2024-09-25T16:18:30.000Z') * 1000, 'date-time');
  expect(lines).toContain(`${local}  sshd  Failed`);
});

test('details that are still being read say so, and scroll to their end', () => {
  const subject: DetailSubject = {...alertSubject, events: undefined, context: undefined};
  expect(
    detailPane({subject, view}, {width: 100, height: 60}, unicode)
      .join('\n')
      .match(/reading …/g),
  ).toHaveLength(2);
  const record: DetailSubject = {
    type: 'record',
    title: 'Log entry',
    record: {message: 'long '.repeat(500), 'event.code': 7},
  };
  const length = detailLength({subject: record, view}, 80, unicode);
  expect(length).toBeGreaterThan(30);
  expect(detailPane({subject: record, view: {...view, top: length}}, small, unicode).at(-1)).toMatch(/event\.code +7/);
});

test('two panes side by side at 120 and 100 columns still say what a packet and a conversation are', () => {
  const heads = (width: number) => {
    const place = {width, height: 5};
    const talks = conversationsPane({...list(day.conversations), suspects: new Set()}, place, unicode);
    return [packetsPane(packets(day.packets), place, unicode)[0], talks[0]].map(line => line?.trim().split(/ +/));
  };
  expect(heads(58)).toEqual([
    ['source', 'port', 'destination', 'port', 'proto'],
    ['source', 'destination', 'port', 'proto', 'bytes'],
  ]);
  expect(heads(48)).toEqual([
    ['source', 'port', 'destination', 'port'],
    ['source', 'destination', 'port', 'bytes'],
  ]);
});

test('the figures of a source are whole beside another pane at 120 columns', () => {
  const lines = sourcesPane({...day, view}, {width: 58, height: 40}, unicode);
  expect(lines[1]).toMatch(/^ +rate\/s +received +stored +dup +filtered +dropped +in flight$/);
  expect(lines.slice(1, 6).join('\n')).not.toMatch(/\d…|…$/);
});

test('a column of event ids is there where any event has one', () => {
  const rows = day.logs.slice(-20).map(row => ({...row, code: 0}));
  expect(logsPane(list(rows), small, unicode)[0]).not.toMatch(/ id /);
  expect(logsPane(list(rows.map((row, at) => ({...row, code: at}))), small, unicode)[0]).toMatch(/ id /);
});

test('the help tells the whole of what a key does, over several lines where it must', () => {
  const bindings = [
    {keys: 'F', what: 'filter: show matching rows only, also stored ones; or packets', context: 'Lists'},
  ];
  const lines = helpPane({bindings, top: 0}, {width: 40, height: 6}, unicode).map(line => line.trim());
  expect(lines.join(' ').replace(/ +/g, ' ').trim()).toBe(
    'Lists F filter: show matching rows only, also stored ones; or packets',
  );
});

test('the status bar shouts about drops and keeps to its width', () => {
  const line = (width: number) => statusBar(day.status, {width, height: 1}, unicode)[0] ?? '';
  expect(line(200).trimEnd()).toBe(
    `1.2k ev/s  34k pk/s  queue 12/20k  DROPS 364  db 12 MB  model 3 d old, 62 µs a step  7 open alerts${' '.repeat(
      94,
    )}16:20:07`,
  );
  expect(line(80)).toBe('1.2k ev/s  34k pk/s  q 12  DROPS 364  db 12 MB  model 62 µs  7 open     16:20:07');
  expect(line(24)).toContain('DROPS');
  const calm = {
    ...day.status,
    total: {...day.total, dropped: {}},
    packetCounters: {...day.packetCounters, dropped: {}},
  };
  expect(statusBar(calm, {width: 200, height: 1}, unicode)[0]).toContain('drops 0 ');
});

test('losses that nobody can count are never shown as none', () => {
  const packetCounters = {
    ...day.packetCounters,
    decoded: day.packetCounters.seen,
    dropped: {},
    lossUnknown: true,
  } as const;
  const status = {...day.status, total: {...day.total, dropped: {}}, packetCounters};
  expect(statusBar(status, {width: 200, height: 1}, unicode)[0]).toContain('drops 0+? ');
  const pane = sourcesPane({...day, packetCounters, view: {...view, top: 99}}, large, unicode).join('\n');
  expect(pane).toContain('dropped 0 and an unknown number');
});

test('the status bar tells how far the model’s learning is', () => {
  const status = {...day.status, model: {...day.status.model, state: 'learning' as const, progress: 0.43}};
  expect(statusBar(status, {width: 120, height: 1}, unicode)[0]).toContain('learning, 43 %');
});

test('the open tab is in brackets', () => {
  const tabs = [
    {key: '1', name: 'Alerts', count: 7},
    {key: '2', name: 'Logs', count: 4_000},
  ];
  expect(tabBar({tabs, active: 1}, {width: 30, height: 1}, unicode)).toEqual([' 1 Alerts 7 [2 Logs 4.0k]     ']);
  expect(tabBar({tabs, active: 1}, {width: 9, height: 1}, unicode)).toEqual(['[2 Logs …']);
});

test('a title tells count, pause, filter, search and note as far as there is room', () => {
  const paused = {...view, missed: 123, filter: 'level>=warning', search: 'foo'};
  const data = {name: 'Logs', count: 4_000, view: paused, note: 'page 1/3'};
  expect(titlePane(data, {width: 80, height: 1}, unicode)[0]?.trimEnd()).toBe(
    'Logs · 4,000 · PAUSED +123 · filter: level>=warning · search: foo · page 1/3',
  );
  expect(titleText(data, 30, unicode)).toEqual({text: 'Logs · 4,000 · PAUSED +123', cells: 26});
  expect(titleText({name: 'Logs', count: 2, view}, 30, unicode).text).toBe('Logs · 2 · follow');
});

function list<Row>(rows: readonly Row[]): ListData<Row> {
  return {rows, view, now, empty: 'No packets yet: capture needs root. See: siem doctor'};
}

function packets(rows: readonly PacketRow[]): PacketsData {
  return {...list(rows), suspects: new Set(), talkers: day.talkers};
}

/** A web request through a tunnel, opened, standing on a field of the tree. */
function opened(layer: string, name: string): PacketDetailData {
  const request = Buffer.from('GET / HTTP/1.1\r\nHost: inner.example\r\n\r\n');
  const ends = {from: '10.0.0.1', to: '10.0.0.2'};
  const inner = ethernet(0x0800, ipv4({...ends, protocol: 6}, tcp({from: 40_000, to: 80, flags: 0x18}, request)));
  const vxlan = Buffer.concat([Buffer.from('0800000000004d00', 'hex'), inner]);
  const bytes = ethernet(0x0800, ipv4({...ends, protocol: 17}, udp(5, 4789, vxlan)));
  const layers = explainBytes(bytes, 'ethernet');
  const at = layers.findLastIndex(found => found.layer === layer);
  const field = layers[at]?.fields.findIndex(found => found.name === name) ?? fail();
  const cursor = treeLines(countsOf(layers), []).findIndex(line => line.layer === at && line.field === field);
  const row = {...(day.packets[0] ?? fail()), length: bytes.length, information: 'HTTP GET / Host: inner.example'};
  return {subject: {type: 'packet', row, bytes, layers, note: ''}, tree: {cursor, folded: []}};
}

function charts(page: number) {
  return {...day, span: 600e6, page};
}

function fail(): never {
  throw new Error('Expected the fixture to hold an alert, got none.');
}

test('an hour that the learned model found unusual is marked, and the chart says why', () => {
  const anomaliesByHour = day.anomaliesByHour.map((entry, at) =>
    at === 22 ? {...entry, why: 'alpha/sshd: unexpected entry in its context'} : entry,
  );
  const lines = chartsPane({...charts(1), anomaliesByHour}, small, ascii);
  expect(lines.filter(line => line.includes('^'))).toHaveLength(2);
  expect(lines.join('\n')).toMatch(/\^ 15 {2}alpha\/sshd: unexpected entry in its context/);
});
