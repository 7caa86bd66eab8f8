import type {Alert} from '../../event/event.ts';
import type {PacketTotals} from './counter-sum.ts';
import type {DisplayPacket, Hello, ProtocolTally, SensorAlert} from './messages.ts';

/** A row of the packets pane. */
export type PacketRow = Omit<DisplayPacket, 'interfaceIndex'> & {readonly interface: string};

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
  const {interfaceIndex: _index, ...row} = packet;
  return {...row, interface: interfaceName};
}

export function alertOf(alert: SensorAlert, host: string): Alert {
  return {...alert, host};
}
