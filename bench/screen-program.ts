// A screen on made-up data, for bench/screen.ts and tests/screen.test.ts to drive in a real terminal. Arguments:
// snapshots a second (0: one only); a file that figures are appended to, one JSON line a second.
import {appendFileSync, readFileSync} from 'node:fs';
import type {ReadStream} from 'node:tty';
import ini from 'ini';
import {PacketInspector} from '../src/capture/packets/inspect/packet-inspector.ts';
import {launchSensor} from '../src/capture/packets/launch-sensor.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {isoTime} from '../src/event/ecs.ts';
import {levelNames} from '../src/event/level.ts';
import type {QueryRow} from '../src/query/request.ts';
import type {HistoryClient} from '../src/tui/history-client.ts';
import type {ScreenOutput} from '../src/tui/terminal.ts';
import {begin, logRow, syntheticSnapshots} from './synthetic.ts';

process.env.NODE_ENV ??= 'production';
const {startScreen} = await import('../src/tui/screen.ts');

const [perSecondText = '10', figures] = process.argv.slice(2);
const perSecond = Number(perSecondText);
const settings = settingsSchema.parse(
  ini.parse(readFileSync(new URL('../../config/siem.ini', import.meta.url), 'utf8')),
);
const snapshots = syntheticSnapshots(perSecond || 4);
const timers: NodeJS.Timeout[] = [];

const history: HistoryClient = {
  logs: async ({until, limit, where}) => (where ? storedRows(9_000, 40) : until ? storedRows(-limit, limit) : []),
  alertContext: async () => ({changes: [], anomalies: storedRows(1, 2), logs: storedRows(100, 30)}),
};

const inspection = new PacketInspector({launch: () => launchSensor({mode: 'inspect', user: 'nobody'}, () => {})});

startScreen({
  exportPackets: () => '',
  exportShown: () => '',
  subscribe(onSnapshot) {
    const next = () => {
      const {value} = snapshots.next();
      if (value) onSnapshot(value);
    };
    next();
    if (perSecond > 0) timers.push(setInterval(next, 1000 / perSecond));
    return () => {
      for (const timer of timers) clearInterval(timer);
    };
  },
  send: command => report({command}),
  history,
  inspection,
  settings: {...settings, screen: {...settings.screen, time: 'utc'}},
  stdin: process.stdin as ReadStream,
  stdout: process.stdout as ScreenOutput,
  onQuit: () => process.exit(),
});
report({firstFrameMs: performance.now()});
if (figures !== undefined) timers.push(setInterval(reportUsage, 1000));
// Lets a test see what a crash leaves behind.
process.on('SIGUSR2', () => {
  throw new Error('made to crash');
});

function storedRows(first: number, count: number): QueryRow[] {
  return Array.from({length: count}, (_, index) => {
    const row = logRow(first + index, begin);
    return {
      '@timestamp': isoTime(row.time),
      'event.sequence': row.seq,
      'log.level': levelNames[row.level] ?? 'information',
      'event.code': row.code,
      'event.provider': row.provider,
      'host.name': row.host,
      message: `stored ${row.message}`,
    };
  });
}

function reportUsage(): void {
  const {user, system} = process.cpuUsage();
  report({at: performance.now(), cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss()});
}

function report(figure: object): void {
  if (figures !== undefined) appendFileSync(figures, `${JSON.stringify(figure)}\n`);
}
