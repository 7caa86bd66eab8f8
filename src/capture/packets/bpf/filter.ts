/** Names that stand for a protocol wherever one may be named. */
export const protocols = [
  'link',
  'ip',
  'ip6',
  'arp',
  'rarp',
  'tcp',
  'udp',
  'sctp',
  'icmp',
  'icmp6',
  'igmp',
  'igrp',
  'pim',
  'vrrp',
  'carp',
  'ah',
  'esp',
  'atalk',
  'aarp',
  'decnet',
  'lat',
  'moprc',
  'mopdl',
  'stp',
  'ipx',
  'netbeui',
] as const;

export type Protocol = (typeof protocols)[number];

/** Which end of a packet an address or port is looked for at; `either` is `src or dst`, also where nothing is said. */
export type Direction = 'src' | 'dst' | 'both' | 'either';

export type Kind = 'host' | 'net' | 'port' | 'portrange' | 'proto';

/** The words before an address, port or protocol. They hold on for `port 80 or 443`. */
export interface Qualifier {
  readonly protocol?: Protocol;
  /** Absent where no direction was named. */
  readonly direction?: Direction;
  /** Absent after a bare `src`: then an address is a host. */
  readonly kind?: Kind;
}

/** What stands after the qualifiers. `width`: how many bits a dotted address gives, 8 a part. */
export type Value =
  | {readonly type: 'number'; readonly number: number}
  | {readonly type: 'dotted'; readonly address: number; readonly width: number; readonly mask?: number}
  | {readonly type: 'ipv6'; readonly words: readonly number[]; readonly prefix: number}
  | {readonly type: 'mac'; readonly bytes: readonly number[]}
  | {readonly type: 'name'; readonly text: string};

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';
export type Relation = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Arithmetic =
  | {readonly type: 'number'; readonly number: number}
  | {readonly type: 'length'}
  | {readonly type: 'negative'; readonly term: Arithmetic}
  | {
      readonly type: 'load';
      readonly protocol: Protocol;
      readonly offset: Arithmetic;
      readonly size: 1 | 2 | 4;
      readonly at: number;
    }
  | {
      readonly type: 'calculation';
      readonly operator: ArithmeticOperator;
      readonly left: Arithmetic;
      readonly right: Arithmetic;
      readonly at: number;
    };

/** Layers that a packet may wrap its protocols in: each shifts where what follows in the expression looks. */
export type Wrapping = 'vlan' | 'mpls' | 'pppoes';

/** A filter expression as it was read. `at` is the character it begins at. */
export type Filter =
  | {readonly type: 'and' | 'or'; readonly left: Filter; readonly right: Filter}
  | {readonly type: 'not'; readonly term: Filter}
  | {readonly type: 'value'; readonly qualifier: Qualifier; readonly value: Value; readonly at: number}
  | {readonly type: 'protocol'; readonly protocol: Protocol; readonly at: number}
  | {readonly type: 'cast'; readonly protocol?: Protocol; readonly cast: 'broadcast' | 'multicast'; readonly at: number}
  | {readonly type: 'relation'; readonly relation: Relation; readonly left: Arithmetic; readonly right: Arithmetic}
  | {readonly type: 'less' | 'greater'; readonly length: number}
  | {readonly type: 'outgoing'; readonly wanted: boolean}
  | {readonly type: 'discovery'; readonly at: number}
  | {readonly type: 'wrapping'; readonly wrapping: Wrapping; readonly number?: number; readonly at: number};
