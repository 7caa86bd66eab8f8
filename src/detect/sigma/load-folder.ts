import {readFileSync, statSync} from 'node:fs';
import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {type ReadRules, readRules} from './parse/read-rules.ts';
import type {RejectedRule} from './resolve.ts';
import {joinRules, type ReadFile, type RuleSet, type RuleSetOptions} from './rule-set.ts';

/** Reads rules out of files and folders (`*.yml`, `*.yaml`, at any depth). What cannot be read is rejected with its reason. */
export function loadRules(paths: readonly string[], options: RuleSetOptions = {}): Promise<RuleSet> {
  return new RuleFolders(paths, options).load();
}

interface KnownFile {
  readonly text: string;
  readonly read: ReadRules;
  /** The newest version all of whose documents were rules. */
  readonly sound: ReadRules | undefined;
}

/** Files and folders of rules that are read again when they change. Only what changed is parsed again. */
export class RuleFolders {
  readonly #paths: readonly string[];
  readonly #options: RuleSetOptions;
  #known = new Map<string, KnownFile>();

  constructor(paths: readonly string[], options: RuleSetOptions = {}) {
    this.#paths = paths;
    this.#options = options;
  }

  /** The rules as they are now. Of a file that has become wrong the version before goes on, and that is said. */
  async load(): Promise<RuleSet> {
    const known = new Map<string, KnownFile>();
    const files: ReadFile[] = [];
    const wrong: RejectedRule[] = [];
    let worked = performance.now();
    for (const path of this.#paths) {
      for (const file of await ruleFiles(path, wrong)) {
        if (performance.now() - worked > longestTurn) {
          await turn();
          worked = performance.now();
        }
        const text = textOf(file, wrong);
        const now = text === undefined ? this.#known.get(file) : this.#read(file, text);
        if (!now) continue;
        known.set(file, now);
        const goesOn = now.read.rejected.length > 0 ? now.sound : undefined;
        files.push({path: file, read: goesOn ?? now.read});
        if (goesOn)
          wrong.push(...now.read.rejected.map(({reason, ...more}) => ({file, ...more, reason: `${reason}; ${kept}`})));
      }
    }
    this.#known = known;
    const set = joinRules(files, this.#options);
    return {...set, rejected: [...wrong, ...set.rejected]};
  }

  #read(file: string, text: string): KnownFile {
    const before = this.#known.get(file);
    if (before?.text === text) return before;
    const read = readRules(text, this.#options.placeholders);
    return {text, read, sound: read.rejected.length === 0 ? read : before?.sound};
  }
}

const kept = 'the version before goes on';

/** Milliseconds after which other work of the thread comes in between. */
const longestTurn = 10;

/** Synchronous: some twenty microseconds a file, where a promise waits ten times that. What is no file may never end. */
function textOf(file: string, wrong: RejectedRule[]): string | undefined {
  try {
    if (!statSync(file).isFile()) throw new Error('it is no file');
    return readFileSync(file, 'utf8');
  } catch (error) {
    wrong.push(unreadable(file, error));
    return undefined;
  }
}

async function ruleFiles(path: string, wrong: RejectedRule[]): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, {recursive: true});
    return names
      .filter(name => /\.ya?ml$/i.test(name))
      .sort()
      .map(name => join(path, name));
  } catch (error) {
    wrong.push(unreadable(path, error));
    return [];
  }
}

function unreadable(file: string, error: unknown): RejectedRule {
  const reason = error instanceof Error ? error.message : String(error);
  return {file, line: 1, reason: `expected a file or folder that can be read: ${reason}`};
}
