import {type ByteReader, type ByteWriter, FrameError} from '../bytes.ts';
import type {ExplainedField, ExplainedLayer} from '../explained.ts';
import {displayedBytes, fieldsInTree, layersInTree} from '../messages.ts';

const longestName = 64;
const longestValue = 256;

/** Layers and fields must be no more than the bounds in messages.ts. */
export function writeTree(to: ByteWriter, layers: readonly ExplainedLayer[]): void {
  to.u16(layers.length);
  for (const {layer, start, length, fields} of layers) {
    to.text(layer, longestName);
    to.u16(start);
    to.u16(length);
    to.u16(fields.length);
    for (const field of fields) {
      to.text(field.name, longestName);
      to.text(shortened(field.value), longestValue);
      to.u16(field.start);
      to.u16(field.length);
    }
  }
}

/** Throws FrameError for more than was agreed, or for places that no shown packet has. Text is made safe to show. */
export function readTree(from: ByteReader): readonly ExplainedLayer[] {
  const count = from.u16();
  if (count > layersInTree) throw new FrameError(`Expected at most ${layersInTree} layers, got ${count}.`);
  let left = fieldsInTree;
  return Array.from({length: count}, () => {
    const layer = text(from, longestName);
    const place = readPlace(from);
    const fields = from.u16();
    left -= fields;
    if (left < 0) throw new FrameError(`Expected at most ${fieldsInTree} fields of a packet, got more.`);
    return {layer, ...place, fields: Array.from({length: fields}, () => readField(from))};
  });
}

function readField(from: ByteReader): ExplainedField {
  return {name: text(from, longestName), value: text(from, longestValue), ...readPlace(from)};
}

function readPlace(from: ByteReader): {readonly start: number; readonly length: number} {
  const [start, length] = [from.u16(), from.u16()];
  if (start + length > displayedBytes) {
    throw new FrameError(`Expected a place within ${displayedBytes} bytes, got ${start} to ${start + length}.`);
  }
  return {start, length};
}

/** `most` characters, each up to three bytes. */
function text(from: ByteReader, most: number): string {
  return from.line(most * 3);
}

function shortened(value: string): string {
  return value.length > longestValue ? `${value.slice(0, longestValue - 1)}…` : value;
}
