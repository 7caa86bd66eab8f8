import type {FieldValue, FlowState, Micros} from '../../event/event.ts';

/** `FlowState` as a number: its place in this list. */
export const flowStates: readonly FlowState[] = ['S0', 'S1', 'SF', 'REJ', 'RSTO', 'RSTR', 'SH', 'SHR', 'OTH'];

/** A conversation as it stands: what the sensor sends of it. Addresses are eight 32-bit words, source's first. */
export interface FlowRecord {
  /** Ordinal within this run of the sensor, from 1. */
  readonly number: number;
  readonly time: Micros;
  readonly last: Micros;
  readonly ended: boolean;
  readonly family: 4 | 6;
  /** IP protocol, or `arpProtocol`. */
  readonly protocol: number;
  readonly words: readonly number[];
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Twelve bytes, the source's first; all zero where there were none. */
  readonly macs: Uint8Array;
  readonly interfaceIndex: number;
  readonly vlan: number;
  readonly packetsOut: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly bytesIn: number;
  readonly state: FlowState;
  readonly history: string;
  /** Of the first packet; -1 where it was neither ICMP nor ICMPv6. */
  readonly icmpType: number;
  readonly icmpCode: number;
  /** By content, in names.ts's words; '' where only the ports can tell. */
  readonly service: string;
  /** What else is known, by ECS name. */
  readonly fields: Readonly<Record<string, FieldValue>>;
}
