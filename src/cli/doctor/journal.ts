import {execFile} from 'node:child_process';
import {errorCode} from '../../event/error-code.ts';

export type JournalFound =
  | {readonly state: 'readable' | 'partly' | 'denied' | 'empty'; readonly version: string}
  | {readonly state: 'absent'}
  | {readonly state: 'failed'; readonly detail: string};

const limit = 1_000;

/** Asks journalctl for one entry, for a second at most. `command` stands in for it in tests. */
export async function probeJournal(command = 'journalctl'): Promise<JournalFound> {
  const [entry, version] = await Promise.all([
    run(command, ['-n', '1', '-o', 'json', '--no-pager']),
    run(command, ['--version']),
  ]);
  if (entry.code === 'ENOENT') return {state: 'absent'};
  if (entry.code === 'timeout') return {state: 'failed', detail: `${command} gave no entry within ${limit} ms`};
  return judge(entry, version.out.split('\n', 1)[0] || 'unknown version');
}

function judge({out, err, code}: Answer, version: string): JournalFound {
  if (/insufficient permissions|Permission denied/i.test(err)) return {state: 'denied', version};
  const isPartial = /not seeing messages from other users/.test(err);
  if (out.trim().startsWith('{')) return {state: isPartial ? 'partly' : 'readable', version};
  if (isPartial) return {state: 'denied', version};
  if (code === '' || /No journal files|No entries/i.test(err + out)) return {state: 'empty', version};
  return {state: 'failed', detail: `journalctl: ${err.split('\n', 1)[0] || `ended with ${code}`}`};
}

interface Answer {
  readonly out: string;
  readonly err: string;
  /** '' where it ended well. */
  readonly code: string;
}

function run(command: string, args: readonly string[]): Promise<Answer> {
  const options = {
    timeout: limit,
    killSignal: 'SIGKILL',
    maxBuffer: 1_048_576,
    env: {...process.env, LC_ALL: 'C'},
  } as const;
  return new Promise(resolve => {
    execFile(command, args, options, (error, out, err) => {
      const code = error?.killed ? 'timeout' : error ? errorCode(error) : '';
      resolve({out, err, code});
    });
  });
}
