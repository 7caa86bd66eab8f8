import type {Micros} from '../../../event/event.ts';

/** Which packets an alert is about. Goes to the extracting process as JSON; comes from our own program. */
export interface EvidenceRequest {
  /** The alert's id. */
  readonly id: string;
  /** Packets to or from the one, or between the two. */
  readonly addresses: readonly string[];
  /** Ethernet addresses where there are no others. */
  readonly macs: readonly string[];
  /** When what was found happened; packets just before and after it are kept. */
  readonly time: Micros;
  readonly from: Micros;
  readonly until: Micros;
  /** Written into the file for whoever opens it. */
  readonly comment: string;
}

/** What was found for one request. */
export interface Evidence {
  readonly id: string;
  /** Packets in the file. */
  readonly packets: number;
  /** Packets of the period that would have fitted the request. */
  readonly matched: number;
  /** A pcapng file; empty where no packet was found. */
  readonly file: Uint8Array;
}
