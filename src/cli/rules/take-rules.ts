import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import type {Placeholders} from '../../detect/sigma/parse/placeholders.ts';
import type {RejectedRule} from '../../detect/sigma/resolve.ts';
import {buildRuleSet, type RuleFile, type RuleSet} from '../../detect/sigma/rule-set.ts';
import {UsageError} from '../failure.ts';

export interface TakenRules {
  /** Titles. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Taken all the same: values for a placeholder may come. Files are named as in the folder. */
  readonly rejected: readonly RejectedRule[];
  readonly loaded: number;
  /** Where the rules are now. */
  readonly place: string;
}

/** Folder, below the user's rules, that updates own: what the user wrote beside it stays as it is. */
const ownFolder = 'updated';
/** No rule is that large; what is, is something else. */
const mostBytes = 4 * 2 ** 20;

/** Replaces what the last update brought with the rules of a folder, whole or not at all. */
export async function takeRules(folder: string, target: string, placeholders: Placeholders): Promise<TakenRules> {
  const source = resolve(folder);
  const files = rulesIn(source);
  if (files.length === 0) throw new UsageError(`Expected YAML files of rules below ${source}, found none.`);
  const place = join(target, ownFolder);
  const before = existsSync(place) ? rulesBelow(place, place) : [];
  const [old, now] = [before, files].map(set => buildRuleSet(set, {placeholders}));
  if (!old || !now || now.loaded.length === 0)
    throw new UsageError(`Expected rules that load below ${source}, found none. siem rules check ${source} says why.`);
  const compared = compare(before, old, files, now);
  if (compared.added.length + compared.changed.length + compared.removed.length > 0) exchange(target, place, files);
  const rejected = now.rejected.filter(({isForeign}) => !isForeign);
  return {...compared, rejected, loaded: now.loaded.length, place};
}

/** SigmaHQ keeps rules in `rules*`, and beside them what is deprecated, unsupported or for tests. */
function rulesIn(source: string): RuleFile[] {
  if (!existsSync(source) || !lstatSync(resolve(source)).isDirectory())
    throw new UsageError(`Expected a folder of rules at ${source}, found none.`);
  const folders = readdirSync(source, {withFileTypes: true})
    .filter(entry => entry.isDirectory() && /^rules(?:-|$)/.test(entry.name))
    .map(entry => join(source, entry.name))
    .sort();
  return (folders.length > 0 ? folders : [source]).flatMap(path => rulesBelow(path, source));
}

/** Paths are relative to `root`. Links are not followed. */
function rulesBelow(folder: string, root: string): RuleFile[] {
  return readdirSync(folder, {withFileTypes: true})
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.')) return [];
      if (entry.isDirectory()) return rulesBelow(path, root);
      if (!entry.isFile() || !/\.ya?ml$/i.test(entry.name) || lstatSync(path).size > mostBytes) return [];
      return [{path: relative(root, path), text: readFileSync(path, 'utf8')}];
    });
}

function compare(
  before: readonly RuleFile[],
  old: RuleSet,
  files: readonly RuleFile[],
  now: RuleSet,
): Pick<TakenRules, 'added' | 'changed' | 'removed'> {
  const [known, current] = [[before, old] as const, [files, now] as const].map(
    ([texts, set]) => new Map(documentsOf(texts, set)),
  );
  if (!known || !current) return {added: [], changed: [], removed: []};
  const titles = (documents: ReadonlyMap<string, Document>, wanted: (id: string, document: Document) => boolean) =>
    [...documents].filter(([id, document]) => wanted(id, document)).map(([, {title}]) => title);
  return {
    added: titles(current, id => !known.has(id)),
    changed: titles(current, (id, {text}) => known.has(id) && known.get(id)?.text !== text),
    removed: titles(known, id => !current.has(id)),
  };
}

interface Document {
  readonly title: string;
  /** Of the file that it is in. */
  readonly text: string;
}

/** Rules by id; rejected ones too, by id or file. */
function documentsOf(files: readonly RuleFile[], {loaded, rejected}: RuleSet): (readonly [string, Document])[] {
  const texts = new Map(files.map(({path, text}) => [path, text]));
  const known = loaded.map(
    ({file, rule}) => [rule.head.id, {title: rule.head.title, text: texts.get(file) ?? ''}] as const,
  );
  const refused = rejected
    .filter(({isForeign}) => !isForeign)
    .map(({file, id, title}) => [id ?? file, {title: title ?? file, text: texts.get(file) ?? ''}] as const);
  return [...refused, ...known];
}

/** The new folder is written whole, where nobody looks for rules, and then takes the old one's place. */
function exchange(target: string, place: string, files: readonly RuleFile[]): void {
  const [fresh, old] = [`${target}.new`, `${target}.old`];
  rmSync(fresh, {recursive: true, force: true});
  for (const {path, text} of files) {
    const file = join(fresh, path);
    mkdirSync(dirname(file), {recursive: true, mode: 0o700});
    writeFileSync(file, text, {mode: 0o600});
  }
  rmSync(old, {recursive: true, force: true});
  mkdirSync(target, {recursive: true, mode: 0o700});
  if (existsSync(place)) renameSync(place, old);
  renameSync(fresh, place);
  rmSync(old, {recursive: true, force: true});
}
