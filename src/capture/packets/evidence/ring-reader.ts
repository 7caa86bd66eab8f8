import {fstatSync, readSync} from 'node:fs';
import {blockHeader, blockLength, type PacketOfInterface, packetsOf, sequenceOf} from './block.ts';

const attempts = 100;

/** The packets of a ring, oldest block first. A block that is being written over is left out. */
export function* packetsOfRing(fd: number): Generator<PacketOfInterface> {
  const block = Buffer.alloc(blockLength);
  for (const {index, sequence} of blocksInOrder(fd)) {
    const whole = readBlock(fd, block, index);
    if (whole && sequenceOf(whole) === sequence) yield* packetsOf(whole);
  }
}

/** Read again where it is just being written: that is over in microseconds. */
function readBlock(fd: number, block: Buffer, index: number): Buffer | undefined {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const whole = block.subarray(0, readSync(fd, block, 0, blockLength, index * blockLength));
    if (sequenceOf(whole) > 0) return whole;
  }
  return undefined;
}

/** The newest sequence number of a ring, 0 where it is empty. */
export function newestSequence(fd: number): number {
  return blocksInOrder(fd).at(-1)?.sequence ?? 0;
}

function blocksInOrder(fd: number): {index: number; sequence: number}[] {
  const count = Math.ceil(fstatSync(fd).size / blockLength);
  const header = Buffer.alloc(blockHeader);
  const found: {index: number; sequence: number}[] = [];
  for (let index = 0; index < count; index++) {
    if (readSync(fd, header, 0, blockHeader, index * blockLength) < blockHeader) continue;
    const sequence = header.readUInt32LE(4);
    if (sequence > 0) found.push({index, sequence});
  }
  return found.sort((a, b) => a.sequence - b.sequence);
}
