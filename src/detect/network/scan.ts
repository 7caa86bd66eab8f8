import {addressText} from '../../capture/packets/decode/address.ts';
import {type Decoded, IpProtocols} from '../../capture/packets/decode/decoded.ts';
import {type FlowRecord, keptFlow} from '../../capture/packets/flow-record.ts';
import type {SensorAlert} from '../../capture/packets/messages.ts';
import {isServicePort} from '../../capture/packets/services.ts';
import type {FieldValue, Micros, Rule} from '../../event/event.ts';
import {destinationText, sourceText} from './fields.ts';
import {Generations} from './generations.ts';
import {addressKey, destinationKey, mixed, sourceKey} from './hash.ts';
import {networkRules} from './rules.ts';
import {type SlowScan, SlowScans} from './scan-slow.ts';
import {type ScanTarget, ScanTargets} from './scan-targets.ts';

/** Zeek's misc/scan: 15 ports of one host or one port of 25 hosts, within five minutes, failed connections only. */
export interface ScanThresholds {
  readonly ports: number;
  readonly hosts: number;
}

/** Whether this address is under a flood: what strikes it has forged sources, which scan nothing. */
export type IsFlooded = (key: number, time: Micros) => boolean;

const quiet = 60_000_000;
/** A slow scan pauses as long. */
const longQuiet = 3 * 3_600_000_000;
const day = 86_400_000_000;
/** From here on ports are what clients send from, and where traceroute aims: what goes there unanswered is an answer. */
const firstEphemeral = 32_768;
const portCap = 256;
const anyPort = -1;
const acknowledging = -2;
const pinging = -3;

/**
 * Scans from attempts that were refused or not answered: SYNs, datagrams, echo requests, bare ACKs. Asked of attempts
 * only, so what a busy server answers costs nothing. About the scanner: a scan of many ports on many hosts is one alert.
 * A source most of whose hosts answer is a client of many servers, a NAT gateway or a peer among peers.
 */
export class ScanDetector {
  readonly #raise: (alert: SensorAlert) => void;
  readonly #thresholds: ScanThresholds;
  readonly #isFlooded: IsFlooded;
  readonly #raised = new Map<ScanTarget, (target: ScanTarget) => void>();
  readonly #forget = (target: ScanTarget): void => this.#flush(target);
  readonly #vertical = new ScanTargets(this.#forget);
  readonly #horizontal = new ScanTargets(this.#forget);
  readonly #sources = new ScanTargets(this.#forget);
  readonly #slow = new SlowScans();
  /** Slow scans that were told of, by their place, with the latest attempt. */
  readonly #patient = new Map<number, FlowRecord>();
  /** Sources that a fast scan was told of: the same is no slow scan. */
  readonly #told = new Generations<Micros>(8_192);

  constructor(raise: (alert: SensorAlert) => void, thresholds: ScanThresholds, isFlooded: IsFlooded = () => false) {
    this.#raise = raise;
    this.#thresholds = thresholds;
    this.#isFlooded = isFlooded;
  }

  /** A SYN that was refused or had no answer. */
  onUnanswered(flow: FlowRecord): void {
    if (!this.#counts(flow)) return;
    this.#addPort(flow, flow.destinationPort, 'ports', flow.time);
    this.#addHost(flow);
    this.#addSlow(flow);
  }

  onFlow(flow: FlowRecord): void {
    if (flow.protocol === IpProtocols.tcp) this.#onTcp(flow);
    else if (!flow.ended || flow.packetsIn > 0 || isGroup(flow)) return;
    else if (flow.protocol === IpProtocols.udp) this.#onDatagram(flow);
    else if (isEcho(flow)) this.#onEcho(flow);
  }

  /** `d`: a SYN-ACK that was asked for. From packets, since a flow that goes on is told of only where someone watches. */
  onAnswer(d: Decoded): void {
    const [client, host] = [destinationKey(d), sourceKey(d)];
    this.#horizontal.addGood(mixed(client, d.sourcePort), host);
    this.#sources.addGood(mixed(client, anyPort), host);
  }

  /** `quoted`: the datagram that a host said has no port there. */
  onPortUnreachable(quoted: Decoded): void {
    if (quoted.protocol !== IpProtocols.udp || !quoted.hasPorts || !isUdpTarget(quoted)) return;
    const key = mixed(mixed(sourceKey(quoted), destinationKey(quoted)), IpProtocols.udp);
    const target = this.#vertical.add(key, quoted.destinationPort, quoted.time);
    if (!due(target, this.#thresholds.ports)) return;
    const [from, to] = [sourceText(quoted), destinationText(quoted)];
    const fields = {'source.ip': from, 'destination.ip': to, 'network.transport': 'udp'};
    this.#tell(networkRules.scanVertical, target, from, fields, one => portsReason(from, to, 'UDP ports', one));
    this.#told.set(sourceKey(quoted), quoted.time);
  }

  /** Tells what is left over of scans that are over. */
  onTick(now: Micros): void {
    for (const target of this.#raised.keys()) if (target.last + quiet < now) this.#flush(target);
    if (this.#patient.size > 0) this.#flushSlow(now);
  }

  finish(): void {
    this.onTick(Number.POSITIVE_INFINITY);
  }

  #onTcp(flow: FlowRecord): void {
    if (!flow.ended) return;
    if (flow.state === 'S1' || flow.state === 'SF') this.#slow.addGood(addressKey(flow, 0));
    // Opened to see whether it opens, and reset at once: nmap's -sS. Not what a client does.
    else if (flow.history === 'ShR') this.#forgetGood(flow);
    // A bare ACK that a reset answers: nmap's -sA. One or two may be the end of a connection from before.
    if (flow.ended && flow.history === 'Ar' && flow.packetsOut <= 2)
      this.#addPort(flow, acknowledging, 'ACK', flow.time);
  }

  #forgetGood(flow: FlowRecord): void {
    const [client, host] = [addressKey(flow, 0), addressKey(flow, 4)];
    this.#horizontal.removeGood(mixed(client, flow.destinationPort), host);
    this.#sources.removeGood(mixed(client, anyPort), host);
  }

  #onDatagram(flow: FlowRecord): void {
    if (flow.packetsOut > 3 || !isUdpTarget(flow) || flow.history.startsWith('^') || !this.#counts(flow)) return;
    this.#addPort(flow, IpProtocols.udp, 'UDP ports', flow.time);
    if (isServicePort(flow.destinationPort) && !oftenUnanswered.has(flow.destinationPort)) this.#addHost(flow);
  }

  #onEcho(flow: FlowRecord): void {
    const source = addressKey(flow, 0);
    const target = this.#sources.add(mixed(source, pinging), addressKey(flow, 4), flow.time);
    if (!due(target, this.#thresholds.hosts)) return;
    const [from, to] = ends(flow);
    const fields = {'source.ip': from, 'destination.ip': to, 'network.transport': 'icmp'};
    this.#tell(networkRules.icmpSweep, target, from, fields, one => {
      return `${from} sent echo requests to ${one.members.size} hosts that did not answer, ${within(one)}.`;
    });
  }

  /** Forged sources are many and each new; who was known before the flood is followed on. */
  #counts(flow: FlowRecord): boolean {
    const victim = addressKey(flow, 4);
    if (!this.#isFlooded(victim, flow.time)) return true;
    return this.#sources.known(mixed(addressKey(flow, 0), anyPort));
  }

  #addPort(flow: FlowRecord, kind: number, what: 'ports' | 'UDP ports' | 'ACK', time: Micros): void {
    const source = addressKey(flow, 0);
    const key = mixed(mixed(source, addressKey(flow, 4)), what === 'ports' ? IpProtocols.tcp : kind);
    const target = this.#vertical.add(key, flow.destinationPort, time);
    if (!due(target, this.#thresholds.ports)) return;
    const [from, to] = ends(flow);
    const rule = what === 'ACK' ? networkRules.scanStealth : networkRules.scanVertical;
    this.#tell(rule, target, from, fieldsOf(flow), one => portsReason(from, to, what, one));
    this.#told.set(source, time);
  }

  #addHost(flow: FlowRecord): void {
    const source = addressKey(flow, 0);
    const host = addressKey(flow, 4);
    const {hosts} = this.#thresholds;
    const all = this.#sources.add(mixed(source, anyPort), host, flow.time);
    all.ports ??= new Set();
    if (all.ports.size < portCap) all.ports.add(flow.destinationPort);
    const same = this.#horizontal.add(mixed(source, flow.destinationPort), host, flow.time);
    if (due(same, hosts) && isBad(same, flow.destinationPort) && all.raised === 0) {
      this.#onPort(flow, same);
      this.#told.set(source, flow.time);
    }
    // A scan tries few ports of many hosts; peers are many hosts of many ports.
    if (!due(all, hosts) || !isSpread(all)) return;
    if (all.raised === 0 && this.#isTold(source, flow.time)) return;
    this.#onPorts(flow, all);
    this.#told.set(source, flow.time);
  }

  #onPort(flow: FlowRecord, target: ScanTarget): void {
    const [from] = ends(flow);
    const port = `${flow.protocol === IpProtocols.udp ? 'UDP ' : ''}port ${flow.destinationPort}`;
    this.#tell(networkRules.scanHorizontal, target, from, fieldsOf(flow), one => {
      return `${from} tried ${port} of ${one.members.size} hosts ${within(one)}, none of which accepted.`;
    });
  }

  #onPorts(flow: FlowRecord, target: ScanTarget): void {
    const [from] = ends(flow);
    this.#tell(networkRules.scanHorizontal, target, from, fieldsOf(flow), one => {
      return `${from} tried ${one.members.size} hosts on ${portList(one.ports)} ${within(one)}, none of which accepted.`;
    });
  }

  #addSlow(flow: FlowRecord): void {
    const source = addressKey(flow, 0);
    const at = this.#slow.add(flow);
    const scan = this.#slow.scan(at);
    const {ports, hosts} = this.#thresholds;
    if (!scan || (scan.ports < ports && scan.hosts < hosts) || this.#isTold(source, flow.time)) return;
    // All of it within five minutes: the fast way tells it better.
    if (scan.ports < ports && this.#sources.count(mixed(source, anyPort)) >= scan.hosts) return;
    this.#patient.set(at, keptFlow(flow));
    const told = this.#slow.told(at);
    if (told === 0 || scan.targets >= told * 10) this.#onSlow(flow, scan, at);
  }

  #onSlow(flow: FlowRecord, scan: SlowScan, at: number): void {
    const [from] = ends(flow);
    const minutes = Math.round((scan.last - scan.first) / 60_000_000);
    const took = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
    const port = scan.ports === 1 ? `port ${flow.destinationPort}` : `about ${scan.ports} ports`;
    const host = scan.hosts === 1 ? ends(flow)[1] : `about ${scan.hosts} hosts`;
    const count = scan.targets - this.#slow.told(at);
    if (count <= 0) return;
    this.#slow.tell(at, scan.targets);
    this.#raise({
      rule: networkRules.scanSlow,
      time: flow.last,
      entity: from,
      reason: `${from} tried ${port} of ${host} over ${took}, none of which accepted: too slow to count as a scan within five minutes.`,
      count,
      fields: fieldsOf(flow),
    });
  }

  #flushSlow(now: Micros): void {
    for (const [at, flow] of this.#patient) {
      if (flow.last + longQuiet > now) continue;
      this.#patient.delete(at);
      const scan = this.#slow.scan(at);
      if (scan) this.#onSlow(flow, scan, at);
    }
  }

  #isTold(source: number, time: Micros): boolean {
    const at = this.#told.get(source);
    return at !== undefined && Math.abs(time - at) <= day;
  }

  /** Now, and once more for what is left over when it is over. */
  #tell(
    rule: Rule,
    target: ScanTarget,
    entity: string,
    fields: Readonly<Record<string, FieldValue>>,
    reason: (target: ScanTarget) => string,
  ): void {
    const send = (one: ScanTarget) => {
      const number = one.members.size - one.raised;
      one.raised = one.members.size;
      if (number > 0) this.#raise({rule, time: one.last, entity, reason: reason(one), count: number, fields});
    };
    send(target);
    this.#raised.set(target, send);
  }

  #flush(target: ScanTarget): void {
    this.#raised.get(target)?.(target);
    this.#raised.delete(target);
  }
}

/** Ports that whole networks block while the client goes another way: QUIC, and names and time of a broken resolver. */
const oftenUnanswered = new Set([53, 123, 443, 137, 1900, 5353, 5355, 3478]);

function portsReason(from: string, to: string, what: string, target: ScanTarget): string {
  const number = target.members.size;
  if (what === 'ACK')
    return `${from} sent bare ACKs to ${number} ports of ${to} ${within(target)} with no connection there: it maps a firewall.`;
  return `${from} tried ${number} ${what} of ${to} ${within(target)}, none of which accepted.`;
}

function portList(ports: ReadonlySet<number> | undefined): string {
  const all = [...(ports ?? [])];
  if (all.length === 1) return `port ${all[0]}`;
  return `${all.length} ports (${all.slice(0, 8).join(', ')}${all.length > 8 ? ', …' : ''})`;
}

/** At the threshold, then at each power of ten beyond it. */
function due(target: ScanTarget, threshold: number): boolean {
  const size = target.members.size;
  if (size < threshold || size === target.raised) return false;
  return target.raised === 0 || size >= 10 ** (Math.floor(Math.log10(target.raised)) + 1);
}

/** Peers meet many that are gone, but also many that are there. */
function isBad(target: ScanTarget, port: number): boolean {
  const good = target.good?.size ?? 0;
  return target.members.size >= good * (isServicePort(port) ? 1 : 4);
}

function isSpread(target: ScanTarget): boolean {
  const good = target.good?.size ?? 0;
  const [ports, hosts] = [target.ports?.size ?? 0, target.members.size];
  return hosts >= good * 4 && ports * 2 <= hosts;
}

function isUdpTarget(to: {readonly destinationPort: number}): boolean {
  return to.destinationPort < firstEphemeral && to.destinationPort > 0;
}

function isEcho(flow: FlowRecord): boolean {
  if (flow.protocol === IpProtocols.icmp) return flow.icmpType === 8;
  return flow.protocol === IpProtocols.icmpv6 && flow.icmpType === 128;
}

/** Multicast and broadcast: everyone is asked, and nobody has to answer. */
function isGroup(flow: FlowRecord): boolean {
  const last = (flow.words[7] ?? 0) >>> 0;
  if (flow.family === 6) return (flow.words[4] ?? 0) >>> 24 === 0xff;
  return last >= 0xe0000000 || (last & 255) === 255;
}

function fieldsOf(flow: FlowRecord): Readonly<Record<string, FieldValue>> {
  const [from, to] = ends(flow);
  return {
    'source.ip': from,
    'destination.ip': to,
    'destination.port': flow.destinationPort,
    'network.transport': flow.protocol === IpProtocols.udp ? 'udp' : 'tcp',
  };
}

function ends(flow: FlowRecord): [string, string] {
  const text = (at: number) => {
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = flow.words.slice(at, at + 4);
    return addressText(flow.family, w0, w1, w2, w3);
  };
  return [text(0), text(4)];
}

function within(target: ScanTarget): string {
  const took = Math.max(1, Math.ceil((target.last - target.first) / 1_000_000));
  return `within ${took === 1 ? 'a second' : took < 120 ? `${took} seconds` : `${Math.ceil(took / 60)} minutes`}`;
}
