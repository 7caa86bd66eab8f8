import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {buildRuleSet, type RejectedRule, type RuleFile, type RuleSet, type RuleSetOptions} from './rule-set.ts';

/** Reads rules out of files and folders (`*.yml`, `*.yaml`, at any depth). What cannot be read is rejected with its reason. */
export async function loadRules(paths: readonly string[], options: RuleSetOptions = {}): Promise<RuleSet> {
  const files: RuleFile[] = [];
  const unread: RejectedRule[] = [];
  for (const path of paths) {
    for (const file of await ruleFiles(path, unread)) {
      try {
        files.push({path: file, text: await readFile(file, 'utf8')});
      } catch (error) {
        unread.push(unreadable(file, error));
      }
    }
  }
  const set = buildRuleSet(files, options);
  return {...set, rejected: [...unread, ...set.rejected]};
}

async function ruleFiles(path: string, unread: RejectedRule[]): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, {recursive: true});
    return names
      .filter(name => /\.ya?ml$/i.test(name))
      .sort()
      .map(name => join(path, name));
  } catch (error) {
    unread.push(unreadable(path, error));
    return [];
  }
}

function unreadable(file: string, error: unknown): RejectedRule {
  const reason = error instanceof Error ? error.message : String(error);
  return {file, line: 1, reason: `expected a file or folder that can be read: ${reason}`};
}
