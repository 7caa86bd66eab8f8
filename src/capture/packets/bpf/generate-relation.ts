import {QueryError} from '../../../query/expression.ts';
import {calculate} from './calculate.ts';
import {all, type Condition, equals, loadAt, loadIndexed, not, type Step} from './condition.ts';
import type {Arithmetic, ArithmeticOperator, Filter, Protocol} from './filter.ts';
import {notLaterFragment} from './generate-port.ts';
import {protocolIs} from './generate-protocol.ts';
import type {Layout} from './layout.ts';
import {EtherType, payloadIs} from './link-type.ts';
import {Op, withX} from './program.ts';

const operations: Readonly<Record<ArithmeticOperator, number>> = {
  '+': Op.add,
  '-': Op.subtract,
  '*': Op.multiply,
  '/': Op.divide,
  '%': Op.modulo,
  '&': Op.and,
  '|': Op.or,
  '^': Op.xor,
  '<<': Op.shiftLeft,
  '>>': Op.shiftRight,
};
const comparisons = {
  '=': {jump: Op.jumpEqual, holds: true},
  '!=': {jump: Op.jumpEqual, holds: false},
  '>': {jump: Op.jumpGreater, holds: true},
  '<=': {jump: Op.jumpGreater, holds: false},
  '>=': {jump: Op.jumpGreaterOrEqual, holds: true},
  '<': {jump: Op.jumpGreaterOrEqual, holds: false},
} as const;
/** Protocols whose bytes follow an IPv4 header. */
const afterIp: readonly Protocol[] = ['tcp', 'udp', 'sctp', 'icmp', 'igmp', 'igrp', 'pim', 'vrrp', 'carp'];
const network: readonly Protocol[] = ['ip', 'ip6', 'arp', 'rarp', 'atalk', 'decnet', 'lat', 'moprc', 'mopdl'];
/** Constant offsets up to here are added to a load's own; above, sums must wrap as the kernel's do. */
const plainOffset = 0xffff;
const scratchWords = 16;

/** Compares two calculations. A packet without the protocol whose bytes are asked for does not match, `!=` neither. */
export function relationHolds(layout: Layout, filter: Extract<Filter, {type: 'relation'}>): Condition {
  const {jump, holds} = comparisons[filter.relation];
  const left = folded(filter.left);
  const right = folded(filter.right);
  const test: Condition =
    right.type === 'number'
      ? {type: 'test', steps: intoA(layout, left, 0), jump, k: right.number}
      : {type: 'test', steps: [...intoBoth(layout, left, right, 0)], jump: jump + withX, k: 0};
  return all(presence(layout, filter.left), presence(layout, filter.right), holds ? test : not(test));
}

/**
 * What must hold for the bytes to be there. Of a calculation only the left side's protocol is asked for, as tcpdump
 * does: `udp[4:2] + tcp[0]` reads the latter of any UDP packet.
 */
function presence(layout: Layout, arithmetic: Arithmetic): Condition | undefined {
  switch (arithmetic.type) {
    case 'number':
    case 'length':
      return undefined;
    case 'negative':
      return presence(layout, arithmetic.term);
    case 'calculation':
      return presence(layout, arithmetic.left);
    case 'load':
      return presenceOf(layout, arithmetic);
    default:
      return arithmetic satisfies never;
  }
}

function presenceOf(
  layout: Layout,
  {protocol, offset, at}: Extract<Arithmetic, {type: 'load'}>,
): Condition | undefined {
  const inner = presence(layout, offset);
  if (protocol === 'link') return inner;
  if (network.includes(protocol)) return both(inner, protocolIs(layout, protocol, at));
  if (protocol === 'icmp6') {
    return all(inner, payloadIs(layout, EtherType.ip6, at), equals(layout.network + 6, 1, 58));
  }
  if (!afterIp.includes(protocol))
    throw new QueryError(`Expected ether, ip, ip6, arp, tcp, udp or icmp before [, got ${protocol}.`, at);
  const itself = all(protocolIs(layout, protocol, at), notLaterFragment(layout));
  return all(payloadIs(layout, EtherType.ip, at), inner, itself);
}

function both(first: Condition | undefined, second: Condition): Condition {
  return first ? all(first, second) : second;
}

/** Steps that leave the value in A. Scratch words from `scratch` on are free. */
function intoA(layout: Layout, arithmetic: Arithmetic, scratch: number): readonly Step[] {
  switch (arithmetic.type) {
    case 'number':
      return [{code: Op.loadConstant, k: arithmetic.number}];
    case 'length':
      return [{code: Op.loadLength, k: 0}];
    case 'negative':
      return [...intoA(layout, arithmetic.term, scratch), {code: Op.negate, k: 0}];
    case 'load':
      return loaded(layout, arithmetic, scratch);
    case 'calculation': {
      const {left, right} = arithmetic;
      const operation = operations[arithmetic.operator];
      if (right.type === 'number') return [...intoA(layout, left, scratch), {code: operation, k: right.number}];
      return [...intoBoth(layout, left, right, scratch), {code: operation + withX, k: 0}];
    }
    default:
      return arithmetic satisfies never;
  }
}

/** Steps that leave the left value in A and the right one in X. */
function intoBoth(layout: Layout, left: Arithmetic, right: Arithmetic, scratch: number): readonly Step[] {
  if (scratch >= scratchWords)
    throw new QueryError(`Expected a calculation with at most ${scratchWords} values held at once, got more.`, 0);
  return [
    ...intoA(layout, left, scratch),
    {code: Op.storeA, k: scratch},
    ...intoA(layout, right, scratch + 1),
    {code: Op.moveAToX, k: 0},
    {code: Op.loadMemory, k: scratch},
  ];
}

function loaded(layout: Layout, load: Extract<Arithmetic, {type: 'load'}>, scratch: number): readonly Step[] {
  const {protocol, offset, size} = load;
  const isAfterIp = afterIp.includes(protocol);
  const base = protocol === 'link' ? layout.header : layout.network + (protocol === 'icmp6' ? 40 : 0);
  const headerLength = {code: Op.loadXHeaderLength, k: layout.network};
  if (offset.type === 'number' && offset.number <= plainOffset) {
    return isAfterIp ? [headerLength, loadIndexed(base + offset.number, size)] : [loadAt(base + offset.number, size)];
  }
  const sum = isAfterIp ? [headerLength, {code: Op.add + withX, k: 0}] : [];
  return [...intoA(layout, offset, scratch), ...sum, {code: Op.moveAToX, k: 0}, loadIndexed(base, size)];
}

/** The same calculation with what is constant in it worked out. */
function folded(arithmetic: Arithmetic): Arithmetic {
  switch (arithmetic.type) {
    case 'number':
    case 'length':
      return arithmetic;
    case 'load':
      return {...arithmetic, offset: folded(arithmetic.offset)};
    case 'negative': {
      const term = folded(arithmetic.term);
      return term.type === 'number' ? {type: 'number', number: -term.number >>> 0} : {type: 'negative', term};
    }
    case 'calculation': {
      const left = folded(arithmetic.left);
      const right = folded(arithmetic.right);
      if (right.type !== 'number') return {...arithmetic, left, right};
      const {operator, at} = arithmetic;
      if (right.number === 0 && (operator === '/' || operator === '%'))
        throw new QueryError(`Expected to divide by a number other than 0, got ${operator} 0.`, at);
      if (left.type !== 'number') return {...arithmetic, left, right};
      return {type: 'number', number: calculate(operations[operator], left.number, right.number) >>> 0};
    }
    default:
      return arithmetic satisfies never;
  }
}
