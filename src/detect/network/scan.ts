import {addressText} from '../../capture/packets/decode/address.ts';
import type {FlowRecord} from '../../capture/packets/flow-record.ts';
import type {SensorAlert} from '../../capture/packets/messages.ts';
import type {Micros, Rule} from '../../event/event.ts';
import {networkRules} from './rules.ts';

/** Zeek's misc/scan: 15 ports of one host or one port of 25 hosts, within five minutes, failed connections only. */
export interface ScanThresholds {
  readonly ports: number;
  readonly hosts: number;
}

export const liveThresholds: ScanThresholds = {ports: 15, hosts: 25};

const window = 300_000_000;
const keptTargets = 8_192;
/** Distinct ports or hosts remembered over all targets: the memory that a spoofed flood can take. */
const keptMembers = 262_144;

interface Target {
  readonly members: Set<number>;
  first: Micros;
  last: Micros;
  /** How many there were when it was last raised; 0 before. */
  raised: number;
}

/**
 * Port scans from SYNs that were refused or not answered. Asked of attempts only, so what a busy server answers costs
 * nothing. About the scanner: a scan of many ports on many hosts is one alert.
 */
export class ScanDetector {
  readonly #raise: (alert: SensorAlert) => void;
  readonly #thresholds: ScanThresholds;
  readonly #vertical = new Targets();
  readonly #horizontal = new Targets();

  constructor(raise: (alert: SensorAlert) => void, thresholds: ScanThresholds = liveThresholds) {
    this.#raise = raise;
    this.#thresholds = thresholds;
  }

  onUnanswered(flow: FlowRecord): void {
    const source = hashWords(flow.words, 0, 0);
    const destination = hashWords(flow.words, 4, 0);
    const {ports, hosts} = this.#thresholds;
    const vertical = this.#vertical.add(mixed(source, destination), flow.destinationPort, flow.time);
    if (due(vertical, ports)) this.#onVertical(flow, vertical);
    const horizontal = this.#horizontal.add(mixed(source, flow.destinationPort), destination, flow.time);
    if (due(horizontal, hosts)) this.#onHorizontal(flow, horizontal);
  }

  #onVertical(flow: FlowRecord, target: Target): void {
    const [from, to] = ends(flow);
    const count = target.members.size;
    const took = seconds(target);
    this.#send(
      networkRules.scanVertical,
      flow,
      target,
      `${from} tried ${count} ports of ${to} within ${took}, none of which answered.`,
    );
  }

  #onHorizontal(flow: FlowRecord, target: Target): void {
    const [from] = ends(flow);
    const what = `${from} tried port ${flow.destinationPort} of ${target.members.size} hosts within ${seconds(target)}`;
    this.#send(networkRules.scanHorizontal, flow, target, `${what}, none of which answered.`);
  }

  #send(rule: Rule, flow: FlowRecord, target: Target, reason: string): void {
    const [from, to] = ends(flow);
    const count = target.members.size - target.raised;
    target.raised = target.members.size;
    const fields = {
      'source.ip': from,
      'destination.ip': to,
      'destination.port': flow.destinationPort,
      'network.transport': 'tcp',
    };
    this.#raise({rule, time: flow.last, entity: from, reason, count, fields});
  }
}

/** Distinct members by target, bounded in targets and in members: the one added to longest ago makes room. */
class Targets {
  readonly #targets = new Map<number, Target>();
  #members = 0;

  add(key: number, member: number, time: Micros): Target {
    const target = this.#current(key, time);
    const before = target.members.size;
    target.members.add(member);
    this.#members += target.members.size - before;
    target.last = Math.max(target.last, time);
    return target;
  }

  #current(key: number, time: Micros): Target {
    const known = this.#targets.get(key);
    if (known) {
      this.#targets.delete(key);
      const begun = known.raised > 0 ? known.last : known.first;
      if (time - begun <= window) {
        this.#targets.set(key, known);
        return known;
      }
      this.#members -= known.members.size;
    }
    this.#makeRoom();
    const target = {members: new Set<number>(), first: time, last: time, raised: 0};
    this.#targets.set(key, target);
    return target;
  }

  #makeRoom(): void {
    for (const [key, target] of this.#targets) {
      if (this.#targets.size < keptTargets && this.#members < keptMembers) return;
      this.#targets.delete(key);
      this.#members -= target.members.size;
    }
  }
}

/** At the threshold, then at each power of ten beyond it. */
function due(target: Target, threshold: number): boolean {
  const size = target.members.size;
  if (size < threshold || size === target.raised) return false;
  return target.raised === 0 || size >= 10 ** (Math.floor(Math.log10(target.raised)) + 1);
}

function ends(flow: FlowRecord): [string, string] {
  const text = (at: number) => {
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = flow.words.slice(at, at + 4);
    return addressText(flow.family, w0, w1, w2, w3);
  };
  return [text(0), text(4)];
}

function seconds(target: Target): string {
  const took = Math.max(1, Math.ceil((target.last - target.first) / 1_000_000));
  return took === 1 ? 'a second' : took < 120 ? `${took} seconds` : `${Math.ceil(took / 60)} minutes`;
}

function hashWords(words: readonly number[], at: number, seed: number): number {
  let hash = seed;
  for (let i = at; i < at + 4; i++) hash = mixed(hash, words[i] ?? 0);
  return hash;
}

/** 52 bits of two numbers: two different targets meet by chance once in many million. */
function mixed(a: number, b: number): number {
  const low = Math.imul((a | 0) ^ 0x5bd1e995, 0x9e3779b1) ^ Math.imul(b | 0, 0x85ebca6b);
  const high = Math.imul(Math.floor(a / 2 ** 32) ^ (b | 0), 0xc2b2ae35) ^ Math.imul(low ^ (low >>> 15), 0x27d4eb2f);
  return ((high >>> 12) & 0xfffff) * 2 ** 32 + ((low ^ (low >>> 13)) >>> 0);
}
