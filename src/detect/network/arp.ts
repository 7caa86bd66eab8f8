import {ipv4Text, macAt, macNumberText} from '../../capture/packets/decode/address.ts';
import {type Decoded, u8, u16} from '../../capture/packets/decode/decoded.ts';
import type {Settings} from '../../config/settings.ts';
import type {FieldValue, Micros} from '../../event/event.ts';
import {Bindings, type Contest, contestText, type Manner} from './bindings.ts';
import type {Findings} from './findings.ts';
import {Generations} from './generations.ts';
import {mixed} from './hash.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {isVirtualMac, parseMac} from './mac.ts';
import type {OwnAddresses} from './own-addresses.ts';
import {networkRules} from './rules.ts';

const [request, reply] = [1, 2];
/** A reply within this time of a question answers it. */
const patience = 10_000_000;
const scanWindow = 60_000_000;
const mostTargets = 4096;
const mostClaims = 16;
const oftenClaimed = 3;

interface Asker {
  /** The address it first asked from. */
  readonly name: string;
  readonly targets: Set<number>;
  first: Micros;
  told: number;
}

/** ARP on the link that the sensor is on: who asks for everyone, and who says to be another. */
export class ArpDetector {
  readonly #findings: Findings;
  readonly #hosts: number;
  readonly #bindings = new Bindings();
  readonly #questions = new Generations<Micros>(4096);
  /** Answers that nobody asked for, by machine and address. */
  readonly #unasked = new Generations<Map<number, number>>(256);
  readonly #askers = new Generations<Asker>(512);

  constructor(findings: Findings, {arp_hosts}: Pick<Settings['network'], 'arp_hosts'>) {
    this.#findings = findings;
    this.#hosts = arp_hosts;
  }

  onArp(d: Decoded, facts: InterfaceFacts, own: OwnAddresses): void {
    const at = d.network;
    // Ethernet and IPv4; whole.
    if (facts.loopback || d.layersAround > 0 || u16(d.bytes, at) !== 1 || u8(d.bytes, at + 4) !== 6 || at + 28 > d.end)
      return;
    if (d.arpOperation !== request && d.arpOperation !== reply) return;
    const mac = macAt(d.bytes, at + 8);
    const isAnnouncement = d.s3 === d.d3;
    if (d.sourceMac >= 0) this.#compareMacs(d, facts, mac);
    if (d.arpOperation === request && !isAnnouncement) this.#onQuestion(d, facts, mac);
    // 0.0.0.0 asks whether an address is free, and claims none.
    if (d.s3 !== 0) this.#onClaim(d, facts, own, mac, this.#manner(d, isAnnouncement));
  }

  #manner(d: Decoded, isAnnouncement: boolean): Manner {
    if (isAnnouncement || d.arpOperation === request) return 'announced';
    const asked = this.#questions.get(question(d.s3, d.d3));
    return asked !== undefined && Math.abs(d.time - asked) < patience ? 'asked' : 'unasked';
  }

  #onClaim(d: Decoded, facts: InterfaceFacts, own: OwnAddresses, mac: number, manner: Manner): void {
    const gateways = facts.gateways ?? [];
    const gateway = gateways.length === 0 ? undefined : gateways.find(({ip}) => ip === ipv4Text(d.s3));
    const address = mixed(d.s3, Math.max(0, d.vlan));
    if (gateway && gateway.mac !== '') this.#bindings.seed(address, parseMac(gateway.mac), d.time);
    const contest = this.#bindings.claim(address, mac, d.time, manner, gateway !== undefined);
    const isOwn = !d.outgoing && own.hasSource(d) && !own.hasMac(mac);
    if (contest) this.#onContest(d, facts, mac, contest, gateway !== undefined);
    else if (isOwn && manner === 'unasked' && !isVirtualMac(mac)) {
      this.#onContest(d, facts, mac, {other: -1, why: 'unasked'}, false);
    } else if (manner === 'unasked' && !isVirtualMac(mac)) this.#onUnasked(d, facts, mac);
  }

  /** Who says again and again, to one host after the other, to be several: poisoning that began before the capture did. */
  #onUnasked(d: Decoded, facts: InterfaceFacts, mac: number): void {
    let claims = this.#unasked.get(mac);
    if (!claims) {
      claims = new Map();
      this.#unasked.set(mac, claims);
    }
    const count = (claims.get(d.s3) ?? 0) + 1;
    if (count > 1 || claims.size < mostClaims) claims.set(d.s3, count);
    const often = [...claims].filter(([, number]) => number >= oftenClaimed).map(([address]) => ipv4Text(address));
    if (often.length < 2 || count < oftenClaimed) return;
    this.#findings.add({
      rule: networkRules.arpSpoof,
      time: d.time,
      entity: macNumberText(mac),
      reason: total =>
        `${macNumberText(mac)} says again and again, unasked, to be ${often.slice(0, 4).join(' and ')}${total === 1 ? '' : `; ${total} such claims so far`}.`,
      fields: fieldsOf(d, facts, mac),
    });
  }

  #onContest(d: Decoded, facts: InterfaceFacts, mac: number, contest: Contest, isGateway: boolean): void {
    const address = ipv4Text(d.s3);
    const before = contest.other < 0 ? "this machine's own address" : `which ${macNumberText(contest.other)} had`;
    const words = `${macNumberText(mac)} claims ${isGateway ? 'the gateway ' : ''}${address}, ${before}, ${contestText(contest)}`;
    this.#findings.add({
      rule: isGateway ? networkRules.arpGateway : networkRules.arpSpoof,
      time: d.time,
      entity: address,
      reason: total => `${words}${total === 1 ? '' : `; ${total} such claims so far`}.`,
      fields: fieldsOf(d, facts, mac),
    });
  }

  /** What the frame's header says and what ARP says: other only where someone forges, or passes on for another. */
  #compareMacs(d: Decoded, facts: InterfaceFacts, mac: number): void {
    const sender = macAt(d.bytes, d.sourceMac);
    if (sender === mac || isVirtualMac(sender) || isVirtualMac(mac)) return;
    const address = ipv4Text(d.s3);
    this.#findings.add({
      rule: networkRules.arpMismatch,
      time: d.time,
      entity: macNumberText(sender),
      reason: total =>
        `${macNumberText(sender)} sent an ARP packet that says it is from ${macNumberText(mac)} (${address})${total === 1 ? '' : `; ${total} such packets so far`}.`,
      fields: fieldsOf(d, facts, mac),
    });
  }

  #onQuestion(d: Decoded, facts: InterfaceFacts, mac: number): void {
    this.#questions.set(question(d.d3, d.s3), d.time);
    let asker = this.#askers.get(mac);
    if (!asker) {
      asker = {name: d.s3 === 0 ? macNumberText(mac) : ipv4Text(d.s3), targets: new Set(), first: d.time, told: 0};
      this.#askers.set(mac, asker);
    }
    if (Math.abs(d.time - asker.first) > scanWindow && asker.told === 0) {
      asker.targets.clear();
      asker.first = d.time;
    }
    const before = asker.targets.size;
    if (before < mostTargets) asker.targets.add(d.d3);
    const found = asker.targets.size;
    // A router asks for all whom others look for.
    if (found === before || found < this.#hosts || facts.gateways?.some(({ip}) => ip === ipv4Text(d.s3))) return;
    this.#onScan(d, facts, mac, asker, found);
  }

  #onScan(d: Decoded, facts: InterfaceFacts, mac: number, asker: Asker, found: number): void {
    const who = asker.name;
    const took = Math.max(1, Math.round((d.time - asker.first) / 1_000_000));
    this.#findings.add({
      rule: networkRules.arpScan,
      time: d.time,
      entity: who,
      count: found - asker.told,
      reason: total => `${who} (${macNumberText(mac)}) asked by ARP who has ${total} addresses, within ${took} s.`,
      fields: fieldsOf(d, facts, mac),
    });
    asker.told = found;
  }
}

function question(target: number, asker: number): number {
  return mixed(target, asker);
}

function fieldsOf(d: Decoded, facts: InterfaceFacts, mac: number): Readonly<Record<string, FieldValue>> {
  return {
    'network.transport': 'arp',
    'source.ip': ipv4Text(d.s3),
    'source.mac': macNumberText(mac),
    'destination.ip': ipv4Text(d.d3),
    'observer.ingress.interface.name': facts.name,
  };
}
