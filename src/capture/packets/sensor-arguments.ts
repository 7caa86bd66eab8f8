import type {Settings} from '../../config/settings.ts';
import type {BackendName} from './choose-backend.ts';

/** What the sensor process is told on its command line, as JSON. It comes from our own parent and is believed. */
export type SensorArguments = LiveArguments | FileArguments;

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
  /** Packet sockets by interface, opened before this process was started afresh to lose its capabilities. */
  readonly inherited?: Readonly<Record<string, number>>;
}

export interface FileArguments {
  readonly mode: 'file';
  readonly maxFlows: number;
  readonly user: string;
  /** Which packets are wanted, in tcpdump's language; absent or blank: all. */
  readonly filter?: string;
  /** Rows for the packets pane are wanted. */
  readonly display: boolean;
  /** 1 is as fast as it was captured; 0 as fast as possible. */
  readonly speed: number;
  readonly network: Settings['network'];
}

/** Where the sensor finds its pipe to the engine, and in file mode the file. */
export const pipeFd = 3;
export const fileFd = 4;
