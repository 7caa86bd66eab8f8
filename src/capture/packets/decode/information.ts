import {addressText, ipv4Text, ipv6Text, macText} from './address.ts';
import {arpProtocol, type Decoded, IpProtocols, i32, TcpFlags, u16} from './decoded.ts';
import {icmpText, icmpv6Text} from './icmp-names.ts';
import {protocolName} from './names.ts';

/** First sequence numbers of a conversation, so that its own are shown from 0 as packet analysers do. */
export interface SequenceBase {
  /** Of this packet's sender and of its receiver; undefined where not known. */
  readonly sender: number | undefined;
  readonly receiver: number | undefined;
}

/** The packet in a line: `443 → 52404 [ACK] Seq=1 Ack=518 Win=501 Len=0`, `Who has 10.0.0.1? Tell 10.0.0.2`. */
export function informationText(d: Decoded, base: SequenceBase): string {
  if (d.protocol === arpProtocol) return arpText(d);
  if (d.protocol < 0) return d.eventCount === 0 ? `${protocolName(-1, d.etherType)} frame` : 'Malformed packet';
  if (d.fragmentOffset > 0) return fragmentText(d);
  if (d.protocol === IpProtocols.tcp && d.tcpFlags >= 0) return tcpText(d, base);
  if (d.hasPorts) return `${d.sourcePort} → ${d.destinationPort} Len=${d.payloadLength}`;
  if (d.icmpType >= 0) return pingText(d) ?? errorText(d);
  return `${protocolName(d.protocol, d.etherType)} Len=${Math.max(0, d.payloadLength)}`;
}

function arpText(d: Decoded): string {
  if (d.family !== 4) return `ARP operation ${d.arpOperation}`;
  const [sender, target] = [ipv4Text(d.s3), ipv4Text(d.d3)];
  if (d.s3 === d.d3) return `ARP Announcement for ${sender}`;
  if (d.arpOperation === 2) return `${sender} is at ${macText(d.bytes, d.network + 8)}`;
  if (d.arpOperation === 1) return d.s3 === 0 ? `Who has ${target}? (ARP Probe)` : `Who has ${target}? Tell ${sender}`;
  return `ARP operation ${d.arpOperation}, ${sender} → ${target}`;
}

function fragmentText(d: Decoded): string {
  const name = protocolName(d.protocol, d.etherType);
  const id = (d.fragmentId >>> 0).toString(16).padStart(4, '0');
  return `Fragmented IP protocol (proto=${name} ${d.protocol}, off=${d.fragmentOffset}, ID=${id})`;
}

function tcpText(d: Decoded, base: SequenceBase): string {
  const sequence = (d.tcpSequence - (base.sender ?? 0)) >>> 0;
  const acknowledged = (d.tcpAcknowledged - (base.receiver ?? 0)) >>> 0;
  const ack = (d.tcpFlags & TcpFlags.ack) !== 0 ? ` Ack=${acknowledged}` : '';
  const ports = `${d.sourcePort} → ${d.destinationPort}`;
  return `${ports} [${flagNames(d.tcpFlags)}] Seq=${sequence}${ack} Win=${d.tcpWindow} Len=${d.payloadLength}`;
}

function flagNames(flags: number): string {
  const names = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'].filter((_, bit) => flags & (1 << bit));
  return names.length === 0 ? '<None>' : names.join(', ');
}

/** Undefined where it is no echo or its header is cut off. */
function pingText(d: Decoded): string | undefined {
  const request = d.icmpType === (d.family === 6 ? 128 : 8);
  const reply = d.icmpType === (d.family === 6 ? 129 : 0);
  if (!(request || reply) || d.transport + 8 > d.ipEnd) return undefined;
  const id = u16(d.bytes, d.transport + 4)
    .toString(16)
    .padStart(4, '0');
  const sequence = u16(d.bytes, d.transport + 6);
  return `Echo (ping) ${request ? 'request' : 'reply'} id=0x${id}, seq=${sequence}, ${d.family === 6 ? 'hop limit' : 'ttl'}=${d.ttl}`;
}

function errorText(d: Decoded): string {
  if (d.family !== 6) return icmpText(d.icmpType, d.icmpCode);
  const text = icmpv6Text(d.icmpType, d.icmpCode);
  const neighbour = (d.icmpType === 135 || d.icmpType === 136) && d.transport + 24 <= d.ipEnd;
  if (!neighbour) return text;
  const at = d.transport + 8;
  const {bytes} = d;
  return `${text} ${d.icmpType === 135 ? 'for ' : ''}${ipv6Text(i32(bytes, at), i32(bytes, at + 4), i32(bytes, at + 8), i32(bytes, at + 12))}`;
}

/** What the address columns show: IP addresses, else MAC addresses. */
export function endpointTexts(d: Decoded): {readonly source: string; readonly destination: string} {
  if (d.family === 0) return {source: macText(d.bytes, d.sourceMac), destination: macText(d.bytes, d.destinationMac)};
  return {
    source: addressText(d.family, d.s0, d.s1, d.s2, d.s3),
    destination: addressText(d.family, d.d0, d.d1, d.d2, d.d3),
  };
}
