import {type DhcpFacts, parseDhcp} from './application/dhcp.ts';
import {type DnsFacts, looksLikeDns, parseDns, parseDnsOverTcp} from './application/dns.ts';
import {type HttpRequest, type HttpResponse, parseHttp} from './application/http.ts';
import {type NtpFacts, parseNtp} from './application/ntp.ts';
import {looksLikeQuic, type QuicFacts, QuicHandshake} from './application/quic.ts';
import {parseSsh, type SshFacts} from './application/ssh.ts';
import {looksLikeTls, parseTls, type TlsFacts} from './application/tls.ts';
import {type Decoded, IpProtocols, u8} from './decoded.ts';

/** What the first bytes of a conversation tell of the application. */
export type ApplicationFacts =
  | DnsFacts
  | DhcpFacts
  | NtpFacts
  | TlsFacts
  | HttpRequest
  | HttpResponse
  | SshFacts
  | QuicFacts;

const dnsPort = 53;
const multicastDnsPort = 5353;
const linkLocalDnsPort = 5355;
const ntpPort = 123;
const netbiosPort = 137;
const dhcpServerPort = 67;
const dhcpClientPort = 68;
const discoveryPort = 1900;

/**
 * The facts of a packet, told by content and, where that is not enough, by port. Allocates: ask for the first packets
 * with payload of a flow only, and where `mayHaveFacts` says so. Bounded in time by the packet's size; QUIC costs some
 * 50 µs, so ask it of a bounded number of flows a second.
 */
export function applicationFacts(d: Decoded): ApplicationFacts | undefined {
  if (!mayHaveFacts(d)) return undefined;
  const {bytes, payload, payloadEnd} = d;
  if (d.protocol === IpProtocols.tcp) return overTcp(d, bytes, payload, payloadEnd);
  return overUdp(d, bytes, payload, payloadEnd);
}

/** Cheap, without allocation: false for nearly every packet of bulk traffic. */
export function mayHaveFacts(d: Decoded): boolean {
  if (d.payload < 0 || d.payloadEnd <= d.payload) return false;
  const {bytes, payload, payloadEnd} = d;
  if (d.protocol === IpProtocols.udp) {
    if (isAppPort(d.sourcePort) || isAppPort(d.destinationPort)) return true;
    return looksLikeQuic(bytes, payload, payloadEnd) || isDnsByContent(d, bytes, payload, payloadEnd);
  }
  if (d.protocol !== IpProtocols.tcp) return false;
  if (d.sourcePort === dnsPort || d.destinationPort === dnsPort) return true;
  const first = u8(bytes, payload);
  // A capital letter begins HTTP and SSH.
  return (first >= 0x41 && first <= 0x5a) || looksLikeTls(bytes, payload, payloadEnd);
}

/** A datagram that a QUIC client begins with, as far as can be told without opening it. */
export function mayBeQuic(d: Decoded): boolean {
  if (d.protocol !== IpProtocols.udp || d.payload < 0 || isAppPort(d.sourcePort) || isAppPort(d.destinationPort))
    return false;
  return looksLikeQuic(d.bytes, d.payload, d.payloadEnd);
}

/** The service by content, as names.ts calls it; '' where the facts do not tell. */
export function serviceOf(facts: ApplicationFacts): string {
  switch (facts.kind) {
    case 'tls-client':
    case 'tls-server':
      return 'tls';
    case 'http-request':
    case 'http-response':
      return 'http';
    default:
      return facts.kind;
  }
}

/** The host that a conversation is about: a TLS or QUIC server name, or HTTP's host. '' where it is not told. */
export function hostOf(facts: ApplicationFacts): string {
  switch (facts.kind) {
    case 'tls-client':
      return facts.serverName;
    case 'quic':
      return facts.hello?.serverName ?? '';
    case 'http-request':
      return facts.host;
    default:
      return '';
  }
}

function overTcp(d: Decoded, bytes: Uint8Array, at: number, end: number): ApplicationFacts | undefined {
  if (d.sourcePort === dnsPort || d.destinationPort === dnsPort) return parseDnsOverTcp(bytes, at, end);
  return parseTls(bytes, at, end) ?? parseSsh(bytes, at, end) ?? parseHttp(bytes, at, end);
}

function overUdp(d: Decoded, bytes: Uint8Array, at: number, end: number): ApplicationFacts | undefined {
  const facts = byPort(d.destinationPort, bytes, at, end) ?? byPort(d.sourcePort, bytes, at, end);
  if (facts) return facts;
  return isDnsByContent(d, bytes, at, end) ? parseDns(bytes, at, end) : overQuic(bytes, at, end);
}

/** NetBIOS's names go in the same form; asking a machine for its own has the number of SRV. */
function isDnsByContent(d: Decoded, bytes: Uint8Array, at: number, end: number): boolean {
  return d.sourcePort !== netbiosPort && d.destinationPort !== netbiosPort && looksLikeDns(bytes, at, end);
}

function byPort(port: number, bytes: Uint8Array, at: number, end: number): ApplicationFacts | undefined {
  switch (port) {
    case dnsPort:
    case multicastDnsPort:
    case linkLocalDnsPort:
      return parseDns(bytes, at, end);
    case dhcpServerPort:
    case dhcpClientPort:
      return parseDhcp(bytes, at, end);
    case ntpPort:
      return parseNtp(bytes, at, end);
    case discoveryPort:
      return parseHttp(bytes, at, end);
    default:
      return undefined;
  }
}

function overQuic(bytes: Uint8Array, at: number, end: number): QuicFacts | undefined {
  return looksLikeQuic(bytes, at, end) ? new QuicHandshake().add(bytes, at, end) : undefined;
}

function isAppPort(port: number): boolean {
  switch (port) {
    case dnsPort:
    case multicastDnsPort:
    case linkLocalDnsPort:
    case dhcpServerPort:
    case dhcpClientPort:
    case ntpPort:
    case discoveryPort:
      return true;
    default:
      return false;
  }
}
