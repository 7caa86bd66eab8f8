import {accessSync, constants, lstatSync, readdirSync, type Stats, statSync} from 'node:fs';
import {extname, join, resolve} from 'node:path';
import {expandGlob, isGlob, mostPaths} from '../../capture/logs/glob.ts';
import {SourceError} from '../../capture/source.ts';
import {errorText} from '../../event/error-code.ts';
import {UsageError} from '../failure.ts';

export interface ScanTarget {
  readonly path: string;
  readonly bytes: number;
  /** The user named it, rather than a folder that it is in. */
  readonly isNamed: boolean;
}

export interface FoundFiles {
  /** Sorted by path. */
  readonly targets: readonly ScanTarget[];
  /** How many were left out, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Files and folders that are not there or may not be read. */
  readonly failures: readonly string[];
}

/** What is no log, by its name; beside logs there often are rules, notes and pictures. Named by the user it is read. */
const otherKinds = new Set(
  '.yml .yaml .md .html .htm .css .js .mjs .cjs .ts .py .sh .ps1 .pdf .png .jpg .jpeg .gif .svg .exe .dll .so .sys .db'.split(
    ' ',
  ),
);

/**
 * The files behind files, folders (all files in them, at any depth) and patterns. What is not there or may not be
 * read keeps the others from nothing. Throws a SourceError where that leaves nothing, a UsageError for too many.
 */
export async function findFiles(names: readonly string[]): Promise<FoundFiles> {
  const found = new Gathered();
  for (const name of names) {
    const path = resolve(name);
    const kind = found.kindOf(path);
    if (kind === 'closed') continue;
    if (kind?.isDirectory()) found.folder(path);
    else if (kind) found.file(path, kind.size, true);
    else await addPattern(name, path, found);
  }
  if (found.targets.size === 0 && found.failures.length > 0) throw new SourceError(found.failures.join('\n'));
  const targets = [...found.targets.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
  return {targets, skipped: found.skipped, failures: found.failures};
}

async function addPattern(name: string, pattern: string, found: Gathered): Promise<void> {
  const paths = isGlob(pattern) ? await expandGlob(pattern) : [];
  if (paths.length === 0) {
    found.failures.push(
      isGlob(pattern)
        ? `Expected files that fit "${name}", found none.`
        : `Expected a file or folder at ${name}, found none.`,
    );
    return;
  }
  if (paths.length >= mostPaths) {
    throw new UsageError(`Expected fewer than ${mostPaths} files that fit "${name}", found more. Name their folder.`);
  }
  for (const path of paths) found.file(path, statSync(path).size, true);
}

class Gathered {
  readonly targets = new Map<string, ScanTarget>();
  readonly skipped = new Map<string, number>();
  readonly failures: string[] = [];

  /** Undefined where there is nothing; `closed`, and told, where a folder above may not be looked into. */
  kindOf(path: string): Stats | 'closed' | undefined {
    try {
      return statSync(path, {throwIfNoEntry: false});
    } catch (error) {
      this.failures.push(`${path}: expected a file or folder that can be read: ${errorText(error)}`);
      return 'closed';
    }
  }

  file(path: string, bytes: number, isNamed: boolean): void {
    const kind = extname(path).toLowerCase();
    if (!isNamed && otherKinds.has(kind)) this.#skip(`no log by its name (${kind})`);
    else if (bytes === 0) this.#skip('empty');
    else if (this.#isReadable(path) && !this.targets.get(path)?.isNamed) this.targets.set(path, {path, bytes, isNamed});
  }

  folder(path: string): void {
    let names: readonly string[];
    try {
      names = readdirSync(path).sort();
    } catch (error) {
      this.failures.push(`${path}: expected a folder that can be read: ${errorText(error)}`);
      return;
    }
    for (const name of names) {
      const inner = join(path, name);
      const kind = this.kindOf(inner);
      if (kind === 'closed') continue;
      if (name.startsWith('.')) this.#skip('hidden');
      else if (!kind) this.#skip('gone, or a link to nothing');
      else if (kind.isFile()) this.file(inner, kind.size, false);
      else if (!kind.isDirectory()) this.#skip('no file');
      // A link to a folder could lead round in a circle.
      else if (lstatSync(inner).isSymbolicLink()) this.#skip('a link to a folder');
      else this.folder(inner);
    }
  }

  #isReadable(path: string): boolean {
    try {
      accessSync(path, constants.R_OK);
      return true;
    } catch (error) {
      this.failures.push(`${path}: expected a file that can be read: ${errorText(error)}`);
      return false;
    }
  }

  #skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }
}
