import type {Settings} from '../../config/settings.ts';
import type {BackendName} from './choose-backend.ts';

import type {EvidenceRequest} from './evidence/request.ts';

/** What a process that reads packets is told on its command line, as JSON. It comes from our own parent and is believed. */
export type SensorArguments = CaptureArguments | InspectArguments;

/** For the sensor proper, which reads packets of interfaces or of a file. */
export type CaptureArguments = LiveArguments | FileArguments | ExtractArguments;

export interface LiveArguments {
  readonly mode: 'live';
  readonly backend: BackendName;
  /** Where the package cap is, for the backend of that name. */
  readonly capPath?: string;
  readonly interfaces: readonly string[];
  readonly ringMegabytes: number;
  readonly promiscuous: boolean;
  readonly snapLength: number;
  readonly maxFlows: number;
  readonly user: string;
  /** Which packets are wanted, in tcpdump's language; absent or blank: all. */
  readonly filter?: string;
  /** Thresholds of the network detectors. */
  readonly network: Settings['network'];
  /** The ring of recent packets at `fileFd`, where they are kept. */
  readonly evidence?: EvidenceRingArguments;
  /** Packet sockets by interface, opened before this process was started afresh to lose its capabilities. */
  readonly inherited?: Readonly<Record<string, number>>;
}

export interface FileArguments extends Afresh {
  readonly mode: 'file';
  readonly maxFlows: number;
  readonly user: string;
  /** Someone watches: rows for the packets pane and reports of flows that go on are wanted. */
  readonly watched: boolean;
  /** Which packets are wanted, in tcpdump's language; absent or blank: all. */
  readonly filter?: string;
  /** 1 is as fast as it was captured; 0 as fast as possible. */
  readonly speed: number;
  readonly network: Settings['network'];
}

/** Megabytes that the ring may take, and the newest block number that it holds from before. */
export interface EvidenceRingArguments {
  readonly megabytes: number;
  readonly sequence: number;
}

/** Finds alerts' packets in the file at `fileFd`: the ring, or a capture file. */
export interface ExtractArguments extends Afresh {
  readonly mode: 'extract';
  readonly from: 'ring' | 'capture';
  readonly user: string;
  /** Names by interface number. */
  readonly interfaces: readonly string[];
  readonly requests: readonly EvidenceRequest[];
}

/** Answers what is asked about packets that the screen shows. */
export interface InspectArguments extends Afresh {
  readonly mode: 'inspect';
  readonly user: string;
}

interface Afresh {
  /** Started again already, to lose the capabilities that its program has. */
  readonly afresh?: true;
}

/** Where the sensor finds its pipe to the engine, and the file: a capture, or the ring of recent packets. */
export const pipeFd = 3;
export const fileFd = 4;
