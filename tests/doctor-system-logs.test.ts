import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {systemLogChecks} from '../src/cli/doctor/system-logs.ts';
import {MacosMachine} from './support/macos-log.ts';
import {WindowsMachine} from './support/wevtutil.ts';
import {samples} from './support/windows-events.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-doctor-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

test('event logs of Windows are told as readable, denied or not there, each with what helps', async () => {
  const machine = new WindowsMachine(folder);
  machine.add('Security');
  machine.add('System');
  machine.write('System', samples.tpm, samples.session);
  machine.deny('Security');
  const sources = ['auto', 'windows:Other'];
  expect(await systemLogChecks({sources, platform: 'win32', wevtutil: machine.command})).toEqual([
    expect.objectContaining({
      check: 'event log Security',
      state: 'fails',
      mend: expect.stringContaining('Event Log Readers'),
    }),
    {check: 'event log System', state: 'ok', found: 'readable, 2 events'},
    expect.objectContaining({check: 'event log Other', state: 'note'}),
  ]);
  expect(await systemLogChecks({sources: ['auto'], platform: 'linux'})).toEqual([]);
});

test('a Windows without wevtutil is told so for each log that it must have', async () => {
  const checks = await systemLogChecks({sources: ['auto'], platform: 'win32', wevtutil: join(folder, 'none')});
  expect(checks.map(({found}) => found)).toEqual(Array(3).fill('wevtutil was not found'));
});

test('the log of macOS is told as readable, or why not', async () => {
  const machine = new MacosMachine(folder);
  machine.write('x');
  const look = () => systemLogChecks({sources: ['auto'], platform: 'darwin', log: machine.command});
  expect(await look()).toEqual([{check: 'log of macOS', state: 'ok', found: 'readable'}]);
  machine.behave({denied: true});
  expect(await look()).toMatchObject([{state: 'fails', found: expect.stringContaining('Must be admin')}]);
});
