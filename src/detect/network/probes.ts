import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import type {FieldValue, Micros} from '../../event/event.ts';
import {ones} from './bits.ts';
import {destinationText, packetFields, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import {destinationKey, mixed, sourceKey} from './hash.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {evidenceNames, icmpEvidence, stealthKind, stealthKinds, tcpEvidence, udpEvidence} from './probe-kinds.ts';
import {networkRules} from './rules.ts';

/** Waited for, so that a fingerprint is told as one thing and not as the scans that it consists of. */
const settling = 2_000_000;
const mostPending = 512;
const mostPorts = 1024;
/** More sources than this at one victim are forged. */
const crowd = 10;
const enoughEvidence = 3;

/** Odd packets of one source to one host within two seconds. */
interface Probe {
  readonly from: string;
  readonly to: string;
  readonly victim: number;
  readonly first: Micros;
  last: Micros;
  evidence: number;
  /** By `stealthKinds`. */
  readonly counts: number[];
  readonly ports: Set<number>;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Packets that only scanners send: combinations of TCP flags without a connection, and nmap's fingerprinting. */
export class ProbeDetector {
  readonly #findings: Findings;
  readonly #pending = new Map<number, Probe>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  onTcp(d: Decoded, facts: InterfaceFacts): void {
    if (d.tcpFlags < 0 || d.transport < 0) return;
    const kind = stealthKind(d.tcpFlags);
    const evidence = tcpEvidence(d);
    if ((kind | evidence) !== 0) this.#add(d, facts, kind, evidence);
  }

  onUdp(d: Decoded, facts: InterfaceFacts): void {
    const evidence = udpEvidence(d);
    if (evidence !== 0) this.#add(d, facts, 0, evidence);
  }

  onIcmp(d: Decoded, facts: InterfaceFacts): void {
    const evidence = icmpEvidence(d);
    if (evidence !== 0) this.#add(d, facts, 0, evidence);
  }

  onTick(now: Micros): void {
    const [oldest] = this.#pending.values();
    if (oldest && (oldest.first + settling <= now || now < oldest.first - settling)) this.#flush();
  }

  finish(): void {
    this.#flush();
  }

  #add(d: Decoded, facts: InterfaceFacts, kind: number, evidence: number): void {
    const victim = destinationKey(d);
    const key = mixed(sourceKey(d), victim);
    let probe = this.#pending.get(key);
    if (!probe) {
      if (this.#pending.size >= mostPending) this.#flush();
      probe = {
        from: sourceText(d),
        to: destinationText(d),
        victim,
        first: d.time,
        last: d.time,
        evidence: 0,
        counts: stealthKinds.map(() => 0),
        ports: new Set(),
        fields: packetFields(d, facts.name),
      };
      this.#pending.set(key, probe);
    }
    probe.last = d.time;
    probe.evidence |= evidence;
    probe.counts[kind] = (probe.counts[kind] ?? 0) + 1;
    if (kind > 0 && probe.ports.size < mostPorts) probe.ports.add(d.destinationPort);
  }

  #flush(): void {
    const sources = new Map<number, number>();
    for (const {victim} of this.#pending.values()) sources.set(victim, (sources.get(victim) ?? 0) + 1);
    for (const probe of this.#pending.values()) {
      const isCrowd = (sources.get(probe.victim) ?? 0) > crowd;
      if (!isCrowd && ones(probe.evidence) >= enoughEvidence) this.#tellFingerprint(probe);
      else this.#tellStealth(probe, isCrowd);
    }
    this.#pending.clear();
  }

  #tellFingerprint({from, to, evidence, last, fields}: Probe): void {
    const seen = evidenceNames.filter((_, bit) => (evidence & (1 << bit)) !== 0);
    this.#findings.add({
      rule: networkRules.scanFingerprint,
      time: last,
      entity: from,
      reason: total =>
        `${from} asks ${to} what system it runs, as nmap does: ${seen.join('; ')}${total > 1 ? `. ${total} times so far` : ''}.`,
      fields,
    });
  }

  #tellStealth({from, to, counts, ports, last, fields}: Probe, isCrowd: boolean): void {
    stealthKinds.forEach((name, kind) => {
      const count = counts[kind] ?? 0;
      if (kind === 0 || count === 0) return;
      const list = [...ports].slice(0, 5).join(', ');
      const where = ports.size === 1 ? `port ${list}` : `${ports.size} ports (${list}${ports.size > 5 ? ', …' : ''})`;
      const words = isCrowd
        ? `${to} is sent TCP segments with ${name} by many addresses, most of them forged`
        : `${from} sends ${name} probes to ${where} of ${to}: no connection has such segments`;
      this.#findings.add({
        rule: networkRules.scanStealth,
        time: last,
        entity: isCrowd ? to : from,
        cause: name,
        count,
        reason: total => `${words}${total > 1 ? `; ${total} so far` : ''}.`,
        fields,
      });
    });
  }
}
