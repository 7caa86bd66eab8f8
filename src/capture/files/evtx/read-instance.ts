import type {Chunk} from './chunk.ts';
import {DamageError} from './damage.ts';
import type {InstanceNode} from './nodes.ts';
import {ValueTable} from './value-table.ts';

const head = 10;
const templateHead = 24;

/**
 * Reads a template instance: which template, and where its values are. The table of values is that of the nesting
 * depth, or one of its own where none is given. `end` is the offset behind it.
 */
export function readInstance(
  chunk: Chunk,
  start: number,
  end: number,
  depth: number | undefined,
): {readonly node: InstanceNode; readonly end: number} {
  const {bytes} = chunk;
  if (start + head > end) throw new DamageError('record-content');
  const id = bytes.readUInt32LE(start + 2);
  const offset = bytes.readUInt32LE(start + 6);
  const template = chunk.template(offset, id);
  let at = start + head;
  // The first instance in a chunk brings the template with it.
  if (offset === at) {
    if (at + templateHead > end) throw new DamageError('record-content');
    at += templateHead + bytes.readUInt32LE(at + 20);
  }
  const values = depth === undefined ? new ValueTable() : chunk.table(depth);
  return {node: {kind: 'instance', template, values}, end: readValues(bytes, at, end, values)};
}

function readValues(bytes: Buffer, start: number, end: number, table: ValueTable): number {
  if (start + 4 > end) throw new DamageError('record-content');
  const count = bytes.readUInt32LE(start);
  let descriptor = start + 4;
  let value = descriptor + count * 4;
  if (value > end) throw new DamageError('record-content');
  table.count = count;
  for (let i = 0; i < count; i++, descriptor += 4) {
    const size = (bytes[descriptor] as number) | ((bytes[descriptor + 1] as number) << 8);
    table.offsets[i] = value;
    table.sizes[i] = size;
    table.types[i] = bytes[descriptor + 2] as number;
    value += size;
  }
  if (value > end) throw new DamageError('record-content');
  return value;
}
