import type {RawPacket} from '../capture/packets/backend.ts';
import type {ExplainedLayer} from '../capture/packets/explained.ts';

/**
 * Reads the bytes of packets, off this process: they are hostile. Asked for one tree when a packet is opened, and while
 * packets are filtered by their bytes for one window of rows at a time. A rejection says why in words to be shown.
 */
export interface PacketInspection {
  /** The decode tree of a packet. */
  explain(packet: RawPacket): Promise<readonly ExplainedLayer[]>;
  /** Which of at most 200 packets a filter in tcpdump's language accepts, in their order. */
  match(filter: string, packets: readonly RawPacket[]): Promise<readonly boolean[]>;
  /** A packet may soon be opened. Called with each key in the list of packets. */
  prepare(): void;
}
