import {type Instruction, Op} from './program.ts';

/** An instruction that goes on to the next: a load or a calculation. */
export type Step = Pick<Instruction, 'code' | 'k'>;

/** A decision tree over a packet. `test` runs its steps, then compares A with `k` or, where the opcode says so, X. */
export type Condition =
  | {readonly type: 'and' | 'or'; readonly left: Condition; readonly right: Condition}
  | {readonly type: 'not'; readonly term: Condition}
  | {readonly type: 'always' | 'never'}
  | {readonly type: 'test'; readonly steps: readonly Step[]; readonly jump: number; readonly k: number};

export const always: Condition = {type: 'always'};
export const never: Condition = {type: 'never'};

export function all(...terms: readonly (Condition | undefined)[]): Condition {
  return joined('and', terms) ?? always;
}

export function any(...terms: readonly (Condition | undefined)[]): Condition {
  return joined('or', terms) ?? never;
}

export function not(term: Condition): Condition {
  if (term.type === 'not') return term.term;
  return {type: 'not', term};
}

/** `size` bytes at `offset` from the packet's start equal `value`, after `mask` where there is one. */
export function equals(offset: number, size: 1 | 2 | 4, value: number, mask = 0xffffffff): Condition {
  const load = loadAt(offset, size);
  const steps = mask >>> 0 === 0xffffffff ? [load] : [load, {code: Op.and, k: mask >>> 0}];
  return {type: 'test', steps, jump: Op.jumpEqual, k: value >>> 0};
}

export function atLeast(offset: number, size: 1 | 2 | 4, value: number): Condition {
  return {type: 'test', steps: [loadAt(offset, size)], jump: Op.jumpGreaterOrEqual, k: value >>> 0};
}

export function above(offset: number, size: 1 | 2 | 4, value: number): Condition {
  return {type: 'test', steps: [loadAt(offset, size)], jump: Op.jumpGreater, k: value >>> 0};
}

export function anySet(offset: number, size: 1 | 2 | 4, bits: number): Condition {
  return {type: 'test', steps: [loadAt(offset, size)], jump: Op.jumpAnySet, k: bits >>> 0};
}

export function loadAt(offset: number, size: 1 | 2 | 4): Step {
  return {code: {1: Op.loadByte, 2: Op.loadHalf, 4: Op.loadWord}[size], k: offset};
}

/** From X + offset. */
export function loadIndexed(offset: number, size: 1 | 2 | 4): Step {
  return {code: {1: Op.loadByteIndexed, 2: Op.loadHalfIndexed, 4: Op.loadWordIndexed}[size], k: offset};
}

function joined(type: 'and' | 'or', terms: readonly (Condition | undefined)[]): Condition | undefined {
  const present = terms.filter(term => term !== undefined);
  if (present.length === 0) return undefined;
  return present.reduce((left, right) => ({type, left, right}));
}
