import {isIP} from 'node:net';
import type {FieldValue} from '../../../event/event.ts';
import {addressText, parseAddress} from '../../packets/decode/address.ts';
import {serviceOf as serviceOfFlow} from '../../packets/flow-event.ts';

/** An address as this program writes it: Suricata spells all eight groups of IPv6 out. Other text stays as it is. */
export function plainAddress(text: string): string {
  if (!text.includes(':') || isIP(text) !== 6) return text;
  const address = parseAddress(text);
  return address ? addressText(address.family, ...address.words) : text;
}

/** `network.transport`: `tcp`, `udp`, `icmp`, `ipv6-icmp`, or the IP protocol's number as text. */
export function transportWord(protocol: string, isIpv6: boolean): string {
  const name = protocol.toLowerCase();
  if (name === 'icmp' && isIpv6) return 'ipv6-icmp';
  const number = numbers[name];
  return number ?? (/^\d{1,3}$/.test(name) ? String(Number(name)) : name);
}

const numbers: Readonly<Record<string, string>> = {
  icmp6: 'ipv6-icmp',
  icmpv6: 'ipv6-icmp',
  igmp: '2',
  ipip: '4',
  gre: '47',
  esp: '50',
  ah: '51',
  eigrp: '88',
  ospf: '89',
  pim: '103',
  vrrp: '112',
  sctp: '132',
};

/** `network.protocol` in this program's words. Of several, as Zeek writes them, the one that carries the others. */
export function serviceWord(said: string): string {
  for (const name of said.toLowerCase().split(',')) {
    // A minus stands before what turned out to be something else.
    if (name === '' || name.startsWith('-') || carried.has(name) || unknown.has(name)) continue;
    return services[name] ?? name;
  }
  return '';
}

/** Authentication within a protocol, which says less than the protocol. */
const carried = new Set(['gssapi', 'ntlm', 'spnego']);
const unknown = new Set(['failed', 'unknown', '-']);

const services: Readonly<Record<string, string>> = {
  ssl: 'tls',
  krb: 'kerberos',
  krb_tcp: 'kerberos',
  krb5: 'kerberos',
  dce_rpc: 'msrpc',
  dcerpc: 'msrpc',
  ike: 'isakmp',
  ikev1: 'isakmp',
  ikev2: 'isakmp',
  rfb: 'vnc',
  pgsql: 'postgresql',
  http2: 'http',
  'ftp-data': 'ftp',
};

/** A flow's service: by content where it was told, else what is usual on the ports. */
export function serviceOf(said: string, transport: string, sourcePort: number, destinationPort: number): string {
  const protocol = transport === 'tcp' ? 6 : transport === 'udp' ? 17 : 0;
  return serviceOfFlow({service: serviceWord(said), protocol, sourcePort, destinationPort});
}

/** `TLSv12`, `TLS 1.2` → `1.2`; `SSLv3` → `SSL 3`, as this program's own decoder says it. */
export function tlsVersion(said: string): string {
  const found = /^(?:D?TLS)\s?v?(\d)\.?(\d)?$/i.exec(said);
  if (found) return `${found[1]}.${found[2] ?? '0'}`;
  const ssl = /^SSL\s?v?(\d)(?:\.?0)?$/i.exec(said);
  return ssl ? `SSL ${ssl[1]}` : said;
}

export function text(value: FieldValue | undefined): string {
  return value === undefined ? '' : String(value);
}

/** 0 where it is none. */
export function number(value: FieldValue | undefined): number {
  const found = Number(value);
  return Number.isFinite(found) ? found : 0;
}
