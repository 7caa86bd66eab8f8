import type {ApplicationFacts} from '../../capture/packets/decode/application.ts';
import {arpProtocol, Decoded, IpProtocols} from '../../capture/packets/decode/decoded.ts';
import {decodeQuoted} from '../../capture/packets/decode/packet.ts';
import type {FlowRecord} from '../../capture/packets/flow-record.ts';
import type {SensorAlert} from '../../capture/packets/messages.ts';
import type {Settings} from '../../config/settings.ts';
import type {Micros} from '../../event/event.ts';
import {ArpDetector} from './arp.ts';
import {Asked} from './asked.ts';
import {BruteForceDetector} from './bruteforce.ts';
import {DhcpDetector} from './dhcp.ts';
import {asSensorAlerts, Findings} from './findings.ts';
import {FloodDetector} from './flood.ts';
import {FragmentDetector} from './fragments.ts';
import {IcmpDetector} from './icmp.ts';
import {IcmpTunnelDetector} from './icmp-tunnel.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {LoginDetector} from './logins.ts';
import {NeighbourDetector} from './neighbours.ts';
import {OwnAddresses} from './own-addresses.ts';
import {ProbeDetector} from './probes.ts';
import {isSynAck, ReflectionDetector} from './reflection.ts';
import {ScanDetector} from './scan.ts';
import {SizeDetector} from './size.ts';
import {SpoofDetector} from './spoof.ts';
import {Victims} from './victims.ts';

const [unreachable, portUnreachable] = [3, 3];
const [unreachable6, portUnreachable6] = [1, 4];

/**
 * All detectors that run in the sensor, each asked for what it looks at: called one by one, not from a list, for V8
 * inlines what it knows. They look at packets in packet time. State is bounded, however many sources a flood forges, and
 * what an ordinary packet costs is a few comparisons: nothing is allocated for it.
 */
export class NetworkDetectors {
  readonly #size: SizeDetector;
  readonly #spoof: SpoofDetector;
  readonly #fragments: FragmentDetector;
  readonly #victims: Victims;
  readonly #flood: FloodDetector;
  readonly #reflection: ReflectionDetector;
  readonly #scan: ScanDetector;
  readonly #probes: ProbeDetector;
  readonly #icmp: IcmpDetector;
  readonly #tunnel: IcmpTunnelDetector;
  readonly #arp: ArpDetector;
  readonly #neighbours: NeighbourDetector;
  readonly #logins: LoginDetector;
  readonly #guesses: BruteForceDetector;
  readonly #dhcp: DhcpDetector;
  readonly #findings: Findings;
  readonly #quoted = new Decoded();
  #own = new OwnAddresses({ip: [], mac: []});

  constructor(raise: (alert: SensorAlert) => void, settings: Settings['network']) {
    const findings = new Findings(asSensorAlerts(raise), {crowds: true});
    this.#findings = findings;
    const asked = new Asked();
    this.#size = new SizeDetector(findings);
    this.#spoof = new SpoofDetector(findings, this.#own);
    this.#fragments = new FragmentDetector(findings);
    this.#victims = new Victims(one => {
      if (!this.#reflection.judge(one)) this.#flood.judge(one);
    });
    this.#flood = new FloodDetector(findings, settings, this.#victims, asked);
    this.#reflection = new ReflectionDetector(findings, settings, this.#victims, asked);
    this.#scan = new ScanDetector(
      raise,
      {ports: settings.scan_ports, hosts: settings.scan_hosts},
      this.#flood.isFlooded,
    );
    this.#probes = new ProbeDetector(findings);
    this.#icmp = new IcmpDetector(findings);
    this.#tunnel = new IcmpTunnelDetector(findings);
    this.#arp = new ArpDetector(findings, settings);
    this.#neighbours = new NeighbourDetector(findings);
    this.#guesses = new BruteForceDetector(findings, settings);
    this.#logins = new LoginDetector(findings, this.#guesses);
    this.#dhcp = new DhcpDetector(findings, settings);
  }

  /** TCP and UDP packets over the MTU that offload joined: a statistic. */
  get aggregatedByOffload(): number {
    return this.#size.aggregatedByOffload;
  }

  setOwn(addresses: {readonly ip: readonly string[]; readonly mac: readonly string[]}): void {
    this.#own = new OwnAddresses(addresses);
    this.#spoof.setOwn(this.#own);
  }

  /** Each packet, decoded; then each that its tunnels carry (`d.layersAround` is not 0). `d` is valid during the call. */
  onPacket(d: Decoded, facts: InterfaceFacts): void {
    this.#size.onPacket(d, facts);
    this.#spoof.onPacket(d, facts);
    if (d.fragmentOffset > 0 || d.moreFragments) this.#fragments.onFragment(d, facts);
    switch (d.protocol) {
      case IpProtocols.tcp:
        this.#onTcp(d, facts);
        break;
      case IpProtocols.udp:
        this.#onUdp(d, facts);
        break;
      case IpProtocols.icmp:
      case IpProtocols.icmpv6:
        this.#onIcmp(d, facts);
        break;
      case arpProtocol:
        this.#arp.onArp(d, facts, this.#own);
    }
  }

  /** What an application says in this packet: right after `onPacket` of the same packet. */
  onApplication(d: Decoded, said: ApplicationFacts, facts: InterfaceFacts): void {
    this.#reflection.onApplication(d, said, facts);
    this.#logins.onApplication(d, said, facts);
    this.#dhcp.onApplication(d, said, facts);
  }

  /** A flow that begins, each ten seconds while it goes on, and when it ends. */
  onFlow(flow: FlowRecord): void {
    this.#scan.onFlow(flow);
    this.#guesses.onFlow(flow);
  }

  /** A SYN that was refused, or had no answer within two seconds. Once a flow. */
  onUnanswered(flow: FlowRecord): void {
    this.#scan.onUnanswered(flow);
  }

  /** Four times a second of packet or wall time. */
  onTick(now: Micros): void {
    this.#victims.onTick(now);
    this.#scan.onTick(now);
    this.#probes.onTick(now);
    this.#reflection.onTick(now);
    // Last: what the others still have goes through it.
    this.#findings.onTick(now);
  }

  /** The capture ends. */
  finish(): void {
    this.#victims.finish();
    this.#scan.finish();
    this.#probes.finish();
    this.#findings.finish();
  }

  #onTcp(d: Decoded, facts: InterfaceFacts): void {
    if (d.tcpFlags < 0) return;
    this.#flood.onTcp(d);
    if (isSynAck(d) && this.#reflection.onSynAck(d, facts)) this.#scan.onAnswer(d);
    this.#probes.onTcp(d, facts);
    if (d.payload >= 0 && d.payloadEnd > d.payload) this.#logins.onTcp(d, facts);
  }

  #onUdp(d: Decoded, facts: InterfaceFacts): void {
    // What follows the first fragment has no ports to tell a conversation by.
    if (!d.hasPorts) return;
    this.#flood.onUdp(d);
    this.#reflection.onUdp(d);
    this.#probes.onUdp(d, facts);
    this.#logins.onUdp(d, facts);
  }

  #onIcmp(d: Decoded, facts: InterfaceFacts): void {
    if (d.icmpType < 0) return;
    this.#flood.onIcmp(d);
    this.#icmp.onIcmp(d, facts);
    this.#tunnel.onIcmp(d, facts);
    this.#probes.onIcmp(d, facts);
    const v6 = d.protocol === IpProtocols.icmpv6;
    if (v6) this.#neighbours.onIcmp6(d, facts);
    const [type, code] = v6 ? [unreachable6, portUnreachable6] : [unreachable, portUnreachable];
    if (d.icmpType === type && d.icmpCode === code && decodeQuoted(d, this.#quoted)) {
      this.#scan.onPortUnreachable(this.#quoted);
    }
  }
}
