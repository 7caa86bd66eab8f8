import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** The sessions of one data set: what to learn, and what to tell apart. Each session is a list of event ids. */
export interface SequenceData {
  readonly name: string;
  readonly train: readonly Session[];
  readonly normal: readonly Session[] | undefined;
  readonly abnormal: readonly Session[];
}

export type Session = readonly string[];

/** A mistake of the one who runs the benchmark; the message says what was expected. */
export class SequenceFilesError extends Error {}

/**
 * Reads every data set of a folder: files named `NAME_train`, `NAME_test_abnormal` and `NAME_test_normal` (an ending
 * such as `.txt` may follow), a session a line, event ids separated by spaces, before them perhaps a session id and a
 * comma. Throws a SequenceFilesError where a file is missing or a line holds nothing.
 */
export function readSequenceData(folder: string, {needNormal}: {readonly needNormal: boolean}): SequenceData[] {
  const files = listFiles(folder);
  const sets = [...files].flatMap(([role, path]) => {
    const name = /^(.*)_train$/.exec(role)?.[1];
    return name === undefined ? [] : [readSet(name, path, files, folder, needNormal)];
  });
  if (sets.length === 0) {
    throw new SequenceFilesError(`Expected files named NAME_train and NAME_test_abnormal in ${folder}, found none.`);
  }
  return sets;
}

/** A line's event ids, without the session id that may stand before a comma. */
export function parseSession(line: string): Session {
  const comma = line.indexOf(',');
  const ids = comma === -1 ? line : line.slice(comma + 1);
  return ids.split(/[\s,]+/).filter(id => id !== '');
}

function listFiles(folder: string): Map<string, string> {
  try {
    const names = readdirSync(folder).sort();
    return new Map(names.map(name => [name.replace(/\.(txt|csv|log|dat)$/i, ''), join(folder, name)]));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SequenceFilesError(
      `Expected a folder with sequence files, found ${folder}, which cannot be read: ${why}`,
    );
  }
}

function readSet(
  name: string,
  trainPath: string,
  files: ReadonlyMap<string, string>,
  folder: string,
  needNormal: boolean,
): SequenceData {
  const abnormalPath = files.get(`${name}_test_abnormal`);
  if (abnormalPath === undefined) {
    throw new SequenceFilesError(`Expected ${name}_test_abnormal beside ${name}_train in ${folder}, found none.`);
  }
  const normalPath = files.get(`${name}_test_normal`);
  if (normalPath === undefined && needNormal) {
    throw new SequenceFilesError(
      `Expected ${name}_test_normal beside ${name}_train in ${folder}, found none: without normal sessions to test on ` +
        'there is no false-positive rate.',
    );
  }
  return {
    name,
    train: readSessions(trainPath),
    normal: normalPath === undefined ? undefined : readSessions(normalPath),
    abnormal: readSessions(abnormalPath),
  };
}

function readSessions(path: string): Session[] {
  const sessions = readFileSync(path, 'utf8')
    .split('\n')
    .map(parseSession)
    .filter(session => session.length > 0);
  if (sessions.length === 0) throw new SequenceFilesError(`Expected sessions, one a line, in ${path}, found none.`);
  return sessions;
}
