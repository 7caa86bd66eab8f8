import {ipv6Text, macAt, macNumberText} from '../../capture/packets/decode/address.ts';
import {type Decoded, i32, u8, u16} from '../../capture/packets/decode/decoded.ts';
import {Bindings, contestText, type Manner} from './bindings.ts';
import {packetFields, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import {mixed, sourceKey} from './hash.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {isVirtualMac, parseMac} from './mac.ts';
import {networkRules} from './rules.ts';

const routerAdvertisement = 134;
const neighbourAdvertisement = 136;
const solicited = 0x40;
const targetLinkAddress = 2;
const mostRouters = 8;

/** IPv6 neighbour discovery (RFC 4861): what ARP's detector looks for, and routers that were not there before. */
export class NeighbourDetector {
  readonly #findings: Findings;
  readonly #bindings = new Bindings();
  /** Routers by interface; the first that is heard of is the one that belongs there, where the kernel knows none. */
  readonly #routers = new Map<string, Set<number>>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  onIcmp6(d: Decoded, facts: InterfaceFacts): void {
    // Others than neighbours cannot send with 255 (RFC 4861, 6.1.2 and 7.1.2).
    if (d.ttl !== 255 || d.layersAround > 0 || facts.loopback || d.family !== 6) return;
    if (d.icmpType === neighbourAdvertisement && d.transport + 24 <= d.ipEnd) this.#onNeighbour(d, facts);
    else if (d.icmpType === routerAdvertisement && d.transport + 16 <= d.ipEnd) this.#onRouter(d, facts);
  }

  #onNeighbour(d: Decoded, facts: InterfaceFacts): void {
    const mac = linkAddress(d);
    if (mac < 0) return;
    const at = d.transport + 8;
    const words = [i32(d.bytes, at), i32(d.bytes, at + 4), i32(d.bytes, at + 8), i32(d.bytes, at + 12)] as const;
    const address = ipv6Text(...words);
    const key = words.reduce(mixed, Math.max(0, d.vlan));
    const gateway = facts.gateways?.find(({ip}) => ip === address);
    if (gateway && gateway.mac !== '') this.#bindings.seed(key, parseMac(gateway.mac), d.time);
    const isToAll = d.d0 >>> 24 === 0xff;
    const manner: Manner = isToAll
      ? 'announced'
      : (u8(d.bytes, d.transport + 4) & solicited) !== 0
        ? 'asked'
        : 'unasked';
    const contest = this.#bindings.claim(key, mac, d.time, manner, gateway !== undefined);
    if (!contest) return;
    this.#findings.add({
      rule: networkRules.ipv6Spoof,
      time: d.time,
      entity: address,
      reason: total =>
        `${macNumberText(mac)} claims ${address}, which ${macNumberText(contest.other)} had, ${contestText(contest)}${total === 1 ? '' : `; ${total} such claims so far`}.`,
      fields: packetFields(d, facts.name),
    });
  }

  #onRouter(d: Decoded, facts: InterfaceFacts): void {
    const link = `${facts.name} ${d.vlan}`;
    const key = sourceKey(d);
    const known = this.#routers.get(link);
    const isGateway = facts.gateways?.some(({ip}) => ip === sourceText(d)) ?? false;
    const expects = facts.gateways?.some(({ip}) => ip.includes(':')) ?? false;
    if (!known) this.#routers.set(link, new Set([key]));
    if (known?.has(key) || d.outgoing || isGateway || (!known && !expects)) return;
    if (d.sourceMac >= 0 && isVirtualMac(macAt(d.bytes, d.sourceMac))) return;
    const routers = known ?? new Set<number>();
    const router = routers.size < mostRouters ? sourceText(d) : facts.name;
    if (routers.size < mostRouters) routers.add(key);
    this.#onUnexpected(d, facts, router);
  }

  #onUnexpected(d: Decoded, facts: InterfaceFacts, router: string): void {
    const seconds = u16(d.bytes, d.transport + 6);
    const mac = d.sourceMac >= 0 ? macNumberText(macAt(d.bytes, d.sourceMac)) : 'an unknown MAC';
    this.#findings.add({
      rule: networkRules.ipv6Router,
      time: d.time,
      entity: router,
      reason: total =>
        total === 1
          ? `${sourceText(d)} (${mac}) says on ${facts.name} that it is a router, for ${seconds} s, where another one is.`
          : `${total} unexpected routers on ${facts.name}, the last ${sourceText(d)} (${mac}).`,
      fields: packetFields(d, facts.name),
    });
  }
}

/** The target's MAC as the option says, -1 where there is none. */
function linkAddress(d: Decoded): number {
  for (let at = d.transport + 24; at + 8 <= d.ipEnd; ) {
    const length = u8(d.bytes, at + 1) * 8;
    if (u8(d.bytes, at) === targetLinkAddress && length === 8) return macAt(d.bytes, at + 2);
    if (length === 0) return -1;
    at += length;
  }
  return -1;
}
