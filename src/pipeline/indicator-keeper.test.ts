import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import type {AppLog} from '../config/app-log.ts';
import {settingsSchema} from '../config/settings.ts';
import type {Indicators} from '../detect/flows/indicators/indicators.ts';
import {IndicatorKeeper} from './indicator-keeper.ts';
import type {StartupLine} from './snapshot.ts';

let folder: string;
let keeper: IndicatorKeeper | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-keeper-'));
});
afterEach(async () => {
  await keeper?.stop();
  rmSync(folder, {recursive: true});
});

function keep() {
  const told: StartupLine[] = [];
  const logged: string[] = [];
  const state: {now: Indicators | undefined} = {now: undefined};
  const log = {
    info: () => {},
    warning: (line: string) => logged.push(line),
    error: (line: string) => logged.push(line),
  };
  const settings = settingsSchema.parse({network: {indicators: 'bad.txt'}, rules: {watch_seconds: '1'}});
  keeper = new IndicatorKeeper({
    detector: {
      setIndicators: indicators => {
        state.now = indicators;
      },
    },
    ...{settings, dataDir: folder, log: log as unknown as AppLog, tell: (line: StartupLine) => told.push(line)},
  });
  return {keeper, told, logged, state};
}

test('lists are in force at the start, and broken lines are told', async () => {
  writeFileSync(join(folder, 'bad.txt'), '203.0.113.7\nwhat is this\n');
  const {keeper: keeping, told, logged, state} = keep();
  await keeping.start();
  expect(state.now?.address('203.0.113.7')?.list).toBe('bad.txt');
  expect(told).toMatchObject([
    {what: 'indicators', state: 'note', detail: expect.stringContaining('1 indicators of 1 lists; 1 lines are none')},
  ]);
  expect(logged[0]).toContain('bad.txt:2: "what is this"');
});

test('a list that changes is read again, and one that goes missing stays in force', async () => {
  const path = join(folder, 'bad.txt');
  writeFileSync(path, '203.0.113.7\n');
  const {keeper: keeping, told, state} = keep();
  await keeping.start();
  writeFileSync(path, '203.0.113.7\n198.51.100.9\n');
  while (told.length < 2) await pause(50);
  expect(state.now?.address('198.51.100.9')).toBeDefined();
  rmSync(path);
  while (told.length < 3) await pause(50);
  expect(told.at(-1)).toMatchObject({state: 'note', detail: expect.stringContaining('there is no such file')});
  expect(state.now?.address('198.51.100.9')).toBeDefined();
}, 20_000);
