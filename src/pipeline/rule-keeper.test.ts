import {mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import type {AppLog} from '../config/app-log.ts';
import {settingsSchema} from '../config/settings.ts';
import {logEntry} from '../detect/rules/log-entry.test-helper.ts';
import {SigmaDetector} from '../detect/sigma/detector.ts';
import {buildRuleSet} from '../detect/sigma/rule-set.ts';
import {RuleKeeper} from './rule-keeper.ts';
import type {StartupLine} from './snapshot.ts';

let dataDir: string;
let keeper: RuleKeeper | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'siem-rules-'));
  mkdirSync(join(dataDir, 'rules'));
});
afterEach(async () => {
  await keeper?.stop();
  rmSync(dataDir, {recursive: true});
});

const detector = () => new SigmaDetector(buildRuleSet([]));

function started(sigma: SigmaDetector): {lines: StartupLine[]; logged: string[]; loaded: Promise<void>} {
  const [lines, logged]: [StartupLine[], string[]] = [[], []];
  const write = (text: string) => void logged.push(text);
  const log = {debug: write, info: write, warning: write, error: write} as unknown as AppLog;
  const settings = settingsSchema.parse({rules: {shipped: 'no', watch_seconds: '1'}});
  keeper = new RuleKeeper({detector: sigma, settings, dataDir, log, tell: line => void lines.push(line)});
  return {lines, logged, loaded: keeper.start()};
}

/** Written with a time of its own: two versions within one tick of the disk's clock would look the same. */
let written = 0;
function write(name: string, text: string): void {
  const file = join(dataDir, name);
  writeFileSync(file, text);
  utimesSync(file, ++written, written);
}

function rule(title: string, word: string, level = 'high'): string {
  return `title: ${title}\nlevel: ${level}\nlogsource: {product: linux}\ndetection: {s: [${word}], condition: s}\n`;
}

function found(sigma: SigmaDetector, message: string): readonly string[] {
  return sigma.onEvents([logEntry(0, {message})]).map(alert => `${alert.rule.name} ${alert.rule.level}`);
}

async function until(holds: () => boolean): Promise<void> {
  for (let left = 300; left > 0; left--) {
    if (holds()) return;
    await pause(50);
  }
  throw new Error('waited in vain');
}

test('rules are in force once the start is through, and what is rejected is told once', async () => {
  const sigma = detector();
  write('rules/a.yml', rule('A', 'frobnicate'));
  write('rules/b.yml', 'title: B\nlogsource: {product: linux}\ndetection: {condition: s}\n');
  const {lines, logged, loaded} = started(sigma);
  await loaded;
  expect(found(sigma, 'please frobnicate')).toEqual(['A high']);
  expect(lines).toEqual([
    {
      what: 'rules',
      state: 'note',
      detail: expect.stringMatching(/^1 Sigma rules loaded, 1 not: .*b\.yml:\d/),
      mend: 'siem rules check',
    },
  ]);
  write('rules/a.yml', rule('A2', 'frobnicate'));
  await until(() => lines.length === 2);
  expect(found(sigma, 'please frobnicate')).toEqual(['A2 high']);
  expect(logged.filter(text => text.includes('b.yml'))).toHaveLength(1);
});

test('a tuning file is taken up when it comes, and one with mistakes changes nothing', async () => {
  const sigma = detector();
  write('rules/a.yml', rule('A', 'frobnicate'));
  const {lines, loaded} = started(sigma);
  await loaded;
  write('tuning.txt', 'level A low\n');
  await until(() => lines.length === 2);
  expect(found(sigma, 'please frobnicate')).toEqual(['A low']);
  write('tuning.txt', 'disable A\nfrob\n');
  await until(() => lines.length === 3);
  expect(lines[2]?.detail).toMatch(/tuning\.txt:2: expected disable, level or suppress/);
  expect(found(sigma, 'please frobnicate')).toEqual(['A low']);
  write('tuning.txt', 'disable A\n');
  await until(() => lines.length === 4);
  expect(found(sigma, 'please frobnicate')).toEqual([]);
});

test('a broken file goes on as it was until it is mended or removed', async () => {
  const sigma = detector();
  write('rules/a.yml', rule('A', 'frobnicate'));
  const {lines, loaded} = started(sigma);
  await loaded;
  write('rules/a.yml', 'title: [');
  await until(() => lines.length === 2);
  expect(lines[1]?.detail).toMatch(/a\.yml:1: .*the version before goes on/);
  expect(found(sigma, 'please frobnicate')).toEqual(['A high']);
  rmSync(join(dataDir, 'rules/a.yml'));
  await until(() => lines.length === 3);
  expect(found(sigma, 'please frobnicate')).toEqual([]);
});
