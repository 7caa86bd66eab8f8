import type {FieldValue} from '../../../event/event.ts';
import {type Chunk, deepest} from './chunk.ts';
import {DamageError} from './damage.ts';
import type {Node, SubstitutionNode} from './nodes.ts';
import {parseFragment} from './parse-fragment.ts';
import type {ValueTable} from './value-table.ts';
import {arrayFlag, decodeArray, decodeValue, Types} from './values.ts';

/** The type of the value a place is filled with; that of null where the record has no such value. */
export function typeAt(values: ValueTable, index: number): number {
  return index < values.count ? (values.types[index] as number) : Types.null;
}

/** The value of a number, or undefined where it is null. It is neither an array nor binary XML. */
export function valueAt(chunk: Chunk, values: ValueTable, index: number): FieldValue | undefined {
  const type = typeAt(values, index);
  if (type === Types.null) return undefined;
  const size = values.sizes[index] as number;
  chunk.spend(size);
  return decodeValue(chunk, values.offsets[index] as number, size, type);
}

export function itemsAt(chunk: Chunk, values: ValueTable, index: number): FieldValue[] {
  const size = values.sizes[index] as number;
  chunk.spend(size);
  return decodeArray(chunk, values.offsets[index] as number, size, typeAt(values, index));
}

/** What a value of binary XML holds, `depth` fragments within the record's. */
export function nodesAt(chunk: Chunk, values: ValueTable, index: number, depth: number): Node[] {
  if (depth >= deepest) throw new DamageError('record-too-large');
  const start = values.offsets[index] as number;
  const size = values.sizes[index] as number;
  chunk.spend(size);
  return parseFragment(chunk, start, start + size, 'value', depth);
}

export function isArray(type: number): boolean {
  return (type & arrayFlag) !== 0;
}

/** The only node, where it is a place to be filled. */
export function loneSubstitution(nodes: readonly Node[]): SubstitutionNode | undefined {
  const [node] = nodes;
  return nodes.length === 1 && node?.kind === 'substitution' ? node : undefined;
}

/** Nodes as one value: that of a lone place keeps its type, anything else is text. Undefined where all is null. */
export function mergedValue(
  chunk: Chunk,
  nodes: readonly Node[],
  values: ValueTable,
  depth: number,
): FieldValue | undefined {
  const lone = loneSubstitution(nodes);
  if (lone) return substituted(chunk, values, lone.index, depth);
  let text: string | undefined;
  for (const node of nodes) {
    const part = partOf(chunk, node, values, depth);
    if (part !== undefined) text = (text ?? '') + part;
  }
  return text;
}

/** The value of a number, whatever its type: the items of an array by line, all text of binary XML. */
export function substituted(chunk: Chunk, values: ValueTable, index: number, depth: number): FieldValue | undefined {
  const type = typeAt(values, index);
  if (isArray(type)) return joined(itemsAt(chunk, values, index));
  if (type !== Types.binaryXml) return valueAt(chunk, values, index);
  return mergedValue(chunk, nodesAt(chunk, values, index, depth + 1), values, depth + 1);
}

export function joined(items: readonly FieldValue[]): FieldValue | undefined {
  return items.length === 1 ? items[0] : items.join('\n');
}

function partOf(chunk: Chunk, node: Node, values: ValueTable, depth: number): FieldValue | undefined {
  chunk.spend(node.kind === 'text' || node.kind === 'cdata' ? node.text.length : 0);
  switch (node.kind) {
    case 'text':
    case 'cdata':
      return node.text;
    case 'substitution':
      return substituted(chunk, values, node.index, depth);
    case 'element':
      return mergedValue(chunk, node.children, values, depth);
    case 'instance':
      if (depth + 1 >= deepest) throw new DamageError('record-too-large');
      return mergedValue(chunk, node.template.nodes, node.values, depth + 1);
    case 'instruction':
      return undefined;
    default:
      return node satisfies never;
  }
}
