import type {ApplicationFacts} from '../../capture/packets/decode/application.ts';
import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import type {FlowRecord} from '../../capture/packets/flow-record.ts';
import type {SensorAlert} from '../../capture/packets/messages.ts';
import type {Settings} from '../../config/settings.ts';
import type {Micros} from '../../event/event.ts';
import {Findings} from './findings.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import type {NetworkDetector} from './network-detector.ts';
import {OwnAddresses} from './own-addresses.ts';
import {ScanDetector} from './scan.ts';
import {SizeDetector} from './size.ts';
import {SpoofDetector} from './spoof.ts';

/** All detectors that run in the sensor, each asked for what it looks at. See `NetworkDetector`. */
export class NetworkDetectors {
  readonly #findings: Findings;
  readonly #size: SizeDetector;
  readonly #spoof: SpoofDetector;
  readonly #scan: ScanDetector;
  /** Those that look at what applications say, at flows, and at time. */
  readonly #listeners: readonly NetworkDetector[];

  constructor(raise: (alert: SensorAlert) => void, settings: Settings['network']) {
    this.#findings = new Findings(raise);
    this.#size = new SizeDetector(this.#findings);
    this.#spoof = new SpoofDetector(this.#findings, new OwnAddresses({ip: [], mac: []}));
    this.#scan = new ScanDetector(raise, {ports: settings.scan_ports, hosts: settings.scan_hosts});
    this.#listeners = [this.#findings];
  }

  /** TCP and UDP packets over the MTU that offload joined: a statistic. */
  get aggregatedByOffload(): number {
    return this.#size.aggregatedByOffload;
  }

  setOwn(addresses: {readonly ip: readonly string[]; readonly mac: readonly string[]}): void {
    this.#spoof.setOwn(new OwnAddresses(addresses));
  }

  // Called one by one, not from a list: V8 inlines what it knows.
  onPacket(d: Decoded, facts: InterfaceFacts): void {
    this.#size.onPacket(d, facts);
    this.#spoof.onPacket(d, facts);
  }

  onApplication(d: Decoded, said: ApplicationFacts, facts: InterfaceFacts): void {
    for (const detector of this.#listeners) detector.onApplication?.(d, said, facts);
  }

  onFlow(flow: FlowRecord): void {
    for (const detector of this.#listeners) detector.onFlow?.(flow);
  }

  onUnanswered(flow: FlowRecord): void {
    this.#scan.onUnanswered(flow);
  }

  onTick(now: Micros): void {
    for (const detector of this.#listeners) detector.onTick?.(now);
  }

  finish(): void {
    for (const detector of this.#listeners) detector.finish?.();
  }
}
