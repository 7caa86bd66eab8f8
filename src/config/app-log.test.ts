import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openAppLog} from './app-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-log-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

test('a line carries level, place and message, and no escape sequence', () => {
  const log = openAppLog(folder, {level: 'info', max_megabytes: 1, files: 2});
  log.warning('Anomaly \u001b[31mdetected');
  log.debug('not wanted');
  const text = readFileSync(join(folder, 'siem_app.log'), 'utf8');
  expect(text).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \| WARNING \| app-log\.test\.ts:\d+ - Anomaly ␛\[31mdetected\n$/,
  );
  expect(statSync(join(folder, 'siem_app.log')).mode & 0o777).toBe(0o600);
});

test('the log is turned over at its size and old ones are removed', () => {
  const log = openAppLog(folder, {level: 'info', max_megabytes: 1, files: 2});
  for (let index = 0; index < 5; index++) log.info(`${index} ${'x'.repeat(700_000)}`);
  expect(readdirSync(folder).sort()).toEqual(['siem_app.log', 'siem_app.log.1', 'siem_app.log.2']);
  expect(readFileSync(join(folder, 'siem_app.log'), 'utf8')).toMatch(/ - 4 x/);
});

test('a folder that is gone does not stop the program', () => {
  const log = openAppLog(join(folder, 'gone'), {level: 'info', max_megabytes: 1, files: 2});
  expect(() => log.error('lost')).not.toThrow();
});
