import {hash} from 'node:crypto';
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

/**
 * Community ID version 1 (Corelight's specification): the same text for both directions of a conversation, and in every
 * program that speaks it. Costs a SHA-1: once a flow.
 */
export function communityId(ends: ConversationEnds, seed = 0): string {
  const {protocol, sourcePort, destinationPort} = ends;
  const {first, second, oneWay} = hasPorts(protocol)
    ? {first: sourcePort, second: destinationPort, oneWay: false}
    : typesOf(ends);
  const forward = oneWay || compare(ends, first, second) <= 0;
  message.writeUInt16BE(seed, 0);
  let at = putAddress(ends, forward ? 0 : 4, 2);
  at = putAddress(ends, forward ? 4 : 0, at);
  at = message.writeUInt16BE((ends.protocol & 255) << 8, at);
  if (first >= 0) {
    at = message.writeUInt16BE(forward ? first : second, at);
    at = message.writeUInt16BE(forward ? second : first, at);
  }
  return `1:${hash('sha1', prefixes[at] ?? message, 'base64')}`;
}

/** Seed, two addresses, protocol, padding, two ports. */
const message = Buffer.alloc(2 + 32 + 2 + 4);
/** Its first bytes, by their number: so that no view is made for each flow. */
const prefixes = Array.from({length: message.length + 1}, (_, length) => message.subarray(0, length));

function hasPorts(protocol: number): boolean {
  return protocol === IpProtocols.tcp || protocol === IpProtocols.udp || protocol === IpProtocols.sctp;
}

/** Instead of ports an ICMP type and the one that answers it; -1 where the protocol has neither. */
function typesOf({protocol, icmpType = 0, icmpCode = 0}: ConversationEnds): {
  first: number;
  second: number;
  oneWay: boolean;
} {
  const answers = protocol === IpProtocols.icmp ? answers4 : protocol === IpProtocols.icmpv6 ? answers6 : undefined;
  if (!answers) return {first: -1, second: -1, oneWay: false};
  const answer = answers.get(icmpType);
  return {first: icmpType, second: answer ?? icmpCode, oneWay: answer === undefined};
}

/** Returns where the next part goes. */
function putAddress({family, words}: ConversationEnds, from: number, at: number): number {
  if (family === 4) return message.writeInt32BE((words[from + 3] ?? 0) | 0, at);
  let next = at;
  for (let i = from; i < from + 4; i++) next = message.writeInt32BE((words[i] ?? 0) | 0, next);
  return next;
}

function compare({words}: ConversationEnds, fromPort: number, toPort: number): number {
  for (let i = 0; i < 4; i++) {
    const from = (words[i] ?? 0) >>> 0;
    const to = (words[i + 4] ?? 0) >>> 0;
    if (from !== to) return from - to;
  }
  return fromPort - toPort;
}
