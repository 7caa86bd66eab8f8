import {createHash} from 'node:crypto';
import {IpProtocols} from './decoded.ts';

/** One conversation's ends: addresses as eight 32-bit words, the source's first (IPv4 in the last of its four). */
export interface ConversationEnds {
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly words: readonly number[];
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Of the first packet, for ICMP and ICMPv6, which have no ports. */
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

/** ICMP types that answer each other; the others go one way and keep their direction. */
const answers4 = new Map([
  [8, 0],
  [0, 8],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [10, 9],
  [9, 10],
  [17, 18],
  [18, 17],
]);
const answers6 = new Map([
  [128, 129],
  [129, 128],
  [133, 134],
  [134, 133],
  [135, 136],
  [136, 135],
  [130, 131],
  [131, 130],
  [144, 145],
  [145, 144],
  [139, 140],
  [140, 139],
]);
const withPorts: readonly number[] = [IpProtocols.tcp, IpProtocols.udp, IpProtocols.sctp];

/**
 * Community ID version 1 (Corelight's specification): the same text for both directions of a conversation, and in every
 * program that speaks it. Costs a SHA-1: once a flow.
 */
export function communityId(ends: ConversationEnds, seed = 0): string {
  const {protocol} = ends;
  const [from, to] = [addressBytes(ends, 0), addressBytes(ends, 4)];
  const {first, second, oneWay} = portsOf(ends);
  const forward = oneWay || compare(from, first, to, second) <= 0;
  const parts = forward ? [from, to] : [to, from];
  const ports = forward ? [first, second] : [second, first];
  const tail = first < 0 ? [] : ports.flatMap(port => [port >> 8, port & 255]);
  const start = Buffer.from([seed >> 8, seed & 255]);
  const hash = createHash('sha1').update(Buffer.concat([start, ...parts, Buffer.from([protocol, 0, ...tail])]));
  return `1:${hash.digest('base64')}`;
}

/** Ports, or an ICMP type and the one that answers it; -1 where the protocol has neither. */
function portsOf(ends: ConversationEnds): {first: number; second: number; oneWay: boolean} {
  const {protocol, sourcePort, destinationPort, icmpType = 0, icmpCode = 0} = ends;
  if (withPorts.includes(protocol)) return {first: sourcePort, second: destinationPort, oneWay: false};
  const answers = protocol === IpProtocols.icmp ? answers4 : protocol === IpProtocols.icmpv6 ? answers6 : undefined;
  if (!answers) return {first: -1, second: -1, oneWay: false};
  const answer = answers.get(icmpType);
  return {first: icmpType, second: answer ?? icmpCode, oneWay: answer === undefined};
}

function addressBytes(ends: ConversationEnds, at: number): Buffer {
  const bytes = Buffer.alloc(16);
  for (let i = 0; i < 4; i++) bytes.writeInt32BE((ends.words[at + i] ?? 0) | 0, i * 4);
  return ends.family === 4 ? bytes.subarray(12) : bytes;
}

function compare(from: Buffer, fromPort: number, to: Buffer, toPort: number): number {
  return Buffer.compare(from, to) || fromPort - toPort;
}
