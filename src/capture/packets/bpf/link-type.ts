import {QueryError} from '../../../query/expression.ts';
import {above, all, always, any, type Condition, equals, never, not} from './condition.ts';
import type {Layout} from './layout.ts';

/** Types of Ethernet payloads. */
export const EtherType = {
  ip: 0x0800,
  arp: 0x0806,
  rarp: 0x8035,
  ip6: 0x86dd,
  vlan: 0x8100,
  serviceVlan: 0x88a8,
  oldServiceVlan: 0x9100,
  mpls: 0x8847,
  pppoeDiscovery: 0x8863,
  pppoeSession: 0x8864,
  ipx: 0x8137,
  atalk: 0x809b,
  aarp: 0x80f3,
} as const;

/** LLC service access points, which are told from Ethernet types by being small. */
const Sap = {stp: 0x42, ipx: 0xe0, netbeui: 0xf0, iso: 0xfe} as const;
const largestLength = 1500;

/** PPP's own numbers for protocols that Ethernet numbers too. */
const pppTypes: Readonly<Record<number, number>> = {
  [EtherType.ip]: 0x21,
  [Sap.iso]: 0x23,
  24579: 0x27,
  [EtherType.atalk]: 0x29,
  [Sap.ipx]: 0x2b,
  [Sap.stp]: 0x31,
  [EtherType.ip6]: 0x57,
};

/** Families in BSD loopback headers: IPv6 has as many numbers as there are systems. */
const families4 = [2];
const families6 = [10, 24, 28, 30];

/** The payload is of this Ethernet type or LLC service access point. Throws a QueryError where MPLS cannot say. */
export function payloadIs(layout: Layout, type: number, at: number): Condition {
  if (layout.labels > 0) return labelledIs(layout, type, at);
  switch (layout.link) {
    case 'ethernet':
      return ethernetIs(layout, type);
    case 'sll':
      return cookedIs(layout, type);
    case 'sll2':
      return equals(layout.type, 2, type);
    case 'ppp':
      return equals(layout.type, 2, pppTypes[type] ?? type);
    case 'raw':
      return versionIs(layout.network, type);
    case 'ipv4':
      return type === EtherType.ip ? always : never;
    case 'ipv6':
      return type === EtherType.ip6 ? always : never;
    case 'null':
      if (type === EtherType.ip) return familyIs(layout, families4);
      return type === EtherType.ip6 ? familyIs(layout, families6) : never;
    default:
      return layout.link satisfies never;
  }
}

/** MPLS has no field for it: below the last label IPv4 and IPv6 are told by their version. */
function labelledIs(layout: Layout, type: number, at: number): Condition {
  if (type !== EtherType.ip && type !== EtherType.ip6)
    throw new QueryError('Expected IPv4 or IPv6 after mpls: of other protocols MPLS says nothing.', at);
  return all(equals(layout.network - 2, 1, 1, 1), versionIs(layout.network, type));
}

function versionIs(network: number, type: number): Condition {
  if (type === EtherType.ip) return equals(network, 1, 0x40, 0xf0);
  return type === EtherType.ip6 ? equals(network, 1, 0x60, 0xf0) : never;
}

function familyIs(layout: Layout, families: readonly number[]): Condition {
  return any(...families.flatMap(family => [family << 24, family]).map(family => equals(layout.type, 4, family)));
}

function ethernetIs(layout: Layout, type: number): Condition {
  const isLlc = not(above(layout.type, 2, largestLength));
  const llc = layout.payload;
  switch (type) {
    case Sap.iso:
    case Sap.netbeui:
      return all(isLlc, equals(llc, 2, (type << 8) | type));
    case Sap.ipx: {
      const kinds = any(snapIs(llc, 0, EtherType.ipx), equals(llc, 1, type), equals(llc, 2, 0xffff));
      return any(equals(layout.type, 2, EtherType.ipx), all(isLlc, kinds));
    }
    case EtherType.atalk:
      return any(equals(layout.type, 2, type), all(isLlc, snapIs(llc, 0x080007, type)));
    case EtherType.aarp:
      return any(equals(layout.type, 2, type), all(isLlc, snapIs(llc, 0, type)));
    default:
      return type <= largestLength ? all(isLlc, equals(llc, 1, type)) : equals(layout.type, 2, type);
  }
}

/** Linux cooked: type 4 stands for LLC, 1 for IPX directly over 802.3. */
function cookedIs(layout: Layout, type: number): Condition {
  const isLlc = equals(layout.type, 2, 4);
  const llc = layout.payload;
  switch (type) {
    case Sap.iso:
    case Sap.netbeui:
      return all(isLlc, equals(llc, 2, (type << 8) | type));
    case Sap.ipx: {
      const kinds = any(equals(llc, 1, type), snapIs(llc, 0, EtherType.ipx));
      return any(equals(layout.type, 2, EtherType.ipx), equals(layout.type, 2, 1), all(isLlc, kinds));
    }
    case EtherType.atalk:
      return any(equals(layout.type, 2, type), all(isLlc, snapIs(llc, 0x080007, type)));
    case EtherType.aarp:
      return any(equals(layout.type, 2, type), all(isLlc, snapIs(llc, 0, type)));
    default:
      return type <= largestLength ? all(isLlc, equals(llc, 1, type)) : equals(layout.type, 2, type);
  }
}

/** An LLC header with SNAP: the organisation's three bytes and its type. */
function snapIs(llc: number, organisation: number, type: number): Condition {
  const head = (0xaaaa0300 | (organisation >>> 16)) >>> 0;
  const tail = (((organisation & 0xffff) << 16) | type) >>> 0;
  return all(equals(llc + 4, 4, tail), equals(llc, 4, head));
}
