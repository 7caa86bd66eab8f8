import {statSync} from 'node:fs';
import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';

const sliceFiles = 64;

/**
 * What stands in files and folders of rules, as a text that changes when a file is added, changed or removed. Looks at
 * a few files at a time, so that nothing else waits.
 */
export async function rulesFingerprint(paths: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const path of paths) {
    const names = await namesIn(path);
    for (let at = 0; at < names.length; at += sliceFiles) {
      parts.push(...names.slice(at, at + sliceFiles).map(identityOf));
      await turn();
    }
  }
  return parts.join('\n');
}

/** The YAML files below a folder; a file is itself. */
async function namesIn(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, {recursive: true});
    return names
      .filter(name => /\.ya?ml$/i.test(name))
      .sort()
      .map(name => join(path, name));
  } catch {
    // Missing or closed: loading the rules says so.
    return [path];
  }
}

/** Synchronous: a microsecond or two each, where a promise costs ten times that. */
function identityOf(path: string): string {
  try {
    const {ino, size, mtimeMs} = statSync(path);
    return `${path} ${ino} ${size} ${mtimeMs}`;
  } catch {
    return `${path} -`;
  }
}
