import {linkKinds, type RawPacket} from '../backend.ts';
import {ByteReader, ByteWriter, FrameError} from '../bytes.ts';
import {displayedBytes, packetsInFrame} from '../messages.ts';

/**
 * What is asked about packets that the screen shows: the decode tree of one, or which of some a filter (pcap-filter(7))
 * accepts. `number` tells questions apart.
 */
export type Question =
  | {readonly type: 'explain'; readonly number: number; readonly packet: RawPacket}
  | {
      readonly type: 'match';
      readonly number: number;
      readonly filter: string;
      readonly packets: readonly RawPacket[];
    };

const kinds = {explain: 1, match: 2} as const;
/** More than a filter may be long. */
const longestFilter = 65_535;

/** A question as a frame. Of a packet its first 512 bytes are asked about, of packets 200. */
export function writeQuestion(question: Question): Uint8Array {
  const to = new ByteWriter();
  to.u32(0);
  to.u8(kinds[question.type]);
  to.u32(question.number);
  if (question.type === 'match') to.text(question.filter, longestFilter);
  const packets = question.type === 'match' ? question.packets.slice(0, packetsInFrame) : [question.packet];
  to.u16(packets.length);
  for (const packet of packets) writePacket(to, packet);
  to.patchU32(0, to.length - 4);
  return to.take();
}

/** The question in a frame (kind byte and payload). Throws FrameError where there is none. */
export function readQuestion(frame: Uint8Array): Question {
  const from = new ByteReader(frame);
  const kind = from.u8();
  const number = from.u32();
  const filter = kind === kinds.match ? from.text(longestFilter) : '';
  const packets = Array.from({length: from.u16()}, () => readPacket(from));
  from.end();
  const [packet] = packets;
  if (kind === kinds.match) return {type: 'match', number, filter, packets};
  if (kind !== kinds.explain || packet === undefined) throw new FrameError(`Expected a question, got kind ${kind}.`);
  return {type: 'explain', number, packet};
}

function writePacket(to: ByteWriter, packet: RawPacket): void {
  const bytes = packet.bytes.subarray(packet.start, Math.min(packet.end, packet.start + displayedBytes));
  to.f64(packet.time);
  to.u32(packet.wire);
  to.u8(packet.outgoing ? 1 : 0);
  to.u16(packet.vlan & 0xffff);
  to.u8(linkKinds.indexOf(packet.link));
  to.u16(packet.etherType);
  to.u16(bytes.length);
  to.raw(bytes);
}

function readPacket(from: ByteReader): RawPacket {
  const [time, wire, outgoing, vlan] = [from.count(), from.u32(), from.u8() !== 0, from.u16()];
  const [link, etherType] = [linkKinds[from.u8()] ?? 'unsupported', from.u16()];
  const bytes = from.raw(from.u16());
  return {
    bytes,
    start: 0,
    end: bytes.length,
    wire,
    time,
    outgoing,
    vlan: vlan === 0xffff ? -1 : vlan,
    link,
    etherType,
  };
}
