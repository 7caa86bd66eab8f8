import {Terminal} from '@xterm/headless';
import {
  listOf,
  narrowAlphabet,
  Random,
  randomAlert,
  randomCharts,
  randomConversation,
  randomDetail,
  randomLog,
  randomPacket,
  randomPacketDetail,
  randomSources,
  randomStatus,
  randomTalker,
  randomView,
} from '../../../tests/fixtures/random-data.ts';
import type {Size, Theme} from '../pane.ts';
import {cellWidth} from '../text.ts';
import {createTheme} from '../theme.ts';
import {alertsPane} from './alerts.ts';
import {chartsPane} from './charts.ts';
import {conversationsPane} from './conversations.ts';
import {detailPane} from './detail.ts';
import {helpPane} from './help.ts';
import {logsPane} from './logs.ts';
import {packetDetailPane} from './packet-detail.ts';
import {packetsPane} from './packets.ts';
import {sourcesPane} from './sources.ts';
import {startupPane} from './startup.ts';
import {statusBar} from './status-bar.ts';
import {tabBar} from './tab-bar.ts';
import {talkersPane} from './talkers.ts';
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
  packets: (random, size, theme) =>
    packetsPane(
      {
        ...listOf(random, randomPacket),
        suspects: new Set([random.text()]),
        talkers: random.list(60, () => randomTalker(random)),
      },
      size,
      theme,
    ),
  conversations: (random, size, theme) =>
    conversationsPane({...listOf(random, randomConversation), suspects: new Set([random.text()])}, size, theme),
  talkers: (random, size, theme) =>
    talkersPane({...listOf(random, randomTalker), suspects: new Set([random.text()])}, size, theme),
  'packet detail': (random, size, theme) => packetDetailPane(randomPacketDetail(random), size, theme),
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
    for (let seed = 1; seed <= 4; seed++) {
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
