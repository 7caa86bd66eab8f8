import type {Alert, FieldValue, Micros} from '../../event/event.ts';
import type {WireDataset} from '../../event/wire-row.ts';
import type {LinkKind} from './backend.ts';
import type {Evidence} from './evidence/request.ts';
import type {ExplainedLayer} from './explained.ts';
import type {FlowRecord} from './flow-record.ts';

/**
 * What crosses the sensor's pipe. A frame is four bytes of length, one of type, and the payload. The sensor parses
 * hostile bytes, so its parent believes nothing: see read-message.ts.
 */
export const frameTypes = {
  hello: 1,
  status: 2,
  counters: 3,
  flows: 4,
  alerts: 5,
  packets: 6,
  tallies: 7,
  rows: 8,
  evidence: 9,
  tree: 10,
  matches: 11,
  unanswered: 12,
  begun: 13,
} as const;

export const largestFrame = 1 << 20;
export const packetsInFrame = 200;
/** First bytes of a packet that are kept to be looked at. */
export const displayedBytes = 512;
export const flowsInFrame = 1000;
export const alertsInFrame = 500;
export const largestEvidence = 1_000_000;
export const rowsInFrame = 500;
export const talliesInFrame = 1000;
/** Of a decode tree: what 512 bytes give is far below. */
export const layersInTree = 128;
export const fieldsInTree = 512;
export const begunInFrame = 64;
export const protocolVersion = 2;

/** Why the sensor could not go on, each with its exit code. */
export const failures = {
  'bad-arguments': 20,
  'no-koffi': 21,
  'no-permission': 22,
  'no-interface': 23,
  'ring-refused': 24,
  'privilege-kept': 25,
  'interface-gone': 26,
  'no-file': 27,
  'bad-file': 28,
  unexpected: 29,
  'filter-refused': 30,
  'interface-down': 31,
  'capture-refused': 32,
  'capture-broken': 33,
  'no-library': 34,
} as const;

export type FailureCode = keyof typeof failures;

/** How the sensor stands once its capture is open and its privilege is gone. */
export interface Hello {
  readonly version: number;
  readonly pid: number;
  readonly uid: number;
  /** Every thread's effective, permitted, inheritable and ambient capabilities are zero. */
  readonly capabilitiesZero: boolean;
  readonly noNewPrivileges: boolean;
  readonly threads: number;
  /** The backend can tell how many packets it lost. */
  readonly countsLosses: boolean;
  readonly interfaces: readonly {
    readonly name: string;
    readonly mtu: number;
    /** Segmentation offload is on, or the interface is virtual: packets may be larger than the MTU. */
    readonly aggregates: boolean;
  }[];
}

export interface Status {
  readonly state: 'running' | 'waiting' | 'failed' | 'ended';
  readonly detail: string;
  /** Of a file that was read: what is wrong with it, and what was left out. */
  readonly problem?: string;
  readonly mend?: string;
  readonly code?: FailureCode;
}

/**
 * Since the sensor began. Kernel seen = decoded + dropped (all reasons). What the kernel's own filter rejects is not seen;
 * what a filter here rejects is dropped for the reason `filtered`.
 */
export interface CaptureCounters {
  readonly time: Micros;
  readonly seen: number;
  readonly decoded: number;
  readonly bytes: number;
  readonly flows: number;
  readonly flowsEvicted: number;
  readonly aggregatedByOffload: number;
  /** Turns of the sensor's event loop, live: at least 50 a second however many packets wait. */
  readonly turns: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** Packets by what was wrong with them, by decode event. */
  readonly malformed: Readonly<Record<string, number>>;
  /** What was found and could not be handed over because the engine was slow: `display` rows, `alerts`, `tallies`,
   * `rows` of applications; messages of applications that were not read (`applications`); and `conversations` that were
   * told of before their end to make room. */
  readonly withheld: Readonly<Record<string, number>>;
}

/** One packet for the packets pane. */
export interface DisplayPacket {
  readonly time: Micros;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly protocol: string;
  /** On the wire, in bytes. */
  readonly length: number;
  readonly information: string;
  readonly interfaceIndex: number;
  /** What is wrong with it, as a name of decode/events.ts; '' where nothing is. */
  readonly problem: string;
  /** How `bytes` begin, and what the kernel took out of them: what decoding them again needs. */
  readonly link: LinkKind;
  readonly etherType: number;
  /** -1 where the kernel took no tag out. */
  readonly vlan: number;
  readonly outgoing: boolean;
  /** Its first bytes, `displayedBytes` at the most. */
  readonly bytes: Uint8Array;
}

/** Who speaks with whom: the originator is the source. */
export type FlowEnds = Pick<FlowRecord, 'family' | 'protocol' | 'words' | 'sourcePort' | 'destinationPort'>;

/** A conversation of this machine's that began just now: told at once, so that who has it can be looked up while it lasts. */
export interface BegunFlow extends FlowEnds {
  readonly number: number;
}

/** An alert without what only the engine knows. */
export type SensorAlert = Omit<Alert, 'host' | 'event' | 'historical'>;

/** One transaction of an application's, seen on the wire: becomes a log entry. */
export interface SensorRow {
  /** Ordinal within this run of the sensor, from 1. */
  readonly number: number;
  readonly time: Micros;
  readonly dataset: WireDataset;
  /** Of the conversation that it is a part of. */
  readonly ends: FlowEnds;
  /** A line for a person: `A www.example.org → 192.0.2.1`. */
  readonly message: string;
  /** By ECS name. */
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Packets of one protocol within one hour, since the last tally. */
export interface ProtocolTally {
  /** Start of the hour. */
  readonly hour: Micros;
  readonly dimension: 'protocol';
  readonly value: string;
  readonly count: number;
}

export type Message =
  | {readonly type: 'hello'; readonly hello: Hello}
  | {readonly type: 'status'; readonly status: Status}
  | {readonly type: 'counters'; readonly counters: CaptureCounters}
  | {readonly type: 'flows'; readonly flows: readonly FlowRecord[]}
  | {readonly type: 'begun'; readonly flows: readonly BegunFlow[]}
  | {readonly type: 'alerts'; readonly alerts: readonly SensorAlert[]}
  | {readonly type: 'rows'; readonly rows: readonly SensorRow[]}
  | {readonly type: 'evidence'; readonly evidence: Evidence}
  | {readonly type: 'packets'; readonly packets: readonly DisplayPacket[]}
  | {readonly type: 'tallies'; readonly tallies: readonly ProtocolTally[]}
  | Answer;

/** What the inspector answers to the question of this number: see inspect/question.ts. */
export type Answer =
  | {readonly type: 'tree'; readonly question: number; readonly layers: readonly ExplainedLayer[]}
  | {readonly type: 'matches'; readonly question: number; readonly accepted: readonly boolean[]}
  /** It met what it was not written for. */
  | {readonly type: 'unanswered'; readonly question: number; readonly why: string};
