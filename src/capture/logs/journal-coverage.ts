import {execFile} from 'node:child_process';
import {stat} from 'node:fs/promises';
import {basename} from 'node:path';
import {promisify} from 'node:util';
import type {JournalOptions} from './journal-child.ts';
import {journalPlace} from './journal-entry.ts';
import {parseJournalLine} from './journal-json.ts';

/** What a syslog daemon writes from what journald gives it. */
const writtenFromJournal = new Set([
  ...['syslog', 'messages', 'auth.log', 'secure', 'kern.log', 'daemon.log', 'user.log', 'debug'],
  ...['mail.log', 'mail.info', 'mail.warn', 'mail.err', 'maillog', 'cron.log', 'cron'],
]);

/** Whether syslog writes a file of this name from the journal, where there is one. */
export function isWrittenFromJournal(path: string): boolean {
  return writtenFromJournal.has(basename(path));
}

/** A journal whose newest entry is older than the newest of these files by more is not what they are written from, µs. */
const mostBehind = 600_000_000;

/**
 * Which of these files bring only what the journal brings too: the usual syslog files, where the whole journal can be
 * read and is as fresh as they are.
 */
export async function coveredByJournal(
  paths: readonly string[],
  options: JournalOptions = {},
): Promise<ReadonlySet<string>> {
  const candidates = paths.filter(isWrittenFromJournal);
  if (candidates.length === 0) return new Set();
  const newest = await newestEntry(options);
  if (newest === undefined) return new Set();
  const changes = await Promise.all(candidates.map(changedAt));
  return newest >= Math.max(0, ...changes) - mostBehind ? new Set(candidates) : new Set();
}

/** Time of the newest entry, or undefined where the journal cannot be read, or not all of it. */
async function newestEntry(options: JournalOptions): Promise<number | undefined> {
  const which = options.folder === undefined ? [] : [`--directory=${options.folder}`];
  try {
    const {stdout, stderr} = await promisify(execFile)(
      options.command ?? 'journalctl',
      [...which, '--lines=1', '--output=json', '--no-pager'],
      {timeout: 5000, env: {...process.env, LC_ALL: 'C'}, maxBuffer: 4 * 2 ** 20},
    );
    if (/not seeing messages from other users/.test(stderr)) return undefined;
    const record = parseJournalLine(stdout.trim());
    return record && journalPlace(record)?.time;
  } catch {
    // No journalctl here, or it gives no answer: then nothing is covered, and the files are read.
    return undefined;
  }
}

async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs * 1000;
  } catch {
    // A file that is not there is older than anything.
    return 0;
  }
}
