import type {Wrapping} from './filter.ts';

/** Link types that filters can be compiled for. `null`: BSD loopback in either byte order. */
export const filterLinks = ['ethernet', 'raw', 'ipv4', 'ipv6', 'null', 'sll', 'sll2'] as const;

export type FilterLink = (typeof filterLinks)[number];

/** How the link types are called in messages. */
export const linkNames: Readonly<Record<FilterLink | 'ppp', string>> = {
  ethernet: 'Ethernet',
  raw: 'raw IP',
  ipv4: 'raw IPv4',
  ipv6: 'raw IPv6',
  null: 'BSD loopback',
  sll: 'Linux cooked capture',
  sll2: 'Linux cooked capture v2',
  ppp: 'PPP',
};

/**
 * Where the parts of a packet lie, as offsets from its start. `vlan`, `mpls` and `pppoes` in an expression move them for
 * all that follows in it, whichever way the conditions are joined.
 */
export interface Layout {
  /** The link header; within `pppoes` the PPP header. */
  readonly link: FilterLink | 'ppp';
  readonly header: number;
  /** The field that says what the payload is. */
  readonly type: number;
  readonly payload: number;
  /** The network header: behind the MPLS labels, where there are any. */
  readonly network: number;
  readonly labels: number;
  /** The kernel took the first VLAN tag out of the packet, and tells it apart from the bytes. */
  readonly tagTakenOut: boolean;
}

const types: Readonly<Record<FilterLink, number>> = {
  ethernet: 12,
  raw: 0,
  ipv4: 0,
  ipv6: 0,
  null: 0,
  sll: 14,
  sll2: 0,
};

const payloads: Readonly<Record<FilterLink, number>> = {
  ethernet: 14,
  raw: 0,
  ipv4: 0,
  ipv6: 0,
  null: 4,
  sll: 16,
  sll2: 20,
};

export function layoutOf(link: FilterLink, tagTakenOut: boolean): Layout {
  const payload = payloads[link];
  return {link, header: 0, type: types[link], payload, network: payload, labels: 0, tagTakenOut};
}

/** The layout of what follows a layer. */
export function within(wrapping: Wrapping, layout: Layout): Layout {
  const {type, payload, network, labels} = layout;
  switch (wrapping) {
    case 'vlan':
      if (layout.tagTakenOut) return {...layout, tagTakenOut: false};
      return {...layout, type: type + 4, payload: payload + 4, network: network + 4};
    case 'mpls':
      return {...layout, network: network + 4, labels: labels + 1};
    case 'pppoes': {
      const header = network + 6;
      return {...layout, link: 'ppp', header, type: header, payload: header + 2, network: header + 2};
    }
    default:
      return wrapping satisfies never;
  }
}
