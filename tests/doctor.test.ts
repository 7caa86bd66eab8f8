import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-doctor-'));
});

afterEach(() => rmSync(folder, {recursive: true, force: true}));

function doctor(ini: string, ...args: string[]) {
  const config = join(folder, 'test.ini');
  writeFileSync(config, ini);
  return spawnSync(
    process.execPath,
    ['dist/bin/siem.js', 'doctor', '--data-dir', join(folder, 'data'), '--config', config, ...args],
    {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']},
  );
}

const quiet = '[monitor]\nsources = system\n[capture]\npackets = no\n';

test('where nothing fails that is asked for the status is 0, and nothing is made', () => {
  const {status, stdout, stderr} = doctor(quiet, '--json');
  const checks: {check: string; state: string; found: string; mend?: string}[] = JSON.parse(stdout);
  expect(checks.filter(({state}) => state === 'fails')).toEqual([]);
  expect({status, stderr}).toEqual({status: 0, stderr: ''});
  for (const name of [
    'node',
    'configuration',
    'data folder',
    'store engine',
    'packets',
    'journal',
    'metrics',
    'terminal',
  ]) {
    expect(checks.map(({check}) => check)).toContain(name);
  }
  expect(existsSync(join(folder, 'data'))).toBe(false);
  expect(readdirSync(folder)).toEqual(['test.ini']);
});

test('what is asked for and not there is status 1, with the setting that mends it', () => {
  const {status, stdout} = doctor(`${quiet}[detect]\nlearned = yes\n[DEFAULT]\nModelFile = ${folder}\n`);
  expect(status).toBe(1);
  expect(stdout).toMatch(/fails {2}learned model .*is not a file\n +(→|->) siem train\n/);
  expect(stdout).not.toContain('\u001b');
});

test('a wrong configuration is status 2 and told with file and line, and the rest is still looked at', () => {
  const {status, stdout} = doctor('[store]\nkeep_dayz = 3\n', '--json');
  expect(status).toBe(2);
  const checks: {check: string; found: string}[] = JSON.parse(stdout);
  expect(checks.find(({check}) => check === 'configuration')?.found).toMatch(/test\.ini:2: .*`keep_dayz`/);
  expect(checks.map(({check}) => check)).toContain('store engine');
});
