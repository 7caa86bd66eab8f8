import {macText} from '../../capture/packets/decode/address.ts';
import {arpProtocol, type Decoded, IpProtocols, TcpFlags} from '../../capture/packets/decode/decoded.ts';
import {bogonKind, isLoopback} from './bogon.ts';
import {destinationText, packetFields, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import type {ConnectedNetwork, InterfaceFacts} from './interface-facts.ts';
import type {OwnAddresses} from './own-addresses.ts';
import {networkRules} from './rules.ts';

/** Source addresses that the sender cannot rightly have. */
export class SpoofDetector {
  readonly #findings: Findings;
  #own: OwnAddresses;

  constructor(findings: Findings, own: OwnAddresses) {
    this.#findings = findings;
    this.#own = own;
  }

  /** Addresses come and go: told the present ones every few seconds. */
  setOwn(own: OwnAddresses): void {
    this.#own = own;
  }

  onPacket(d: Decoded, facts: InterfaceFacts): void {
    if (d.family === 0 || d.protocol === arpProtocol || d.outgoing || facts.loopback) return;
    // What a tunnel carries comes from another network, with addresses of its own.
    if (d.layersAround > 0) return;
    if (isLand(d)) this.#onLand(d, facts);
    if (d.sourceMac >= 0 && this.#own.hasSource(d) && !this.#own.hasSourceMac(d)) this.#onOwn(d, facts);
    const kind = bogonKind(d);
    if (kind !== undefined) this.#onBogon(d, facts, kind);
    else if (facts.elsewhere !== undefined && d.family === 4) this.#checkPath(d, facts, facts.elsewhere);
  }

  /** Reverse path: asymmetric routing and bridges give it too, so it is told low. */
  #checkPath(d: Decoded, facts: InterfaceFacts, elsewhere: readonly ConnectedNetwork[]): void {
    for (const network of elsewhere) {
      if ((d.s3 & network.mask) !== network.network) continue;
      this.#onPath(d, facts, network);
      return;
    }
  }

  #onPath(d: Decoded, facts: InterfaceFacts, network: ConnectedNetwork): void {
    const [from, to] = [sourceText(d), destinationText(d)];
    this.#findings.add({
      rule: networkRules.spoofPath,
      time: d.time,
      entity: to,
      reason: total =>
        `A packet to ${to} came in on ${facts.name} from ${from}, which is an address of the network at ${network.interface}${soFar(total)}.`,
      fields: packetFields(d, facts.name),
    });
  }

  #onLand(d: Decoded, facts: InterfaceFacts): void {
    const address = sourceText(d);
    this.#findings.add({
      rule: networkRules.land,
      time: d.time,
      entity: address,
      reason: total =>
        `A SYN whose source and destination are both ${address} port ${d.sourcePort} came in on ${facts.name}${soFar(total)}.`,
      fields: packetFields(d, facts.name),
    });
  }

  #onOwn(d: Decoded, facts: InterfaceFacts): void {
    const [address, mac] = [sourceText(d), macText(d.bytes, d.sourceMac)];
    this.#findings.add({
      rule: networkRules.spoofOwn,
      time: d.time,
      entity: address,
      reason: total =>
        `A packet from ${address}, an address of this machine, came in on ${facts.name} from the foreign MAC ${mac}${soFar(total)}.`,
      fields: packetFields(d, facts.name),
    });
  }

  /** About the victim: the sources of a spoofed flood are many and mean nothing. */
  #onBogon(d: Decoded, facts: InterfaceFacts, kind: string): void {
    const [from, to] = [sourceText(d), destinationText(d)];
    this.#findings.add({
      rule: networkRules.spoofBogon,
      time: d.time,
      entity: to,
      reason: total => `A packet to ${to} came in on ${facts.name} from ${from}, ${kind}${soFar(total)}.`,
      fields: packetFields(d, facts.name),
    });
  }
}

function isLand(d: Decoded): boolean {
  if (d.protocol !== IpProtocols.tcp || (d.tcpFlags & 0x12) !== TcpFlags.syn || d.sourcePort !== d.destinationPort) {
    return false;
  }
  if (d.s3 !== d.d3 || d.s2 !== d.d2 || d.s1 !== d.d1 || d.s0 !== d.d0) return false;
  // In a file nobody knows which packets went over lo; from a wire it is an address that cannot be, and told as that.
  return !isLoopback(d);
}

function soFar(total: number): string {
  return total === 1 ? '' : `; ${total} such packets so far`;
}
