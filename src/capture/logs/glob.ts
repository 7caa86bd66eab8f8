import {readdir, stat} from 'node:fs/promises';
import {dirname, join, parse, sep} from 'node:path';

const special = /[*?[]/;
/** More paths than this are not looked for. */
export const mostPaths = 1000;

export function isGlob(path: string): boolean {
  return special.test(path);
}

/** The existing files that a pattern with `*`, `?` and `[…]` names, sorted. Names that begin with a dot must be asked for. */
export async function expandGlob(pattern: string): Promise<readonly string[]> {
  const {root} = parse(pattern);
  let paths = [root];
  const parts = pattern.slice(root.length).split(sep);
  for (const [at, part] of parts.entries()) {
    const last = at === parts.length - 1;
    const next = await Promise.all(paths.map(path => matches(path, part, last)));
    paths = next.flat().slice(0, mostPaths);
  }
  return paths.sort();
}

/** The part of a pattern's folder that names no pattern: what must exist for it to be of use. */
export function fixedFolder(pattern: string): string {
  let folder = dirname(pattern);
  while (isGlob(folder)) folder = dirname(folder);
  return folder;
}

async function matches(folder: string, part: string, wantFile: boolean): Promise<string[]> {
  if (!isGlob(part)) {
    const path = join(folder, part);
    return (await isKind(path, wantFile)) ? [path] : [];
  }
  const form = toExpression(part);
  const names = (await namesIn(folder)).filter(
    name => form.test(name) && (part.startsWith('.') || !name.startsWith('.')),
  );
  const found = await Promise.all(names.map(name => isKind(join(folder, name), wantFile)));
  return names.filter((_, at) => found[at]).map(name => join(folder, name));
}

/** Stars that follow each other mean one, so that matching stays linear for what people write. */
function toExpression(part: string): RegExp {
  const source = part.replace(/\*+|\?|\[(!?)([^\]/]+)\]|[.+^${}()|\\[\]]/g, (found, not: string, set: string) => {
    if (found.startsWith('*')) return '[^/]*';
    if (found === '?') return '[^/]';
    if (set !== undefined) return `[${not === '' ? '' : '^'}${set.replace(/[\\^]/g, '\\$&')}]`;
    return `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // A folder that is missing or closed holds nothing that could be followed; it is looked at again later.
    return [];
  }
}

async function isKind(path: string, file: boolean): Promise<boolean> {
  try {
    const found = await stat(path);
    return file ? found.isFile() : found.isDirectory();
  } catch {
    // Gone since it was listed.
    return false;
  }
}
