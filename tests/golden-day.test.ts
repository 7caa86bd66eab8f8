import {spawnSync} from 'node:child_process';
import type {AppLog} from '../src/config/app-log.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {minute} from '../src/event/clock.ts';
import {AlertDesk} from '../src/pipeline/alert-desk.ts';
import {Engine} from '../src/pipeline/engine.ts';
import {isBalanced} from '../src/pipeline/ledger.ts';
import type {Snapshot} from '../src/pipeline/snapshot.ts';
import {openWriter} from '../src/store/writer.ts';
import {chartsPane} from '../src/tui/panes/charts.ts';
import {createTheme} from '../src/tui/theme.ts';
import {now} from './fixtures/golden-day.ts';
import {goldenFindings, goldenPackets, goldenSource, stormStart} from './fixtures/golden-store.ts';
import {removeTemporaryFolders, temporaryFolder} from './support/store-fixture.ts';

// One day of the original program went into the store; whoever asks for it must find every figure of it again.

const silent: AppLog = {debug: () => {}, info: () => {}, warning: () => {}, error: () => {}};
let folder = '';

beforeAll(async () => {
  folder = temporaryFolder();
  const engine = await begin();
  await engine.run(goldenSource());
  engine.tally(goldenPackets());
  engine.raise(goldenFindings());
  await engine.stop();
});

afterAll(removeTemporaryFolders);

/** An engine at the end of that day, without detectors: the day's findings are given. */
async function begin(): Promise<Engine> {
  const settings = settingsSchema.parse({});
  const clock = () => now;
  const engine = new Engine({
    settings,
    clock,
    identity: {agent: 'a', host: 'desk'},
    mode: 'live',
    store: await openWriter(folder, settings.store, clock),
    desk: new AlertDesk({settings, clock, log: silent, stored: () => undefined}),
    detectors: [],
    log: silent,
    ready: () => true,
    publish: () => {},
    model: () => ({state: 'off', progress: 0, detail: '', trained: 0, stepMicros: 0, scored: 0, skipped: 0}),
    setBusy: () => {},
  });
  engine.start();
  return engine;
}

async function afterRestart(): Promise<Snapshot> {
  const engine = await begin();
  const snapshot = engine.snapshot();
  await engine.stop();
  return snapshot;
}

test('the charts show every figure of the day, also after a restart', async () => {
  const snapshot = await afterRestart();
  const theme = createTheme({colour: false, unicode: true, zone: 'utc'});
  const screen = chartsPane({...snapshot, page: 0, now, span: minute}, {width: 280, height: 60}, theme).join('\n');
  const figures = [
    ['information', '92.5 %'],
    ['warning', '4.7 %'],
    ['error', '1.8 %'],
    ['Microsoft-Windows-Kernel-Power', '32.1 %'],
    ['TPM', '24.6 %'],
    ['Software Protection Platform', '21.5 %'],
    ['DellTechHub', '11.1 %'],
    ['Alienware SupportAssist Remediation', '10.6 %'],
    ['17', '31.5 %'],
    ['0', '29.0 %'],
    ['566', '13.8 %'],
    ['16394', '13.4 %'],
    ['16384', '12.3 %'],
    ['Network Packet Anomaly', '96.0 %'],
    ['Windows Event Log Anomaly', '4.0 %'],
    ['TCP', '66.8 %'],
    ['UDP', '32.6 %'],
  ] as const;
  for (const [value, share] of figures) expect(screen).toMatch(new RegExp(`(?<!\\w)${value} [^│\n]*?${share}`));
  expect(screen).toContain('most 4,000 from 15 to 16');
  expect(snapshot.anomaliesByHour.find(({hour}) => hour === stormStart)?.count).toBe(4_000);
  expect(snapshot.alerts.find(({rule}) => rule === 'network.tcp.oversized')?.level).toBe('critical');
});

test('the same day handed over again is accounted for and known', async () => {
  const engine = await begin();
  await engine.run(goldenSource());
  const {total} = engine.snapshot();
  await engine.stop();
  expect(total).toMatchObject({received: 11_005, duplicate: 10_005, inFlight: 0});
  expect(isBalanced(total)).toBe(true);
});

test.each([
  [
    ['--by', 'level'],
    ['information 9250 92.5 %', 'warning 475 4.7 %', 'error 180 1.8 %'],
  ],
  [
    ['--by', 'source'],
    [
      'Microsoft-Windows-Kernel-Power 3210 32.1 %',
      'TPM 2460 24.6 %',
      'Software Protection Platform 2150 21.5 %',
      'DellTechHub 1110 11.1 %',
      'Alienware SupportAssist Remediation 1060 10.6 %',
    ],
  ],
  [
    ['--by', 'code'],
    ['17 3150 31.5 %', '0 2900 29.0 %', '566 1380 13.8 %', '16394 1340 13.4 %', '16384 1230 12.3 %', '701 5 0.0 %'],
  ],
  [
    ['-k', 'anomalies', '--by', 'type'],
    ['Network Packet Anomaly 3960 96.0 %', 'Windows Event Log Anomaly 165 4.0 %'],
  ],
  [
    ['-k', 'flows', '--by', 'proto', '-n', '2'],
    ['tcp 668 66.8 %', 'udp 326 32.6 %', 'other (2) 6 0.6 %'],
  ],
  [['-k', 'anomalies', '--by', 'level', 'type:Network*'], ['critical 3960 100.0 %']],
  [['-k', 'anomalies', '--every', '1h'], ['2024-09-25 15:00:00.000Z 4000 97.0 %']],
])('siem query --count %p gives the day’s figures', (flags, expected) => {
  const rows = query('--count', ...flags).map(line => line.trim().replace(/ {2,}/g, ' '));
  expect(rows).toEqual(expect.arrayContaining(expected));
});

test('Win32k warned five times with event 701, 6.5 % warned or failed, and oversized TCP packets were critical', () => {
  expect(query('--count', 'code:701 source:Win32k level:warning')).toEqual(['5']);
  expect(query('--count', 'level:warning or level:error')).toEqual(['655']);
  expect(
    query('-k', 'alerts', '--fields', 'rule.level,event.count', '-o', 'csv', 'rule:network.tcp.oversized'),
  ).toEqual(expect.arrayContaining([expect.stringMatching(/^critical,/)]));
});

function query(...flags: string[]): string[] {
  const span = ['--since', '2024-09-24 17:00', '--until', '2024-09-25 16:20', '--utc', '--data-dir', folder];
  const done = spawnSync(process.execPath, ['dist/bin/siem.js', 'query', ...span, ...flags], {encoding: 'utf8'});
  if (done.status !== 0) throw new Error(`${flags.join(' ')}: ${done.status} ${done.stderr}`);
  return done.stdout.trim().split(/\r?\n/);
}
