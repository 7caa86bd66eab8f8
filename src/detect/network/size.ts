import {arpProtocol, type Decoded, IpProtocols} from '../../capture/packets/decode/decoded.ts';
import type {Rule} from '../../event/event.ts';
import {destinationText, packetFields, protocolText, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {networkRules} from './rules.ts';

const checksum = 4;
const largestIpPacket = 65_535;
const gre = 47;
const sctp = 132;
/** Protocols whose packets the kernel joins: TCP and UDP themselves, SCTP, and tunnels that may carry them. */
const aggregated = new Set<number>([IpProtocols.tcp, IpProtocols.udp, 4, 41, gre, 50, sctp]);

/**
 * Packets of a size that cannot be. TCP and UDP over the MTU are what segmentation offload makes on most machines: a
 * statistic (`aggregatedByOffload`), never an alert. An anomaly is a protocol that is never aggregated over the MTU, an
 * IP length greater than what was on the wire, and fragments that reassemble past 65,535 bytes.
 */
export class SizeDetector {
  aggregatedByOffload = 0;
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  onPacket(d: Decoded, facts: InterfaceFacts): void {
    // What a tunnel carries may be in fragments, or joined by offload on its way.
    if (d.layersAround > 0) return;
    const atNetwork = d.wire - d.linkLength;
    // A frame may end in its checksum, which no MTU counts.
    const length = Math.max(Math.min(d.ipLength, atNetwork), atNetwork - checksum);
    if (d.network >= 0 && length > facts.mtu) this.#onLarge(d, facts, length);
    if (d.family === 0 || d.protocol === arpProtocol) return;
    if (d.ipLength > atNetwork) this.#onLengthBeyond(d, facts, atNetwork);
    const reassembled = d.fragmentOffset + d.payloadLength;
    if (d.fragmentOffset > 0 && reassembled > largestIpPacket) this.#onFragment(d, facts, reassembled);
  }

  #onLarge(d: Decoded, facts: InterfaceFacts, length: number): void {
    const joinable = aggregated.has(d.protocol);
    if (joinable && facts.aggregates) {
      this.aggregatedByOffload++;
      return;
    }
    const icmp = d.protocol === IpProtocols.icmp || d.protocol === IpProtocols.icmpv6;
    this.#add(
      icmp ? networkRules.icmpOversized : networkRules.frameOversized,
      d,
      facts,
      `of ${length} bytes${aim(d)}: the link carries ${facts.mtu} at most, and ${protocolText(d)} is never joined by offload here`,
    );
  }

  #onLengthBeyond(d: Decoded, facts: InterfaceFacts, length: number): void {
    const words = `${aim(d)} claims ${d.ipLength} bytes, but ${length} were on the wire`;
    this.#add(networkRules.lengthBeyondFrame, d, facts, words.trimStart());
  }

  #onFragment(d: Decoded, facts: InterfaceFacts, reassembled: number): void {
    const words = `fragment${aim(d)} at offset ${d.fragmentOffset} makes ${reassembled} bytes of one IP packet, where ${largestIpPacket} is the most`;
    this.#add(networkRules.fragmentOversized, d, facts, words);
  }

  #add(rule: Rule, d: Decoded, facts: InterfaceFacts, words: string): void {
    const entity = d.family === 0 ? facts.name : sourceText(d);
    const what = `${protocolText(d)} packet ${words}`;
    const reason = (total: number) => (total === 1 ? `${what}.` : `${what}; ${total} such packets so far.`);
    this.#findings.add({rule, time: d.time, entity, reason, fields: packetFields(d, facts.name)});
  }
}

function aim(d: Decoded): string {
  return d.family === 0 ? '' : ` from ${sourceText(d)} to ${destinationText(d)}`;
}
