import {QueryError} from '../../../query/expression.ts';
import {all, any, type Condition, equals} from './condition.ts';
import type {Direction, Protocol, Qualifier, Value} from './filter.ts';
import type {Layout} from './layout.ts';
import {linkNames} from './layout.ts';
import {EtherType, payloadIs} from './link-type.ts';
import {ipv6Mask} from './parse-value.ts';

/** Where IPv4 addresses stand: behind the network header's start, the source's and the destination's. */
const places = {
  ip: {type: EtherType.ip, src: 12, dst: 16},
  arp: {type: EtherType.arp, src: 14, dst: 24},
  rarp: {type: EtherType.rarp, src: 14, dst: 24},
} as const;

/** A packet from or to an address or a network. Throws a QueryError where qualifiers and address do not fit. */
export function addressIs(layout: Layout, qualifier: Qualifier, value: Value, at: number): Condition {
  const {protocol} = qualifier;
  if (protocol !== undefined && !['ip', 'ip6', 'arp', 'rarp', 'link'].includes(protocol))
    throw new QueryError(`Expected ip, ip6, arp, rarp or ether before an address, got ${protocol}.`, at);
  switch (value.type) {
    case 'number':
    case 'dotted':
      return ipv4Is(layout, qualifier, ipv4Block(value, qualifier, at), at);
    case 'ipv6':
      return ipv6Is(layout, qualifier, value, at);
    case 'mac':
      return macIs(layout, qualifier, value.bytes, at);
    case 'name':
      throw new QueryError(
        `Expected ${protocol === 'link' ? 'a MAC' : 'an IP'} address, got the name "${value.text}": names are not looked up.`,
        at,
      );
    default:
      return value satisfies never;
  }
}

/** At either end, both or one, as the direction says. */
export function towards(direction: Direction | undefined, end: (end: 'src' | 'dst') => Condition): Condition {
  switch (direction) {
    case 'src':
    case 'dst':
      return end(direction);
    case 'both':
      return all(end('src'), end('dst'));
    case 'either':
    case undefined:
      return any(end('src'), end('dst'));
    default:
      return direction satisfies never;
  }
}

/** The broadcast address, or any with the group bit. */
export function macIsAtDestination(layout: Layout, bytes: readonly number[]): Condition {
  return macAt(layout.header, bytes);
}

export function needEthernet(layout: Layout, what: string, at: number): void {
  if (layout.link === 'ethernet') return;
  throw new QueryError(`Expected packets of Ethernet for ${what}, got packets of ${linkNames[layout.link]}.`, at);
}

interface Block {
  readonly address: number;
  readonly mask: number;
}

/** `net 10` is 10.0.0.0/8; of `10.1` as much counts as was written; `host 10` is 0.0.0.10. */
function ipv4Block(value: Extract<Value, {type: 'number' | 'dotted'}>, {kind}: Qualifier, at: number): Block {
  if (value.type === 'dotted') {
    if (value.mask !== undefined && kind !== 'net')
      throw new QueryError('Expected net before an address with a mask.', at);
    const own = value.width === 32 ? 0xffffffff : (0xffffffff << (32 - value.width)) >>> 0;
    return {address: value.address, mask: value.mask ?? own};
  }
  let {number: address} = value;
  let mask = 0xffffffff;
  if (kind === 'net') {
    while (address !== 0 && address >>> 24 === 0) {
      address = (address << 8) >>> 0;
      mask = (mask << 8) >>> 0;
    }
  }
  return {address, mask};
}

function ipv4Is(layout: Layout, {protocol, direction}: Qualifier, block: Block, at: number): Condition {
  const within = (place: keyof typeof places) =>
    towards(direction, end => {
      const {type, [end]: offset} = places[place];
      return all(payloadIs(layout, type, at), equals(layout.network + offset, 4, block.address, block.mask));
    });
  if (protocol === 'ip' || protocol === 'arp' || protocol === 'rarp') return within(protocol);
  if (protocol === undefined)
    return layout.labels > 0 ? within('ip') : any(within('ip'), within('arp'), within('rarp'));
  throw unfit(protocol, 'IPv4', at);
}

function ipv6Is(
  layout: Layout,
  {protocol, direction, kind}: Qualifier,
  {words, prefix}: Extract<Value, {type: 'ipv6'}>,
  at: number,
): Condition {
  if (protocol !== undefined && protocol !== 'ip6') throw unfit(protocol, 'IPv6', at);
  if (prefix !== 128 && kind !== 'net') throw new QueryError('Expected net before an address with a prefix.', at);
  return towards(direction, end => {
    const offset = layout.network + (end === 'src' ? 8 : 24);
    const parts = words.map((word, i) => equals(offset + 4 * i, 4, word, ipv6Mask(prefix, i)));
    return all(payloadIs(layout, EtherType.ip6, at), ...parts);
  });
}

function macIs(layout: Layout, qualifier: Qualifier, bytes: readonly number[], at: number): Condition {
  const {protocol, direction, kind} = qualifier;
  if (protocol !== 'link' || (kind !== undefined && kind !== 'host'))
    throw new QueryError('Expected ether host, ether src or ether dst before a MAC address.', at);
  needEthernet(layout, 'a MAC address', at);
  return towards(direction, end => macAt(layout.header + (end === 'src' ? 6 : 0), bytes));
}

/** The last four bytes first: they differ sooner. */
function macAt(offset: number, bytes: readonly number[]): Condition {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const tail = ((c << 24) | (d << 16) | (e << 8) | f) >>> 0;
  return all(equals(offset + 2, 4, tail), equals(offset, 2, (a << 8) | b));
}

function unfit(protocol: Protocol, family: string, at: number): QueryError {
  const expected = protocol === 'link' ? 'a MAC address after ether' : `another address after ${protocol}`;
  return new QueryError(`Expected ${expected}, got an ${family} address.`, at);
}
