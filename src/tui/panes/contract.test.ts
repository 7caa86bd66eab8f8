import {Terminal} from '@xterm/headless';
import * as day from '../../../tests/fixtures/golden-day.ts';
import type {LogRow, PacketRow, Snapshot} from '../../pipeline/snapshot.ts';
import type {AlertGroup} from '../../store/sink.ts';
import type {ListView, Size, Theme} from '../pane.ts';
import {cellWidth} from '../text.ts';
import {createTheme} from '../theme.ts';
import {alertsPane} from './alerts.ts';
import {chartsPane} from './charts.ts';
import {detailPane} from './detail.ts';
import {helpPane} from './help.ts';
import {logsPane} from './logs.ts';
import {packetsPane} from './packets.ts';
import {sourcesPane} from './sources.ts';
import {startupPane} from './startup.ts';
import {statusBar} from './status-bar.ts';
import {tabBar} from './tab-bar.ts';
import {titlePane} from './title.ts';

const themes: readonly Theme[] = [
  createTheme({colour: false, unicode: true, zone: 'utc'}),
  createTheme({colour: 256, unicode: true, zone: 'utc'}),
  createTheme({colour: 'truecolor', unicode: false, zone: 'utc'}),
];

const sizes: readonly Size[] = [
  {width: 80, height: 20},
  {width: 200, height: 48},
  {width: 98, height: 21},
  {width: 131, height: 9},
  {width: 41, height: 5},
  {width: 13, height: 3},
  {width: 2, height: 2},
  {width: 1, height: 1},
  {width: 0, height: 0},
];

type Draw = (random: Random, size: Size, theme: Theme) => readonly string[];

const panes: Readonly<Record<string, Draw>> = {
  alerts: (random, size, theme) => alertsPane(listOf(random, randomAlert), size, theme),
  logs: (random, size, theme) => logsPane(listOf(random, randomLog), size, theme),
  packets: (random, size, theme) => packetsPane(listOf(random, randomPacket), size, theme),
  charts: (random, size, theme) => chartsPane(randomCharts(random), size, theme),
  sources: (random, size, theme) => sourcesPane(randomSources(random), size, theme),
  detail: (random, size, theme) => detailPane(randomDetail(random), size, theme),
  help: (random, size, theme) =>
    helpPane(
      {bindings: random.list(9, () => ({keys: random.text(), what: random.text(), context: 'c'})), top: 1},
      size,
      theme,
    ),
  startup: (random, size, theme) =>
    startupPane(
      {
        title: random.text(),
        lines: random.list(9, () => ({
          what: random.text(),
          state: 'failed',
          detail: random.text(),
          mend: random.text(),
        })),
      },
      size,
      theme,
    ),
  status: (random, size, theme) => statusBar(randomStatus(random), size, theme),
  tabs: (random, size, theme) =>
    tabBar(
      {tabs: random.list(6, () => ({key: '1', name: random.text(), count: random.number()})), active: 1},
      size,
      theme,
    ),
  title: (random, size, theme) =>
    titlePane(
      {name: random.text(), count: random.number(), view: randomView(random), note: random.text()},
      size,
      theme,
    ),
};

describe.each(Object.keys(panes))('the %s pane, whatever its data', name => {
  test('is exactly as wide and high as it was told, with every escape closed on its line', () => {
    const faults: unknown[] = [];
    for (let seed = 1; seed <= 8; seed++) {
      for (const size of sizes) {
        for (const theme of themes) {
          const lines = panes[name]?.(new Random(seed), size, theme) ?? [];
          const wrong = lines.filter(line => !isExact(line, size.width));
          if (lines.length !== size.height || wrong.length > 0) faults.push({seed, size, height: lines.length, wrong});
        }
      }
    }
    expect(faults.slice(0, 3)).toEqual([]);
  });

  test.each([sizes[0], sizes[2]])('takes exactly its cells in a real terminal (%j)', async size => {
    if (!size) return;
    for (const theme of themes) {
      const lines = panes[name]?.(new Random(7, narrowAlphabet), size, theme) ?? [];
      const columns = await columnsAfter(lines, size);
      expect(columns).toEqual(lines.map(() => size.width));
    }
  });
});

const escapes = /\u001b\[[\d;]+m/g;

function isExact(line: string, width: number): boolean {
  const bare = line.replace(escapes, '');
  const last = line.match(escapes)?.at(-1) ?? '\u001b[0m';
  return cellWidth(bare) === width && last === '\u001b[0m' && !/[\p{Cc}\u202a-\u202e]/u.test(bare);
}

/** Where the cursor stands after each line, by a terminal's own reckoning. */
async function columnsAfter(lines: readonly string[], size: Size): Promise<number[]> {
  const terminal = new Terminal({cols: size.width + 20, rows: size.height + 1, allowProposedApi: true});
  const columns: number[] = [];
  for (const line of lines) {
    await new Promise<void>(resolve => terminal.write(line, resolve));
    columns.push(terminal.buffer.active.cursorX);
    await new Promise<void>(resolve => terminal.write('\r\n', resolve));
  }
  terminal.dispose();
  return columns;
}

const alphabet = [
  ...[
    'a',
    'Z',
    '0',
    ' ',
    '.',
    '漢',
    '字',
    '😀',
    '👍🏽',
    '🇩🇪',
    'é',
    'e\u0301',
    'ﷺ',
    'ش',
    'ש',
    '\u202e',
    '\u200d',
    '\u00ad',
  ],
  ...[
    '\u001b[31m',
    '\u001b]0;x\u0007',
    '\t',
    '\r\n',
    '\b',
    '\u009b',
    '\ud800',
    '\ufe0f',
    '…',
    '한',
    '\u1112\u1161',
    'ｱ',
  ],
];
// What the terminal under test, whose tables are of Unicode 6, and newer ones agree about.
const narrowAlphabet = alphabet.filter(text => !/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text));

const oddNumbers = [0, 1, -1, 7, 443, 52_404, 1e6, 1e9, 1.5e15, 1e21, 1e300, Number.NaN, Number.POSITIVE_INFINITY];

/** Marsaglia's xorshift32: the same data for the same seed. */
class Random {
  #state: number;
  readonly #letters: readonly string[];

  constructor(seed: number, letters: readonly string[] = alphabet) {
    this.#state = seed * 2_654_435_761;
    this.#letters = letters;
  }

  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  of<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.below(values.length)] ?? values[0];
  }

  text(): string {
    return Array.from({length: this.below(60)}, () => this.#letters[this.below(this.#letters.length)] ?? '').join('');
  }

  number(): number {
    return oddNumbers[this.below(oddNumbers.length)] ?? 0;
  }

  time(): number {
    return this.below(3) === 0 ? this.number() : day.now - this.below(1e9) * 1e3;
  }

  list<Value>(most: number, make: () => Value): readonly Value[] {
    return Array.from({length: this.below(most + 1)}, make);
  }
}

function randomView(random: Random): ListView {
  const search = random.of(['', 'a', '漢', '.', random.text()]);
  return {
    selected: random.below(12) - 1,
    top: random.number(),
    follow: random.below(2) === 0,
    missed: random.number(),
    filter: random.of(['', random.text()]),
    search,
    focused: random.below(2) === 0,
  };
}

function listOf<Row>(random: Random, row: (random: Random) => Row) {
  const view = {...randomView(random), top: random.below(9)};
  return {rows: random.list(40, () => row(random)), view, now: random.time(), empty: random.text()};
}

function randomLog(random: Random): LogRow {
  return {
    seq: 1,
    time: random.time(),
    level: random.below(12),
    code: random.number(),
    provider: random.text(),
    message: random.text(),
    host: '',
    user: '',
    historical: false,
  };
}

function randomPacket(random: Random): PacketRow {
  return {
    time: random.time(),
    source: random.text(),
    sourcePort: random.number(),
    destination: random.text(),
    destinationPort: random.number(),
    protocol: random.text(),
    length: random.number(),
    information: random.text(),
    interface: '',
  };
}

function randomAlert(random: Random): AlertGroup {
  return {
    id: random.text(),
    host: random.text(),
    agent: '',
    rule: random.text(),
    ruleName: random.text(),
    level: random.of(['informational', 'low', 'medium', 'high', 'critical']),
    category: random.text(),
    entity: random.text(),
    reason: random.text(),
    techniques: random.list(3, () => random.text()),
    first: random.time(),
    last: random.time(),
    count: random.number(),
    historical: random.below(2) === 0,
    status: random.of(['open', 'acknowledged', 'closed']),
    provider: random.text(),
    code: random.number(),
    event: {[random.text()]: random.text(), list: random.list(3, () => random.text())},
  };
}

function randomCharts(random: Random) {
  const value = () => random.of([null, random.number(), random.below(100), 50]);
  const samples = random.list(300, () => ({
    time: 0,
    cpu: value(),
    cores: random.list(9, () => random.number()),
    memory: value(),
    swap: value(),
    load: value(),
    diskRead: value(),
    diskWrite: value(),
    diskUsed: value(),
    networkReceived: value(),
    networkSent: value(),
  }));
  const share = () => random.list(12, () => ({value: random.of(['other', random.text()]), count: random.number()}));
  const shares: Snapshot['shares'] = {
    level: share(),
    source: share(),
    'event-id': share(),
    'anomaly-type': share(),
    protocol: share(),
  };
  return {
    samples: samples.map((sample, index) => ({...sample, time: day.now - (samples.length - index) * 1e6})),
    processes: random.list(20, () => ({
      pid: random.number(),
      name: random.text(),
      cpu: random.number(),
      memory: random.number(),
    })),
    shares,
    anomaliesByHour: random.list(24, () => ({hour: random.time(), count: random.number()})),
    now: random.time(),
    span: random.of([60e6, 600e6, 86_400e6, 1e6]),
    page: random.below(9),
  };
}

function randomConservation(random: Random) {
  return {
    received: random.number(),
    stored: random.number(),
    duplicate: random.number(),
    filtered: random.number(),
    dropped: {[random.text()]: random.number(), full: random.number()},
    inFlight: random.number(),
  };
}

function randomSources(random: Random) {
  const states = ['starting', 'catching-up', 'running', 'waiting', 'covered', 'failed', 'ended'] as const;
  return {
    sources: random.list(6, () => ({
      ...randomConservation(random),
      id: random.text(),
      state: random.of(states),
      detail: random.text(),
      mend: random.text(),
      rate: random.number(),
      newest: random.time(),
    })),
    total: randomConservation(random),
    packetCounters: {
      seen: random.number(),
      decoded: random.number(),
      dropped: {[random.text()]: random.number()},
      bytes: random.number(),
      flows: random.number(),
      aggregatedByOffload: random.number(),
      rate: random.number(),
    },
    view: randomView(random),
  };
}

function randomDetail(random: Random) {
  const alert = randomAlert(random);
  const changes = random.list(3, () => ({
    alert: '',
    time: random.time(),
    actor: random.text(),
    action: 'comment' as const,
    note: random.text(),
  }));
  const events = random.list(5, () => ({'@timestamp': '', message: random.text(), 'event.code': random.number()}));
  const context = random.list(9, () => ({...randomLog(random), trigger: random.below(3) === 0}));
  return {subject: {type: 'alert' as const, alert, changes, events, context}, view: randomView(random)};
}

function randomStatus(random: Random) {
  const states = ['learning', 'online', 'ready', 'training', 'refused', 'off'] as const;
  return {
    ...day.status,
    time: random.time(),
    mode: random.of<Snapshot['mode']>(['live', 'replay', 'demo']),
    rates: {events: random.number(), packets: random.number(), alerts: random.number()},
    queue: {length: random.number(), capacity: random.number()},
    total: randomConservation(random),
    store: {
      ...day.status.store,
      bytes: random.number(),
      state: random.of<Snapshot['store']['state']>(['ok', 'full', 'degraded']),
    },
    model: {
      ...day.status.model,
      state: random.of(states),
      progress: random.number(),
      trained: random.time(),
      stepMicros: random.number(),
      skipped: random.number(),
    },
    alertTotals: {open: random.number(), acknowledged: 0, closed: 0, findings: 0},
  };
}
