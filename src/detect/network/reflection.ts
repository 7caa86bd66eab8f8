import type {ApplicationFacts} from '../../capture/packets/decode/application.ts';
import {type Decoded, TcpFlags, u8} from '../../capture/packets/decode/decoded.ts';
import type {Settings} from '../../config/settings.ts';
import type {Micros} from '../../event/event.ts';
import type {Asked} from './asked.ts';
import {destinationText, packetFields, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import {isGroup, number} from './flood.ts';
import {Generations} from './generations.ts';
import {destinationKey, quickSource, sourceKey} from './hash.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {networkRules} from './rules.ts';
import {distinct, type JudgedSecond, tally, type Victims} from './victims.ts';

const dns = 53;
const monlist = 42;
/** Seconds that an answer may take. */
const patience = 60;
/** What comes sooner after the capture began may have been asked for before. */
const settled = 500_000;
/** Smaller ones on the average are no attack worth its name, or a capture that sees one direction only. */
const leastMean = 200;
const leastRatio = 10;
const leastAnswered = 50_000;
const manyUnasked = 25;
const keptHosts = 1024;

/** UDP services that answer with more than they are asked (US-CERT TA14-017A and later). */
const reflectors: Readonly<Record<number, string>> = {
  17: 'QOTD',
  19: 'chargen',
  53: 'DNS',
  69: 'TFTP',
  111: 'portmapper',
  123: 'NTP',
  137: 'NetBIOS',
  161: 'SNMP',
  389: 'CLDAP',
  427: 'SLP',
  520: 'RIP',
  1434: 'MSSQL',
  1900: 'SSDP',
  3283: 'ARD',
  3702: 'WS-Discovery',
  5093: 'Sentinel',
  5353: 'mDNS',
  5683: 'CoAP',
  10001: 'Ubiquiti',
  11211: 'memcached',
  27015: 'game server',
};
const isReflector = new Uint8Array(65_536);
for (const port of Object.keys(reflectors)) isReflector[Number(port)] = 1;

interface Unasked {
  readonly hosts: Set<number>;
  packets: number;
}

/**
 * Answers that nobody here asked for: from many servers to one host they are an attack by reflection; from one server to
 * hosts all over they are what comes back from an attack on it with forged addresses. And the other side: a server here
 * that answers with many times of what it was asked.
 */
export class ReflectionDetector {
  readonly #findings: Findings;
  readonly #limit: number;
  readonly #victims: Victims;
  readonly #asked: Asked;
  readonly #backscatter = new Generations<Unasked>(2048);
  /** Of hosts that are sent much: who last sent it, and from which port. */
  readonly #senders = new Map<number, {server: string; port: number}>();
  #begun: Micros = -1;

  constructor(
    findings: Findings,
    {reflection}: Pick<Settings['network'], 'reflection'>,
    victims: Victims,
    asked: Asked,
  ) {
    this.#findings = findings;
    this.#limit = reflection;
    this.#victims = victims;
    this.#asked = asked;
  }

  /** Asked of each SYN-ACK. True where it answers a SYN. */
  onSynAck(d: Decoded, facts: InterfaceFacts): boolean {
    if (this.#wasAsked(d)) return true;
    if (!this.#isSettling(d.time)) this.#onUnaskedSynAck(d, facts);
    return false;
  }
  onUdp(d: Decoded): void {
    if (isReflector[d.sourcePort] === 0 && isReflector[d.destinationPort] === 0) return;
    if (isGroup(d)) return;
    if (isQuestion(d)) this.#onQuestion(d);
    else if (!this.#isSettling(d.time)) this.#onAnswer(d);
  }

  /** A time server that answers monlist is what attackers look for. */
  onApplication(d: Decoded, said: ApplicationFacts, facts: InterfaceFacts): void {
    if (said.kind !== 'ntp' || said.requestCode !== monlist || (u8(d.bytes, d.payload) & 0x80) === 0) return;
    const [server, client] = [sourceText(d), destinationText(d)];
    this.#findings.add({
      rule: networkRules.reflection,
      time: d.time,
      entity: server,
      cause: 'monlist',
      reason: total =>
        `${server} answers NTP monlist, here to ${client} with ${d.payloadLength} bytes: whoever forges an address can turn it against that one. ${number(total)} such answers so far.`,
      fields: packetFields(d, facts.name),
    });
  }

  onTick(now: Micros): void {
    if (this.#begun < 0) this.#begun = now;
  }

  /** True where it was an attack by reflection: the same packets are no flood besides. */
  judge(one: JudgedSecond): boolean {
    this.#judgeAmplified(one);
    const [datagrams, bytes] = [one.of(tally.unaskedUdp), one.of(tally.unaskedBytes)];
    const segments = one.of(tally.unaskedTcp);
    const isLarge = datagrams >= this.#limit && bytes >= datagrams * leastMean;
    if (isLarge) this.#tellUdp(one, datagrams, bytes);
    else if (segments >= this.#limit && one.sources >= 8) this.#tellTcp(one, segments);
    else return false;
    return true;
  }

  #onUnaskedSynAck(d: Decoded, facts: InterfaceFacts): void {
    const slot = this.#victims.destination(d);
    if (this.#victims.add(slot, tally.unaskedTcp) * 4 > this.#limit) this.#follow(d, slot);
    this.#addBackscatter(d, facts);
  }

  #isSettling(time: Micros): boolean {
    if (this.#begun < 0 || time < this.#begun) this.#begun = time;
    return time - this.#begun < settled;
  }

  #wasAsked(d: Decoded): boolean {
    const asked = this.#asked.answered(d);
    return asked >= 0 && Math.abs(d.time / 1_000_000 - asked) <= patience;
  }

  #onQuestion(d: Decoded): void {
    this.#asked.ask(d);
    const slot = this.#victims.source(d);
    if (slot >= 0) this.#victims.add(slot, tally.askedBytes, d.wire);
  }

  #onAnswer(d: Decoded): void {
    const slot = this.#victims.destination(d);
    if (this.#wasAsked(d)) {
      if (this.#victims.add(slot, tally.answerBytes, d.wire) >= leastAnswered) this.#follow(d, slot);
      return;
    }
    this.#victims.add(slot, tally.unaskedBytes, d.wire);
    if (this.#victims.add(slot, tally.unaskedUdp) * 4 > this.#limit) this.#follow(d, slot);
  }

  #follow(d: Decoded, slot: number): void {
    this.#victims.heat(slot);
    this.#victims.mark(slot, distinct.sources, quickSource(d));
    if (this.#senders.size > 256) this.#senders.clear();
    if (!this.#senders.has(slot)) this.#senders.set(slot, {server: sourceText(d), port: d.sourcePort});
  }

  #addBackscatter(d: Decoded, facts: InterfaceFacts): void {
    const key = sourceKey(d);
    let known = this.#backscatter.get(key);
    if (!known) {
      known = {hosts: new Set(), packets: 0};
      this.#backscatter.set(key, known);
    }
    known.packets++;
    if (known.hosts.size < keptHosts) known.hosts.add(destinationKey(d));
    if (known.packets < manyUnasked) return;
    const server = sourceText(d);
    const hosts = known.hosts.size;
    this.#findings.add({
      rule: networkRules.backscatter,
      time: d.time,
      entity: server,
      count: known.packets === manyUnasked ? manyUnasked : 1,
      reason: total =>
        `${server} sent ${number(total)} SYN-ACKs, the last from port ${d.sourcePort}, to ${number(hosts)} addresses here that did not ask: someone else strikes it with forged addresses.`,
      fields: packetFields(d, facts.name),
    });
  }

  #judgeAmplified(one: JudgedSecond): void {
    const [answered, asked] = [one.of(tally.answerBytes), one.of(tally.askedBytes)];
    const sender = this.#senders.get(one.slot);
    if (!sender || answered < leastAnswered || asked === 0 || answered < asked * leastRatio) return;
    // Reading tables is what SNMP is for, and gives as much.
    if (sender.port === 161 && answered < asked * leastRatio * 10) return;
    const client = this.#victims.text(one.slot);
    this.#senders.delete(one.slot);
    this.#findings.add({
      rule: networkRules.reflection,
      time: one.start,
      entity: sender.server,
      cause: 'amplifier',
      reason: () =>
        `${sender.server} answered ${client} from ${reflectors[sender.port] ?? 'port'} (${sender.port}) with ${number(answered)} bytes for ${number(asked)} within a second, ${number(answered / asked)} times as much: it may be used against ${client}.`,
      fields: {'source.ip': sender.server, 'source.port': sender.port, 'destination.ip': client},
    });
  }

  #tellUdp(one: JudgedSecond, count: number, bytes: number): void {
    const sender = this.#senders.get(one.slot);
    const service = reflectors[sender?.port ?? 0] ?? 'UDP';
    const asked = one.of(tally.askedBytes);
    this.#tell(
      one,
      count,
      'udp',
      `${number(count)} ${service} answers, ${number(bytes)} bytes, within a second that it did not ask for (it asked with ${number(asked)} bytes)`,
    );
  }

  #tellTcp(one: JudgedSecond, count: number): void {
    this.#tell(one, count, 'tcp', `${number(count)} SYN-ACKs within a second that it did not ask for`);
  }

  #tell(one: JudgedSecond, count: number, transport: string, words: string): void {
    const entity = this.#victims.text(one.slot);
    const port = this.#senders.get(one.slot)?.port;
    this.#senders.delete(one.slot);
    const servers = one.sources <= 1 ? 'one server' : `about ${number(one.sources)} servers`;
    this.#findings.add({
      rule: networkRules.reflection,
      time: one.start,
      entity,
      count,
      reason: total => `${entity} was sent ${words}, by ${servers}; ${number(total)} packets so far.`,
      fields: {
        'destination.ip': entity,
        'network.transport': transport,
        'network.packets': count,
        ...(port !== undefined && {'source.port': port}),
      },
    });
  }
}

/** DNS says it itself; of the others the port does. Servers that ask each other use the same port at both ends. */
function isQuestion(d: Decoded): boolean {
  const here = isReflector[d.destinationPort] === 1;
  if (d.sourcePort === dns || d.destinationPort === dns) {
    if (d.payload < 0 || d.payload + 3 > d.payloadEnd) return d.destinationPort === dns;
    return (u8(d.bytes, d.payload + 2) & 0x80) === 0;
  }
  return here;
}

/** A segment that answers a SYN. */
export function isSynAck(d: Decoded): boolean {
  const {syn, ack, fin, rst} = TcpFlags;
  return (d.tcpFlags & (syn | ack | fin | rst)) === (syn | ack);
}
