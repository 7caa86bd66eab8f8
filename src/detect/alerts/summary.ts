import {isIP} from 'node:net';
import type {Alert} from '../../event/event.ts';

/** What a group calls itself and how it explains itself, as findings are added to it. */
export interface Summary {
  note(finding: Alert): void;
  entity(): string;
  reason(newest: string, count: number): string;
  /** Distinct entities folded into the group; undefined where it stands for one. */
  folded(): number | undefined;
}

/** A group of findings about one entity: the newest reason is the group's. */
export function singleSummary(entity: string): Summary {
  return {note: () => {}, entity: () => entity, reason: newest => newest, folded: () => undefined};
}

/** Many entities of one rule in one group. `before` entities were counted already, before a restart. */
export function foldSummary(rule: string, before = 0): Summary {
  const seen = new Set<string>();
  const total = () => Math.max(before, seen.size);
  const more = () => (seen.size >= mostDistinct ? 'more than ' : '');
  let noun = 'things';
  return {
    note(finding) {
      if (seen.size === 0) noun = nounFor(rule, finding.entity);
      if (seen.size < mostDistinct) seen.add(finding.entity);
    },
    entity: () => `${more()}${total()} ${noun}`,
    reason(newest) {
      const first = [...take(seen, 3)];
      const rest = total() - first.length;
      const names = rest > 0 ? `${first.join(', ')} and ${rest} more` : first.join(', ');
      return `${more()}${total()} ${noun} beyond those with alerts of their own: ${names}. Newest: ${newest}`;
    },
    folded: total,
  };
}

/** All new alerts of a host while they come faster than a person can read. */
export function stormSummary(host: string, limit: number): Summary {
  const byRule = new Map<string, number>();
  return {
    note(finding) {
      const known = byRule.get(finding.rule.id);
      if (known === undefined && byRule.size >= mostRules) return;
      byRule.set(finding.rule.id, (known ?? 0) + finding.count);
    },
    entity: () => host,
    reason(newest, count) {
      const largest = [...byRule].sort((a, b) => b[1] - a[1]).slice(0, 3);
      const names = largest.map(([rule, n]) => `${rule} ${n}`).join(', ');
      return `More than ${limit} new alerts within an hour; ${count} findings after that are counted here (${names}). Newest: ${newest}`;
    },
    folded: () => undefined,
  };
}

// Bounds on what a flood of made-up names may cost in memory.
const mostDistinct = 2_000;
const mostRules = 200;

function nounFor(rule: string, entity: string): string {
  if (isIP(entity) !== 0) return 'addresses';
  if (rule.startsWith('host.port')) return 'ports';
  if (entity.startsWith('/')) return 'files';
  if (rule.startsWith('auth.')) return 'users';
  if (rule.startsWith('source.')) return 'sources';
  return 'things';
}

function* take(values: Iterable<string>, count: number): Generator<string> {
  let left = count;
  for (const value of values) {
    if (left-- <= 0) return;
    yield value;
  }
}
