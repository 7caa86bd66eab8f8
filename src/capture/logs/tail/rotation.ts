import {readdir, stat} from 'node:fs/promises';
import {basename, dirname, extname, join} from 'node:path';
import {errorCode} from '../../../event/error-code.ts';

/** A file that holds, or once held, what a path's program writes. */
export interface LogFile {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  /** ms */
  readonly modified: number;
  /** ms */
  readonly born: number;
  readonly packed: boolean;
}

interface Sibling {
  readonly name: string;
  /** The rotation's number or date as text. */
  readonly mark: string;
  readonly packed: boolean;
}

/** The rotated files of a path, oldest first: `x.2.gz`, `x.1`, `x-20261122`, `x.2026-11-22`, `x-20261122.log`. */
export async function rotatedFiles(path: string): Promise<LogFile[]> {
  const folder = dirname(path);
  const siblings = withoutHalfPacked(await siblingsOf(folder, basename(path)));
  const found = await Promise.all(
    siblings.map(async sibling => ({sibling, file: await describeFile(join(folder, sibling.name), sibling.packed)})),
  );
  return found
    .flatMap(({sibling, file}) => (file ? [{sibling, file}] : []))
    .sort((a, b) => rotationOrder(a.sibling, a.file, b.sibling, b.file))
    .map(({file}) => file);
}

/** What a path leads to, or undefined where it is missing or no regular file. */
export async function describeFile(path: string, packed = false): Promise<LogFile | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    const {dev, ino, size, mtimeMs, birthtimeMs} = found;
    return {path, device: dev, inode: ino, size, modified: mtimeMs, born: Math.floor(birthtimeMs), packed};
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The path's name that a name is a rotated form of: `syslog.2.gz` → `syslog`, Zeek's `conn-24-01-01_00.00.00.log` → `conn.log`. */
export function rotatedFrom(name: string): string | undefined {
  const found = rotatedName.exec(name);
  if (!found) return undefined;
  return `${found[1]}${found[3] ?? ''}`;
}

const rotatedName =
  /^(.+?)[.-](\d{1,4}|\d{2}-\d{2}-\d{2}_\d{2}\.\d{2}\.\d{2}|\d{4}-?\d{2}-?\d{2}(?:[-T_.]?\d{1,10}(?:[-:.]\d{2}){0,2})?)(\.(?!gz$)[A-Za-z]\w{0,7})?(\.gz)?$/;

async function siblingsOf(folder: string, base: string): Promise<Sibling[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const stem = base.slice(0, base.length - extname(base).length);
  return names.flatMap(name => {
    if (!name.startsWith(stem) || name === base) return [];
    const found = rotatedName.exec(name);
    if (!found || rotatedFrom(name) !== base) return [];
    return [{name, mark: found[2] ?? '', packed: found[4] !== undefined}];
  });
}

/** While a file is being packed both stand there, and the packed one is not whole. */
function withoutHalfPacked(siblings: readonly Sibling[]): readonly Sibling[] {
  const plain = new Set(siblings.filter(sibling => !sibling.packed).map(sibling => sibling.name));
  return siblings.filter(sibling => !sibling.packed || !plain.has(sibling.name.slice(0, -3)));
}

/** Numbers count down towards now, dates up; between the two kinds, or for equal marks, the time of change decides. */
function rotationOrder(a: Sibling, aFile: LogFile, b: Sibling, bFile: LogFile): number {
  const aNumbered = a.mark.length <= 4;
  const bNumbered = b.mark.length <= 4;
  if (aNumbered && bNumbered && a.mark !== b.mark) return Number(b.mark) - Number(a.mark);
  if (!aNumbered && !bNumbered && a.mark !== b.mark) return a.mark < b.mark ? -1 : 1;
  return aFile.modified - bFile.modified;
}
