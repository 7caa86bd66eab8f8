import {day, hour, minute, second} from '../../../event/clock.ts';
import {RuleError} from './rule-error.ts';
import {describe, scalarText} from './tree-access.ts';
import type {Tree} from './yaml-tree.ts';

const units: Readonly<Record<string, number>> = {s: second, m: minute, h: hour, d: day};

/** `90m`, `1h`, `30s`, `7d` in microseconds. */
export function readTimespan(tree: Tree | undefined, what: string, line: number): number {
  const text = tree === undefined ? undefined : scalarText(tree, `\`${what}\``).trim();
  const [, count, unit = ''] = /^([1-9]\d{0,8})([smhd])$/.exec(text ?? '') ?? [];
  const size = units[unit];
  if (count !== undefined && size !== undefined) return Number(count) * size;
  throw new RuleError(
    tree?.line ?? line,
    `expected \`${what}\` to be a number and one of s, m, h, d (\`15m\`), found ${describe(tree)}`,
  );
}
