import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import type {FlowRecord} from '../../capture/packets/flow-record.ts';
import type {SensorAlert} from '../../capture/packets/messages.ts';
import type {Micros} from '../../event/event.ts';
import {Findings} from './findings.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {OwnAddresses} from './own-addresses.ts';
import {ScanDetector, type ScanThresholds} from './scan.ts';
import {SizeDetector} from './size.ts';
import {SpoofDetector} from './spoof.ts';

/**
 * All detectors that look at packets and at their flows. Runs in the sensor, in packet time; state is bounded. Each
 * packet is shown once, decoded; each refused or unanswered connection attempt once.
 */
export class NetworkDetectors {
  readonly #findings: Findings;
  readonly #size: SizeDetector;
  readonly #spoof: SpoofDetector;
  readonly #scan: ScanDetector;

  constructor(raise: (alert: SensorAlert) => void, thresholds?: ScanThresholds) {
    this.#findings = new Findings(raise);
    this.#size = new SizeDetector(this.#findings);
    this.#spoof = new SpoofDetector(this.#findings, new OwnAddresses({ip: [], mac: []}));
    this.#scan = new ScanDetector(raise, thresholds);
  }

  /** TCP and UDP packets over the MTU that offload joined: a statistic. */
  get aggregatedByOffload(): number {
    return this.#size.aggregatedByOffload;
  }

  setOwn(addresses: {readonly ip: readonly string[]; readonly mac: readonly string[]}): void {
    this.#spoof.setOwn(new OwnAddresses(addresses));
  }

  onPacket(d: Decoded, facts: InterfaceFacts): void {
    this.#size.onPacket(d, facts);
    this.#spoof.onPacket(d, facts);
  }

  onUnanswered(flow: FlowRecord): void {
    this.#scan.onUnanswered(flow);
  }

  onTick(now: Micros): void {
    this.#findings.onTick(now);
  }

  finish(): void {
    this.#findings.finish();
  }
}
