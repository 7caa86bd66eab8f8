import {createHash} from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs';
import {z} from 'zod';
import {isMissing} from '../read-text.ts';

/** What is remembered of a file, as plain JSON: enough to say what changed, not enough to tell its content. */
export const fileStateSchema = z.object({
  /** Changes whenever the file may have: then it is read again. */
  stamp: z.string(),
  size: z.number(),
  /** With the bits that say whether it is a file, a link or something else. */
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
  /** Of the content; '' where it may not be read. */
  hash: z.string(),
  /** Where a symbolic link leads; '' for a file. */
  link: z.string(),
  /** A short hash of each line; absent where there are too many. */
  lines: z.array(z.string()).optional(),
});

export type FileState = z.infer<typeof fileStateSchema>;

/** `gone`: there is none. `hidden`: this program may not know. Lines are those of the file, for naming new ones. */
export type FileLook = {readonly state: FileState; readonly lines: readonly string[]} | 'same' | 'gone' | 'hidden';

/**
 * Looks at a file; reads it only where its stamp differs from the known one. A symbolic link is judged by where it
 * leads, unless it is to be followed: what packages keep behind a unit's link is their business, and a user's own link
 * may lead anywhere.
 */
export function lookAtFile(path: string, known: FileState | undefined, follow: boolean): FileLook {
  try {
    const stat = follow ? statSync(path, {bigint: true}) : lstatSync(path, {bigint: true});
    const stamp = stampOf(stat);
    if (known?.stamp === stamp) return 'same';
    const link = stat.isSymbolicLink() ? readlinkSync(path) : '';
    return describe(stat, stamp, link, stat.isFile() ? readContent(path, follow) : undefined);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const {code} = error as {code?: string};
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'hidden';
  }
}

const mostBytes = 1_048_576;
const mostLines = 200;

function stampOf({ino, size, mtimeNs, ctimeNs}: BigIntStats): string {
  return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}

function describe(
  stat: BigIntStats,
  stamp: string,
  link: string,
  content: Buffer | undefined,
): Exclude<FileLook, string> {
  const lines =
    content === undefined
      ? []
      : content
          .toString('utf8')
          .split('\n')
          .filter(line => line.trim() !== '');
  const state = {
    stamp,
    size: Number(stat.size),
    mode: Number(stat.mode),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    hash: content === undefined ? '' : hashOf(content, 32),
    link,
    ...(content !== undefined && lines.length <= mostLines && {lines: lines.map(line => hashOf(line, 8))}),
  };
  return {state, lines};
}

/** The first megabyte, or undefined where it may not be read or is no file any more. */
function readContent(path: string, follow: boolean): Buffer | undefined {
  let file: number;
  try {
    // What was a file a moment ago may be a pipe now, put there to hold this program up: never wait.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    file = openSync(path, follow ? flags : flags | constants.O_NOFOLLOW);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const buffer = Buffer.alloc(Math.min(mostBytes, fstatSync(file).size + 1));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
}

export function hashOf(content: Buffer | string, digits: number): string {
  return createHash('sha256').update(content).digest('hex').slice(0, digits);
}
