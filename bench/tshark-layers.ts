import type {Decoded} from '../src/capture/packets/decode/decoded.ts';
import {type LayerName, Layers, layerNames} from '../src/capture/packets/decode/layers.ts';

/** What tshark calls each layer in `frame.protocols`; '' where it does not list it. */
const tsharkNames: Readonly<Record<LayerName, string>> = {
  ethernet: 'eth',
  llc: 'llc',
  vlan: 'vlan',
  mpls: 'mpls',
  pppoe: 'pppoes',
  ppp: 'ppp',
  sll: 'sll',
  sll2: 'sll',
  null: 'null',
  raw: 'raw',
  radiotap: 'radiotap',
  wlan: 'wlan',
  nsh: 'nsh',
  pbb: 'ieee8021ah',
  arp: 'arp',
  ipv4: 'ip',
  ipv6: 'ipv6',
  'hop-by-hop options': 'ipv6.hopopts',
  'routing header': 'ipv6.routing',
  'fragment header': 'ipv6.fraghdr',
  'destination options': 'ipv6.dstopts',
  'mobility header': 'mipv6',
  ah: 'ah',
  esp: 'esp',
  tcp: 'tcp',
  udp: 'udp',
  udplite: 'udplite',
  icmp: 'icmp',
  icmpv6: 'icmpv6',
  sctp: 'sctp',
  dccp: 'dccp',
  gre: 'gre',
  erspan: 'erspan',
  vxlan: 'vxlan',
  geneve: 'geneve',
  teredo: 'teredo',
  l2tp: 'l2tp',
  gtp: 'gtp',
  etherip: 'etherip',
  chdlc: 'chdlc',
  macsec: 'macsec',
  cmd: 'ciscometadata',
  'frame-relay': 'fr',
  pktap: 'pktap',
  nflog: 'nflog',
};

const providerTag = 'ieee8021ad';
const compared = new Set([...Object.values(tsharkNames), providerTag]);

export function tsharkLayers(d: Decoded): readonly string[] {
  return Array.from(d.layers.subarray(0, d.layerCount), (layer, i) => {
    const provider = layer === Layers.vlan && isProviderTag(d, d.layerAt[i] ?? 0);
    if (provider) return providerTag;
    return isUnlisted(d, i) ? '' : tsharkNames[layerNames[layer] ?? 'raw'];
  });
}

/**
 * Of `frame.protocols` what this program decodes too: its other names are applications, and between layers ("ethertype",
 * "wlan_radio", "data"). A row of MPLS labels or of provider tags is one name there. What an ICMP error quotes is left out.
 */
export function comparableLayers(protocols: string): string {
  const names = protocols.split(':').filter(name => compared.has(name));
  const quote = names.findIndex(name => name === 'icmp' || name === 'icmpv6');
  const own = quote < 0 ? names : names.slice(0, quote + 1);
  // The customer's frame behind a provider's tag has no name of its own there.
  const listed = own.filter((name, i) => !(name === 'eth' && own[i - 1] === 'ieee8021ah'));
  return listed.filter((name, i) => !(name === listed[i - 1] && (name === 'mpls' || name === providerTag))).join(':');
}

/** The tag at `at` is one of 802.1ad, which tshark calls by another name, and whose number is no `vlan.id` there. */
export function isProviderTag(d: Decoded, at: number): boolean {
  return d.bytes[at - 2] === 0x88 && d.bytes[at - 1] === 0xa8;
}

/** tshark does not list VXLAN-GPE itself. */
function isUnlisted(d: Decoded, i: number): boolean {
  return d.layers[i] === Layers.vxlan && d.destinationPort === 4790;
}
