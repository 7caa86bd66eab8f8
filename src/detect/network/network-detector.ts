import type {ApplicationFacts} from '../../capture/packets/decode/application.ts';
import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import type {FlowRecord} from '../../capture/packets/flow-record.ts';
import type {Micros} from '../../event/event.ts';
import type {InterfaceFacts} from './interface-facts.ts';

/**
 * Looks at packets in the sensor, in packet time. State is bounded, however many sources a flood forges, and what an
 * ordinary packet costs is a few comparisons: nothing is allocated for it.
 */
export interface NetworkDetector {
  /** Each packet, decoded; then each that its tunnels carry (`d.layersAround` is not 0). `d` is valid during the call. */
  onPacket?(d: Decoded, facts: InterfaceFacts): void;
  /** What an application says in this packet: right after `onPacket` of the same packet. */
  onApplication?(d: Decoded, said: ApplicationFacts, facts: InterfaceFacts): void;
  /** A flow that begins, each ten seconds while it goes on, and when it ends. */
  onFlow?(flow: FlowRecord): void;
  /** A SYN that was refused, or had no answer within two seconds. Once a flow. */
  onUnanswered?(flow: FlowRecord): void;
  /** Four times a second of packet or wall time. */
  onTick?(now: Micros): void;
  /** The capture ends. */
  finish?(): void;
}
