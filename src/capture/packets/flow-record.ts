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
  /** Numbers of 48 bits; 0 where there was none. */
  readonly sourceMac: number;
  readonly destinationMac: number;
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

/** A record to be filled anew for each flow. */
export type FlowDraft = {-readonly [Field in keyof FlowRecord]: FlowRecord[Field]} & {words: number[]};

export function flowDraft(): FlowDraft {
  return {
    number: 0,
    time: 0,
    last: 0,
    ended: false,
    family: 4,
    protocol: 0,
    words: [0, 0, 0, 0, 0, 0, 0, 0],
    sourcePort: 0,
    destinationPort: 0,
    sourceMac: 0,
    destinationMac: 0,
    interfaceIndex: 0,
    vlan: 0,
    packetsOut: 0,
    bytesOut: 0,
    packetsIn: 0,
    bytesIn: 0,
    state: 'OTH',
    history: '',
    icmpType: -1,
    icmpCode: -1,
    service: '',
    fields: {},
  };
}

/** A copy that stays as it is. */
export function keptFlow(flow: FlowRecord): FlowRecord {
  return {...flow, words: [...flow.words]};
}
