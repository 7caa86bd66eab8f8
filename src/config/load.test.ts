import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parse} from 'ini';
import {loadConfig} from './load.ts';
import type {Surroundings} from './places.ts';
import {settingsSchema} from './settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-config-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

function around(env: Surroundings['env'] = {}): Surroundings {
  return {platform: 'linux', env, home: folder, uid: 1000};
}

function load(text: string, env: Surroundings['env'] = {}) {
  const file = join(folder, 'my.ini');
  writeFileSync(file, text);
  return loadConfig({config: file}, around(env));
}

test('config/siem.ini lists every setting with the default the program uses', () => {
  const shipped = parse(readFileSync('config/siem.ini', 'utf8')) as Record<string, Record<string, unknown>>;
  const keys = (value: object) =>
    Object.entries(value).flatMap(([section, entries]) => Object.keys(entries).map(key => `${section}.${key}`));
  const defaults = settingsSchema.parse({});
  expect(keys(shipped)).toEqual(keys(defaults));
  const asText = Object.fromEntries(
    Object.entries(shipped).map(([section, entries]) => [
      section,
      Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, String(value)])),
    ]),
  );
  expect(settingsSchema.parse(asText)).toEqual(defaults);
});

test('without a file the defaults hold and data goes to the state folder of the user', () => {
  const config = loadConfig({}, around());
  expect(config.dataDir).toBe(join(folder, '.local', 'state', 'siem'));
  expect(config.settings.store.keep_days).toBe(30);
  expect(config.file).toBeUndefined();
});

test('root keeps its data in /var/lib/siem, Windows in ProgramData', () => {
  expect(loadConfig({}, {...around(), uid: 0}).dataDir).toBe('/var/lib/siem');
  const windows = loadConfig({}, {...around({ProgramData: 'C:\\PD'}), platform: 'win32', uid: undefined});
  expect(windows.dataDir).toContain('siem');
});

test('a file changes what it names, the environment goes before the file', () => {
  const text = '[store]\nkeep_days = 7\nengine = sql.js\n[sources]\nfiles = /a.log, /b/*.log\nsyslog = yes\n';
  const {settings} = load(text, {SIEM_STORE_KEEP_DAYS: '3'});
  expect(settings.store.keep_days).toBe(3);
  expect(settings.store.engine).toBe('sql.js');
  expect(settings.sources.files).toEqual(['/a.log', '/b/*.log']);
  expect(settings.sources.syslog).toBe(true);
});

test('ModelFile of the original program is honoured', () => {
  expect(load('[DEFAULT]\nModelFile = lstm.siem\n').settings.DEFAULT.ModelFile).toBe('lstm.siem');
});

test.each([
  [
    '[store]\n\nkeep_dais = 3\n',
    /my\.ini:3: Expected a setting of \[store\], got `keep_dais`\. Known: engine, keep_days/,
  ],
  ['[stoer]\nkeep_days = 3\n', /my\.ini:1: Expected a section, got `stoer`\. Known: DEFAULT, monitor/],
  ['[store]\nkeep_days = soon\n', /my\.ini:2: Expected `keep_days` in \[store\] to be a .*number, got `soon`/],
  ['[store]\nkeep_days = -1\n', /my\.ini:2: Expected `keep_days` in \[store\] to be 0 or more, got `-1`/],
  ['[store]\nengine = oracle\n', /to be one of `auto`, `native`, `sql.js`, got `oracle`/],
  [
    '[sources]\nsyslog = perhaps\n',
    /my\.ini:2: Expected `syslog` in \[sources\] to be one of .*`yes`.*, got `perhaps`/,
  ],
  ['[monitor]\nsources = system, jornald\n', /my\.ini:2: Expected `sources` .*journald.*, got `system, jornald`/],
  ['keep_days = 3\n', /my\.ini:1: Expected a \[section\] before the first setting, got `keep_days`/],
])('a wrong setting names file, line, what was expected and what was found: %j', (text, message) => {
  expect(() => load(text)).toThrow(message);
});

test('a wrong environment variable is named', () => {
  expect(() => load('', {SIEM_SCREEN_FRAMES: '99'})).toThrow(
    /^SIEM_SCREEN_FRAMES: Expected `frames`.* 30 or less, got `99`/,
  );
});

test('a configuration file that was asked for and is not there is an error', () => {
  expect(() => loadConfig({config: join(folder, 'none.ini')}, around())).toThrow(
    /Expected a configuration file at .*none\.ini.*no such file/,
  );
});
