import {emptyPacket} from '../../files/capture-parser.ts';
import {linkKinds, type RawPacket} from '../backend.ts';

/**
 * How the ring of recent packets lies on disk: blocks of one megabyte, each with a header and packets one after another.
 * The sequence number stands before and after them, so that a block that is just being written over is known as such.
 */
export const blockLength = 1 << 20;
export const blockHeader = 16;
export const blockTrailer = 4;
export const packetHeader = 28;
export const magic = 0x53_49_45_56;

/** A packet of the ring or of a file, with the interface it came from. */
export type PacketOfInterface = RawPacket & {interfaceIndex: number};

/** The packets of a block in their order. What is damaged ends it. The same object is given each time. */
export function* packetsOf(block: Uint8Array): Generator<PacketOfInterface> {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const used = view.getUint32(8, true);
  const packet: PacketOfInterface = {...emptyPacket(), bytes: block, interfaceIndex: 0};
  let at = blockHeader;
  while (at + packetHeader <= used) {
    const captured = view.getUint32(at + 12, true);
    const end = at + packetHeader + captured;
    if (end > used) return;
    packet.time = view.getFloat64(at, true);
    packet.wire = view.getUint32(at + 8, true);
    packet.link = linkKinds[view.getUint8(at + 16)] ?? 'unsupported';
    packet.interfaceIndex = view.getUint8(at + 17);
    packet.vlan = view.getInt16(at + 18, true);
    packet.etherType = view.getUint16(at + 20, true);
    packet.outgoing = view.getUint8(at + 22) !== 0;
    packet.start = at + packetHeader;
    packet.end = end;
    yield packet;
    at = end;
  }
}

/** The block's sequence number where it is whole, 0 where it is none or is being written. */
export function sequenceOf(block: Uint8Array): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  if (block.length < blockHeader || view.getUint32(0, true) !== magic) return 0;
  const [sequence, used] = [view.getUint32(4, true), view.getUint32(8, true)];
  if (used < blockHeader || used + blockTrailer > block.length) return 0;
  return view.getUint32(used, true) === sequence ? sequence : 0;
}
