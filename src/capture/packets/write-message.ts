import {alertLevels} from '../../event/level.ts';
import {wireDatasets} from '../../event/wire-row.ts';
import {linkKinds} from './backend.ts';
import {ByteWriter} from './bytes.ts';
import type {Evidence} from './evidence/request.ts';
import {type FlowRecord, flowStates} from './flow-record.ts';
import {writeFields} from './frame-fields.ts';
import {writeTree} from './inspect/tree-frame.ts';
import {
  type BegunFlow,
  type DisplayPacket,
  displayedBytes,
  type FlowEnds,
  frameTypes,
  type Message,
  type ProtocolTally,
  type SensorAlert,
  type SensorRow,
} from './messages.ts';

/** One message as a frame. Lists must be no longer than the bounds in messages.ts. */
export function writeMessage(message: Message): Uint8Array {
  const to = new ByteWriter();
  to.u32(0);
  to.u8(frameTypes[message.type]);
  writePayload(to, message);
  to.patchU32(0, to.length - 4);
  return to.take();
}

function writePayload(to: ByteWriter, message: Message): void {
  switch (message.type) {
    case 'hello':
      to.text(JSON.stringify(message.hello), 32_768);
      return;
    case 'status':
      to.text(JSON.stringify(message.status), 32_768);
      return;
    case 'counters':
      writeCounters(to, message.counters);
      return;
    case 'flows':
      writeList(to, message.flows, writeFlow);
      return;
    case 'begun':
      writeList(to, message.flows, writeBegun);
      return;
    case 'alerts':
      writeList(to, message.alerts, writeAlert);
      return;
    case 'packets':
      writeList(to, message.packets, writePacket);
      return;
    case 'evidence':
      writeEvidence(to, message.evidence);
      return;
    case 'rows':
      writeList(to, message.rows, writeRow);
      return;
    case 'tallies':
      writeList(to, message.tallies, writeTally);
      return;
    case 'tree':
      to.u32(message.question);
      writeTree(to, message.layers);
      return;
    case 'matches':
      to.u32(message.question);
      writeList(to, message.accepted, (into, accepted) => into.u8(accepted ? 1 : 0));
      return;
    case 'unanswered':
      to.u32(message.question);
      to.text(message.why, 512);
      return;
    default:
      message satisfies never;
  }
}

function writeList<T>(to: ByteWriter, list: readonly T[], write: (to: ByteWriter, item: T) => void): void {
  to.u16(list.length);
  for (const item of list) write(to, item);
}

function writeCounters(to: ByteWriter, counters: (Message & {type: 'counters'})['counters']): void {
  const {time, seen, decoded, bytes, flows, flowsEvicted, aggregatedByOffload, turns} = counters;
  for (const value of [time, seen, decoded, bytes, flows, flowsEvicted, aggregatedByOffload, turns]) to.f64(value);
  for (const counts of [counters.dropped, counters.malformed, counters.withheld]) {
    writeList(to, Object.entries(counts), (into, [name, count]) => {
      into.text(name, 64);
      into.f64(count);
    });
  }
}

function writeBegun(to: ByteWriter, flow: BegunFlow): void {
  to.f64(flow.number);
  writeEnds(to, flow);
}

function writeEnds(to: ByteWriter, flow: FlowEnds): void {
  to.u8(flow.family);
  to.u16(flow.protocol);
  for (let i = 0; i < 8; i++) if (flow.family === 6 || i === 3 || i === 7) to.u32((flow.words[i] ?? 0) >>> 0);
  to.u16(flow.sourcePort);
  to.u16(flow.destinationPort);
}

export function writeFlow(to: ByteWriter, flow: FlowRecord): void {
  to.f64(flow.number);
  to.f64(flow.time);
  to.f64(flow.last);
  to.u8(flow.ended ? 1 : 0);
  writeEnds(to, flow);
  to.f64(flow.sourceMac);
  to.f64(flow.destinationMac);
  to.u8(flow.interfaceIndex);
  to.u16(flow.vlan);
  to.f64(flow.packetsOut);
  to.f64(flow.bytesOut);
  to.f64(flow.packetsIn);
  to.f64(flow.bytesIn);
  to.u8(flowStates.indexOf(flow.state));
  to.text(flow.history, 32);
  to.u16(flow.icmpType & 0xffff);
  to.u16(flow.icmpCode & 0xffff);
  to.text(flow.service, 32);
  writeFields(to, flow.fields);
}

export function writeAlert(to: ByteWriter, alert: SensorAlert): void {
  const {rule} = alert;
  to.text(rule.id, 64);
  to.text(rule.name, 128);
  to.u8(alertLevels.indexOf(alert.level ?? rule.level));
  writeList(to, rule.techniques, (into, technique) => into.text(technique, 16));
  to.f64(alert.time);
  to.text(alert.entity, 256);
  to.text(alert.cause ?? '', 256);
  to.text(alert.reason, 512);
  to.f64(alert.count);
  writeFields(to, alert.fields ?? {});
}

function writeEvidence(to: ByteWriter, {id, packets, matched, file}: Evidence): void {
  to.text(id, 64);
  to.f64(packets);
  to.f64(matched);
  to.u32(file.length);
  to.raw(file);
}

export function writeRow(to: ByteWriter, row: SensorRow): void {
  to.f64(row.number);
  to.f64(row.time);
  to.u8(wireDatasets.indexOf(row.dataset));
  writeEnds(to, row.ends);
  to.text(row.message, 512);
  writeFields(to, row.fields);
}

function writeTally(to: ByteWriter, tally: ProtocolTally): void {
  to.f64(tally.hour);
  to.text(tally.value, 32);
  to.f64(tally.count);
}

function writePacket(to: ByteWriter, packet: DisplayPacket): void {
  to.f64(packet.time);
  to.text(packet.source, 64);
  to.u16(packet.sourcePort);
  to.text(packet.destination, 64);
  to.u16(packet.destinationPort);
  to.text(packet.protocol, 32);
  to.u32(packet.length);
  to.text(packet.information, 256);
  to.u8(packet.interfaceIndex);
  to.text(packet.problem, 64);
  to.u8(linkKinds.indexOf(packet.link));
  to.u16(packet.etherType);
  to.u16(packet.vlan & 0xffff);
  to.u8(packet.outgoing ? 1 : 0);
  const bytes = packet.bytes.subarray(0, displayedBytes);
  to.u16(bytes.length);
  to.raw(bytes);
}
