import {ipv4Text} from '../../capture/packets/decode/address.ts';
import {type Decoded, IpProtocols, i32} from '../../capture/packets/decode/decoded.ts';
import {destinationText, packetFields, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {networkRules} from './rules.ts';

const redirect4 = 5;
const redirect6 = 137;

/** IANA's ICMP types in use and once in use, with the highest code of each. */
const codes4: Readonly<Record<number, number>> = {
  0: 0,
  3: 15,
  4: 0,
  5: 3,
  6: 0,
  8: 255,
  9: 16,
  10: 0,
  11: 1,
  12: 2,
  13: 0,
  14: 0,
  15: 0,
  16: 0,
  17: 0,
  18: 0,
  30: 1,
  37: 0,
  38: 0,
  40: 5,
  41: 255,
  42: 0,
  43: 4,
  253: 255,
  254: 255,
};
const codes6: Readonly<Record<number, number>> = {1: 8, 2: 0, 3: 1, 4: 10, 100: 255, 101: 255, 128: 255, 129: 0};
const [firstInformational, lastInformational] = [130, 161];

/** ICMP that no standard knows, and redirects. */
export class IcmpDetector {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  onIcmp(d: Decoded, facts: InterfaceFacts): void {
    if (d.icmpCode < 0 || d.ipLength > d.wire - d.linkLength) return;
    const v6 = d.protocol === IpProtocols.icmpv6;
    const highest = v6 ? highestCode6(d.icmpType) : codes4[d.icmpType];
    if (highest === undefined) this.#onUnknown(d, facts, 'type');
    else if (d.icmpCode > highest) this.#onUnknown(d, facts, 'code');
    if (d.icmpType === (v6 ? redirect6 : redirect4) && !d.outgoing && d.layersAround === 0) this.#onRedirect(d, facts);
  }

  #onUnknown(d: Decoded, facts: InterfaceFacts, what: 'type' | 'code'): void {
    const [from, to] = [sourceText(d), destinationText(d)];
    const words = what === 'type' ? `type ${d.icmpType}` : `type ${d.icmpType} with code ${d.icmpCode}`;
    this.#findings.add({
      rule: networkRules.icmpUnknown,
      time: d.time,
      entity: from,
      cause: what,
      reason: total =>
        `${from} sent ${to} ICMP of ${words}, which no standard knows${total === 1 ? '' : `; ${total} packets of an unknown ${what} so far`}.`,
      fields: packetFields(d, facts.name),
    });
  }

  #onRedirect(d: Decoded, facts: InterfaceFacts): void {
    const [from, to] = [sourceText(d), destinationText(d)];
    const next =
      d.family === 4 && d.transport + 8 <= d.ipEnd ? ipv4Text(i32(d.bytes, d.transport + 4)) : 'another router';
    const {gateways} = facts;
    const isForeign = gateways !== undefined && gateways.length > 0 && !gateways.some(({ip}) => ip === from);
    this.#findings.add({
      rule: networkRules.icmpRedirect,
      ...(isForeign && {level: 'medium' as const}),
      time: d.time,
      entity: from,
      reason: total =>
        `${from}${isForeign ? ', which is not the gateway,' : ''} tells ${to} to send by way of ${next}${total === 1 ? '' : `; ${total} redirects so far`}.`,
      fields: packetFields(d, facts.name),
    });
  }
}

function highestCode6(type: number): number | undefined {
  if (type >= firstInformational && type <= lastInformational) return 255;
  if (type === 200 || type === 201) return 255;
  return codes6[type];
}
