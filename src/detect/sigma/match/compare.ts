import type {Bound, Operator} from '../rule.ts';

export function compare(left: number, operator: Operator, right: number): boolean {
  switch (operator) {
    case 'eq':
      return left === right;
    case 'neq':
      return left !== right;
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    default:
      return operator satisfies never;
  }
}

export function withinBounds(value: number, bounds: readonly Bound[]): boolean {
  return bounds.every(bound => compare(value, bound.operator, bound.value));
}

/** A decimal or `0x…` number, or undefined. */
export function readNumber(value: string | number | boolean): number | undefined {
  if (typeof value === 'number') return value;
  if (
    typeof value === 'boolean' ||
    !/^\s*(?:-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?|0x[0-9a-f]{1,16})\s*$/i.test(value)
  )
    return undefined;
  return Number(value);
}
