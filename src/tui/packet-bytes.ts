import type {RawPacket} from '../capture/packets/backend.ts';
import type {PacketRow} from '../pipeline/snapshot.ts';

/** A shown packet as decoders, filters and files take it, as far as its bytes were kept. */
export function rawPacketOf(row: PacketRow): RawPacket {
  const bytes = bytesOf(row);
  const {length: wire, time, outgoing, vlan, link, etherType} = row;
  return {
    bytes,
    start: 0,
    end: bytes.length,
    wire: Math.max(wire, bytes.length),
    time,
    outgoing,
    vlan,
    link,
    etherType,
  };
}

function bytesOf(row: PacketRow): Uint8Array {
  return Buffer.from(row.bytes, 'base64');
}
