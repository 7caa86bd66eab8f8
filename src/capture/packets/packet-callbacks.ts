import type {Alert} from '../../event/event.ts';
import type {PacketTotals} from './counter-sum.ts';
import type {DisplayPacket, Hello, ProtocolTally, SensorAlert} from './messages.ts';

/** A row of the packets pane, plain data: its first bytes in Base64. */
export type PacketRow = Omit<DisplayPacket, 'interfaceIndex' | 'bytes'> & {
  readonly interface: string;
  readonly bytes: string;
};

/** What a capture gives besides flow events. Called some times a second, in the order it came. */
export interface PacketCallbacks {
  onPackets?(rows: readonly PacketRow[]): void;
  onCounters?(counters: PacketTotals): void;
  onAlerts?(alerts: readonly Alert[]): void;
  onTallies?(tallies: readonly ProtocolTally[]): void;
  /** Once a sensor: which process it is, and that it gave up every privilege. */
  onHello?(hello: Hello): void;
  /** What the sensor process printed, a line at a time: for the log file. */
  log?(line: string): void;
}

export function packetRow(packet: DisplayPacket, interfaceName: string): PacketRow {
  const {interfaceIndex: _index, bytes, ...row} = packet;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return {...row, interface: interfaceName, bytes: text};
}

export function alertOf(alert: SensorAlert, host: string): Alert {
  return {...alert, host};
}
