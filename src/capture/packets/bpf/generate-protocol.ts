import {QueryError} from '../../../query/expression.ts';
import {all, any, type Condition, equals} from './condition.ts';
import type {Protocol, Qualifier} from './filter.ts';
import type {Layout} from './layout.ts';
import {EtherType, payloadIs} from './link-type.ts';
import {etherTypes, ipProtocols} from './words.ts';

/** Numbers of protocols over IPv4 and IPv6 alike, over IPv4 alone, and of IPv6's ICMP. */
const overBoth: Partial<Record<Protocol, number>> = {tcp: 6, udp: 17, sctp: 132, pim: 103, ah: 51, esp: 50};
const overIpv4: Partial<Record<Protocol, number>> = {icmp: 1, igmp: 2, igrp: 9, vrrp: 112, carp: 112};
const icmp6 = 58;
const fragmentHeader = 44;

/** The packet is of a protocol. */
export function protocolIs(layout: Layout, protocol: Protocol, at: number): Condition {
  const both = overBoth[protocol];
  if (both !== undefined) return any(overIp(layout, both, at), overIp6(layout, both, at));
  const four = overIpv4[protocol];
  if (four !== undefined) return overIp(layout, four, at);
  if (protocol === 'icmp6') return overIp6(layout, icmp6, at);
  const type = etherTypes[protocol];
  if (type !== undefined) return payloadIs(layout, type, at);
  throw new QueryError(
    `Expected host, proto, broadcast, multicast or an offset after ${protocol === 'link' ? 'ether' : protocol}.`,
    at,
  );
}

/** `proto`, `ip proto`, `ip6 proto`, `ether proto` with a number. */
export function protoNumberIs(layout: Layout, {protocol}: Qualifier, number: number, at: number): Condition {
  switch (protocol) {
    case undefined:
      return any(overIp(layout, number, at), overIp6(layout, number, at));
    case 'ip':
      return overIp(layout, number, at);
    case 'ip6':
      return overIp6(layout, number, at);
    case 'link':
      return payloadIs(layout, number, at);
    default:
      throw new QueryError(`Expected ip, ip6 or ether before proto, got ${protocol}.`, at);
  }
}

export function protoNameIs(layout: Layout, qualifier: Qualifier, name: string, at: number): Condition {
  const table = qualifier.protocol === 'link' ? etherTypes : ipProtocols;
  const number = Object.hasOwn(table, name) ? table[name] : undefined;
  if (number !== undefined) return protoNumberIs(layout, qualifier, number, at);
  throw new QueryError(`Expected one of ${Object.keys(table).join(', ')} or a number, got "${name}".`, at);
}

export function overIp(layout: Layout, number: number, at: number): Condition {
  return all(payloadIs(layout, EtherType.ip, at), equals(layout.network + 9, 1, number));
}

/** As the next header, or as that of a fragment header which is the first extension. */
function overIp6(layout: Layout, number: number, at: number): Condition {
  const next = layout.network + 6;
  const inFragment = all(equals(next, 1, fragmentHeader), equals(layout.network + 40, 1, number));
  return all(payloadIs(layout, EtherType.ip6, at), any(equals(next, 1, number), inFragment));
}
