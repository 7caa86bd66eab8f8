import {createHash} from 'node:crypto';
import {type AlertLevel, alertLevels} from '../../../event/level.ts';
import type {RuleHead} from '../rule.ts';
import {RuleError} from './rule-error.ts';
import {child, optionalText, requiredText, textList} from './tree-access.ts';
import type {MapTree} from './yaml-tree.ts';

/** What the id of a rule without one begins with. */
export const titleId = 'title-';

const statuses = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];

/** Title, id, level, tags and what else a document says about itself. */
export function readHead(document: MapTree): RuleHead {
  const title = requiredText(document, 'title');
  if (title.length > 256) throw fault(document, 'title', `at most 256 characters, found ${title.length}`);
  const description = optionalText(document, 'description');
  if ((description?.length ?? 0) > 65_535) throw fault(document, 'description', 'at most 65535 characters');
  const tags = textList(document, 'tags');
  return {
    id: optionalText(document, 'id')?.toLowerCase() ?? standIn(title),
    name: optionalText(document, 'name'),
    title,
    level: readLevel(document),
    status: readStatus(document),
    description: description?.trim(),
    author: optionalText(document, 'author'),
    date: optionalText(document, 'date'),
    modified: optionalText(document, 'modified'),
    references: textList(document, 'references'),
    falsePositives: textList(document, 'falsepositives'),
    fields: textList(document, 'fields'),
    tags,
    techniques: techniquesOf(tags),
    line: document.line,
  };
}

function fault(document: MapTree, key: string, expected: string): RuleError {
  return new RuleError(child(document, key)?.line ?? document.line, `expected \`${key}\` to have ${expected}`);
}

/** A rule without an id is known by its title, so that its alerts group across restarts. */
function standIn(title: string): string {
  return `${titleId}${createHash('sha256').update(title).digest('hex').slice(0, 16)}`;
}

function readLevel(document: MapTree): AlertLevel {
  const text = optionalText(document, 'level');
  if (text === undefined) return 'medium';
  const level = alertLevels.find(candidate => candidate === text.toLowerCase());
  if (level) return level;
  throw new RuleError(
    child(document, 'level')?.line ?? document.line,
    `expected \`level\` to be one of ${alertLevels.join(', ')}, found \`${text}\``,
  );
}

function readStatus(document: MapTree): string | undefined {
  const text = optionalText(document, 'status')?.toLowerCase();
  if (text === undefined || statuses.includes(text)) return text;
  throw new RuleError(
    child(document, 'status')?.line ?? document.line,
    `expected \`status\` to be one of ${statuses.join(', ')}, found \`${text}\``,
  );
}

function techniquesOf(tags: readonly string[]): string[] {
  return tags.flatMap(tag => {
    const found = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag);
    return found?.[1] === undefined ? [] : [found[1].toUpperCase()];
  });
}
