import {type Decoded, IpProtocols, TcpFlags} from '../../capture/packets/decode/decoded.ts';
import type {Settings} from '../../config/settings.ts';
import type {Micros, Rule} from '../../event/event.ts';
import type {Asked} from './asked.ts';
import type {Findings} from './findings.ts';
import {Generations} from './generations.ts';
import {quickSource, step} from './hash.ts';
import {networkRules} from './rules.ts';
import {distinct, type JudgedSecond, tally, type Victims} from './victims.ts';

export type FloodThresholds = Pick<Settings['network'], 'flood_syn' | 'flood_udp' | 'flood_icmp'>;

const {syn, ack, fin, rst} = TcpFlags;
/** How long a victim counts as flooded after the last second that was. */
const aftermath = 10_000_000;
const portUnreachable = 3;

/**
 * Floods towards one host: what came within a second, less what was answered. A SYN counts as answered once the
 * handshake is complete, so neither a busy server nor SYN cookies mislead. About the victim, whoever the sources are.
 */
export class FloodDetector {
  readonly #findings: Findings;
  readonly #limits: FloodThresholds;
  readonly #victims: Victims;
  readonly #asked: Asked;
  readonly #flooded = new Generations<Micros>(1024);

  constructor(findings: Findings, limits: FloodThresholds, victims: Victims, asked: Asked) {
    this.#findings = findings;
    this.#limits = limits;
    this.#victims = victims;
    this.#asked = asked;
  }

  /** Many sources strike this address now, or did a moment ago. */
  readonly isFlooded = (key: number, time: Micros): boolean => {
    const until = this.#flooded.size === 0 ? undefined : this.#flooded.get(key);
    return until !== undefined && time <= until;
  };

  onTcp(d: Decoded): void {
    const flags = d.tcpFlags;
    if ((flags & (syn | ack | fin | rst)) === syn) this.#onSyn(d);
    // Only while there is a suspicion: otherwise nobody asks how many handshakes are complete.
    else if (this.#victims.anyHot && (flags & (syn | ack | rst)) === ack) this.#onAck(d);
  }

  onUdp(d: Decoded): void {
    if (isGroup(d)) return;
    const slot = this.#victims.destination(d);
    const limit = this.#limits.flood_udp;
    if (this.#victims.add(slot, tally.udpIn) * 4 > limit) this.#follow(d, slot);
    this.#countOut(d, tally.udpOut);
  }

  onIcmp(d: Decoded): void {
    const type = d.icmpType;
    if (isGroup(d)) return;
    const v6 = d.protocol === IpProtocols.icmpv6;
    // Neighbour discovery and group membership are no flood: the kernel asks as often as there are hosts.
    if (v6 && type > 129) return;
    const isRequest = type === (v6 ? 128 : 8);
    const slot = this.#victims.destination(d);
    const sum = this.#victims.add(slot, isRequest ? tally.echoIn : tally.errorsIn);
    if (sum * 4 > this.#limits.flood_icmp) this.#follow(d, slot);
    if (isRequest) this.#countOut(d, tally.asksOut);
    else if (type === (v6 ? 129 : 0)) this.#countOut(d, tally.echoAnswered);
    else if (!v6 && type === portUnreachable) this.#countOut(d, tally.unreachableOut);
  }

  judge(one: JudgedSecond): void {
    this.#judgeSyn(one);
    this.#judgeUdp(one);
    this.#judgeIcmp(one);
  }

  #onSyn(d: Decoded): void {
    this.#asked.ask(d);
    const slot = this.#victims.destination(d);
    const limit = this.#limits.flood_syn;
    const sum = this.#victims.add(slot, tally.synIn);
    if (sum * 4 > limit) this.#follow(d, slot);
    // Before the second is judged: an attempt that a flood pushes out of the flow table ends sooner.
    if (sum >= limit && sum % limit === 0 && this.#victims.sources(slot) * 8 > limit) {
      this.#flooded.set(this.#victims.key(slot), d.time + aftermath);
    }
    this.#countOut(d, tally.asksOut);
  }

  #onAck(d: Decoded): void {
    const began = this.#asked.take(d);
    if (began >= 0) this.#victims.addAt(this.#victims.destination(d), tally.done, began);
  }

  #follow(d: Decoded, slot: number): void {
    const source = quickSource(d);
    this.#victims.heat(slot);
    this.#victims.mark(slot, distinct.sources, source);
    this.#victims.mark(slot, distinct.ports, d.destinationPort);
    this.#victims.mark(slot, distinct.tuples, step(source, (d.sourcePort << 16) | d.destinationPort));
  }

  #countOut(d: Decoded, which: number): void {
    const slot = this.#victims.source(d);
    if (slot >= 0) this.#victims.add(slot, which);
  }

  #judgeSyn(one: JudgedSecond): void {
    const [came, done] = [one.of(tally.synIn), one.of(tally.done)];
    if (came - done < this.#limits.flood_syn || done * 2 >= came || isScan(one, came)) return;
    const words = `${number(came)} SYNs within a second, of which ${number(done)} became connections, ${from(one)} to ${ports(one)}`;
    this.#tell(networkRules.floodSyn, one, came - done, 'tcp', words);
  }

  #judgeUdp(one: JudgedSecond): void {
    const [came, sent] = [one.of(tally.udpIn), one.of(tally.udpOut)];
    if (came < this.#limits.flood_udp || sent * 10 >= came) return;
    // Syslog, voice, video and bulk tests are conversations that go on; a flood's are new, or go to no port at all.
    if (one.novelty < 0.5 && one.of(tally.unreachableOut) === 0) return;
    if (isScan(one, came) && came < this.#limits.flood_udp * 5) return;
    const words = `${number(came)} UDP packets within a second, ${number(sent)} answered, ${from(one)} to ${ports(one)}`;
    this.#tell(networkRules.floodUdp, one, came, 'udp', words);
  }

  #judgeIcmp(one: JudgedSecond): void {
    const limit = this.#limits.flood_icmp;
    const [asked, answered] = [one.of(tally.echoIn), one.of(tally.echoAnswered)];
    const [other, caused] = [one.of(tally.errorsIn), one.of(tally.asksOut) + one.of(tally.udpOut)];
    if (asked - answered >= limit && answered * 2 < asked) {
      const words = `${number(asked)} echo requests within a second, ${number(answered)} answered, ${from(one)}`;
      this.#tell(networkRules.floodIcmp, one, asked - answered, 'icmp', words);
    } else if (other >= limit && caused * 2 < other) {
      const words = `${number(other)} ICMP answers and errors within a second that it did not cause, ${from(one)}`;
      this.#tell(networkRules.floodIcmp, one, other, 'icmp', words);
    }
  }

  #tell(rule: Rule, one: JudgedSecond, count: number, transport: string, words: string): void {
    const entity = this.#victims.text(one.slot);
    if (one.sources >= 16) this.#flooded.set(this.#victims.key(one.slot), one.start + aftermath);
    this.#findings.add({
      rule,
      time: one.start,
      entity,
      count,
      reason: total => `${entity} was sent ${words}${total > count ? `; ${number(total)} packets so far` : ''}.`,
      fields: {'destination.ip': entity, 'network.transport': transport, 'network.packets': count},
    });
  }
}

/** One or a few sources that go through the ports: told as a scan. */
function isScan(one: JudgedSecond, came: number): boolean {
  return isMany(one.ports, came) && !isMany(one.sources, came);
}

/** Of the things that a bitmap tells apart, 200 are many however fast they come. */
function isMany(things: number, packets: number): boolean {
  return things >= Math.min(200, Math.max(8, packets / 8));
}

function from({sources}: JudgedSecond): string {
  return sources <= 1 ? 'from one address' : `from about ${number(sources)} addresses`;
}

function ports({ports: distinctPorts}: JudgedSecond): string {
  return distinctPorts <= 1 ? 'one port' : `about ${number(distinctPorts)} ports`;
}

export function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Multicast and broadcast: many receive it, no one is the victim. */
export function isGroup(d: Decoded): boolean {
  return d.family === 6 ? d.d0 >>> 24 === 0xff : d.d3 >>> 28 === 14 || d.d3 === -1;
}
