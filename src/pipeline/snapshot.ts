import type {PacketRow} from '../capture/packets/packet-callbacks.ts';
import type {SourceState} from '../capture/source.ts';
import type {LiveSample, ProcessRow} from '../capture/system/sample.ts';
import type {FlowState, Micros} from '../event/event.ts';
import type {AlertGroup, TallyDimension} from '../store/sink.ts';

export type {LiveSample, PacketRow, ProcessRow};

/** Raised whenever a field changes its meaning, so that an older screen can refuse to attach. */
export const snapshotVersion = 2;

/** Received = stored + duplicate + filtered + dropped (all reasons) + in flight, exactly, in every snapshot. */
export interface Conservation {
  readonly received: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly filtered: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly inFlight: number;
}

export interface SourceView extends Conservation {
  readonly id: string;
  readonly state: SourceState;
  readonly detail: string;
  readonly mend?: string;
  /** Events a second over the last ten seconds. */
  readonly rate: number;
  /** Newest event time, 0 before the first. */
  readonly newest: Micros;
}

/** Kernel seen = decoded + dropped (all reasons). */
export interface PacketCounters {
  readonly seen: number;
  readonly decoded: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly flows: number;
  readonly aggregatedByOffload: number;
  readonly rate: number;
  /** What captures cannot tell how many packets it lost: `dropped` is what is known. */
  readonly lossUnknown?: true;
}

/** A conversation, both ways: out from who began it, in to them. */
export interface ConversationRow {
  /** Names it for as long as this run lasts. */
  readonly id: string;
  readonly time: Micros;
  readonly last: Micros;
  readonly ended: boolean;
  readonly transport: string;
  readonly service: string;
  /** '' where not known. */
  readonly process: string;
  /** The name of the server that was asked for, '' where not told. */
  readonly host: string;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly interface: string;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly packetsOut: number;
  readonly packetsIn: number;
  readonly state: FlowState;
  /** Of the last minute. */
  readonly minuteBytes: number;
  readonly minutePackets: number;
}

/** An address and what it sent and received since it was first among the heaviest. */
export interface TalkerRow {
  readonly address: string;
  readonly last: Micros;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly packetsOut: number;
  readonly packetsIn: number;
  readonly flows: number;
  /** Of the last minute. */
  readonly minuteBytes: number;
  readonly minutePackets: number;
  /** Its part (0–1) of all bytes of the last minute. What two talkers say to each other is part of both. */
  readonly share: number;
}

/** Log entries that a snapshot holds at the most, and so many rows of the wire. */
export const newestRows = 300;

export interface LogRow {
  readonly seq: number;
  readonly time: Micros;
  readonly level: number;
  readonly code: number;
  readonly provider: string;
  readonly message: string;
  readonly host: string;
  readonly user: string;
  readonly historical: boolean;
}

/** One share of a whole: `other` comes last where values were left out. */
export interface Share {
  readonly value: string;
  readonly count: number;
}

export interface ModelView {
  /** `learning`: too little history; `online`: n-gram only; `ready`: LSTM loaded; `training`; `refused`: see detail. */
  readonly state: 'learning' | 'online' | 'ready' | 'training' | 'refused' | 'off';
  /** 0–1 while learning or training. */
  readonly progress: number;
  readonly detail: string;
  /** When the loaded model was trained, 0 if none. */
  readonly trained: Micros;
  /** Mean µs an LSTM step, 0 before the first. */
  readonly stepMicros: number;
  /** Events scored by the LSTM, and events that skipped it because the engine was behind. */
  readonly scored: number;
  readonly skipped: number;
}

export interface StartupLine {
  readonly what: string;
  readonly state: 'ok' | 'opening' | 'failed' | 'note';
  readonly detail: string;
  readonly mend?: string;
}

/**
 * All that a screen shows, immutable plain data, sent 4 to 10 times a second by the engine. Lists hold the newest rows,
 * oldest first; older ones are read from the store (see history.ts). A list that did not change since the last
 * snapshot is the same object after `mergeSnapshot`.
 */
export interface Snapshot {
  readonly version: typeof snapshotVersion;
  readonly sequence: number;
  readonly time: Micros;
  readonly started: Micros;
  readonly host: string;
  readonly agent: string;
  readonly mode: 'live' | 'replay' | 'demo';
  readonly startup: readonly StartupLine[];
  readonly sources: readonly SourceView[];
  readonly total: Conservation;
  readonly packetCounters: PacketCounters;
  /** Events waiting in the engine's queue, and its bound. */
  readonly queue: {readonly length: number; readonly capacity: number};
  readonly rates: {readonly events: number; readonly packets: number; readonly alerts: number};
  readonly alerts: readonly AlertGroup[];
  readonly alertTotals: {
    readonly open: number;
    readonly acknowledged: number;
    readonly closed: number;
    readonly findings: number;
  };
  readonly logs: readonly LogRow[];
  /** Log entries that tell what was seen on the wire: DNS, TLS, HTTP, SSH, DHCP, other sensors' logs. */
  readonly applications: readonly LogRow[];
  readonly packets: readonly PacketRow[];
  /** The heaviest of the last minute, heaviest first: at most 200 and 50. */
  readonly conversations: readonly ConversationRow[];
  readonly talkers: readonly TalkerRow[];
  readonly samples: readonly LiveSample[];
  readonly processes: readonly ProcessRow[];
  /** Over the chart's period (24 hours), from the hourly totals, largest first. */
  readonly shares: Readonly<Record<Exclude<TallyDimension, 'anomalies'>, readonly Share[]>>;
  /** The last 24 hours, oldest first; `why` says what the learned model found unusual in that hour, '' if nothing. */
  readonly anomaliesByHour: readonly {readonly hour: Micros; readonly count: number; readonly why: string}[];
  readonly store: {
    readonly engine: string;
    readonly path: string;
    readonly bytes: number;
    readonly logs: number;
    readonly state: 'ok' | 'full' | 'degraded';
    readonly detail: string;
  };
  readonly model: ModelView;
}

type Sections =
  | 'startup'
  | 'alerts'
  | 'logs'
  | 'applications'
  | 'packets'
  | 'conversations'
  | 'talkers'
  | 'samples'
  | 'processes'
  | 'shares'
  | 'anomaliesByHour';

/** What the engine sends: everything small, and of the lists only those that changed. */
export type SnapshotUpdate = Omit<Snapshot, Sections> & Partial<Pick<Snapshot, Sections>>;

/** The snapshot after an update; a list that did not change stays the same object. */
export function mergeSnapshot(previous: Snapshot | undefined, update: SnapshotUpdate): Snapshot {
  return {...(previous ?? emptyLists), ...update};
}

const emptyLists: Pick<Snapshot, Sections> = {
  startup: [],
  alerts: [],
  logs: [],
  applications: [],
  packets: [],
  conversations: [],
  talkers: [],
  samples: [],
  processes: [],
  shares: {level: [], source: [], 'event-id': [], 'anomaly-type': [], protocol: []},
  anomaliesByHour: [],
};

/** What the screen may ask of the engine. */
export type Command =
  | {readonly type: 'acknowledge'; readonly alert: string; readonly actor: string}
  | {
      readonly type: 'close';
      readonly alert: string;
      readonly actor: string;
      readonly verdict: 'true-positive' | 'false-positive' | 'benign';
    }
  | {readonly type: 'reopen'; readonly alert: string; readonly actor: string}
  | {readonly type: 'stop'};
