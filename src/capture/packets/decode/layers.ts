/** The layers that the decoder knows, each by its number in `Decoded.layers`. */
export const layerNames = [
  'ethernet',
  'llc',
  'vlan',
  'mpls',
  'pppoe',
  'ppp',
  'sll',
  'sll2',
  'null',
  'raw',
  'radiotap',
  'wlan',
  'nsh',
  'pbb',
  'arp',
  'ipv4',
  'ipv6',
  'hop-by-hop options',
  'routing header',
  'fragment header',
  'destination options',
  'mobility header',
  'ah',
  'esp',
  'tcp',
  'udp',
  'udplite',
  'icmp',
  'icmpv6',
  'sctp',
  'dccp',
  'gre',
  'erspan',
  'vxlan',
  'geneve',
  'teredo',
  'l2tp',
  'gtp',
  'etherip',
  'chdlc',
  'macsec',
  'cmd',
  'frame-relay',
  'pktap',
  'nflog',
] as const;

export type LayerName = (typeof layerNames)[number];

export const Layers = Object.fromEntries(layerNames.map((name, id) => [name, id])) as Readonly<
  Record<LayerName, number>
>;

/** Layers of one packet, those of the packets inside it counted in. */
export const maxLayers = 32;
