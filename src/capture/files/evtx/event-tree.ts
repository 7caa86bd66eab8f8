import type {FieldValue} from '../../../event/event.ts';
import {type Chunk, deepest} from './chunk.ts';
import {DamageError} from './damage.ts';
import {isArray, itemsAt, loneSubstitution, mergedValue, nodesAt, typeAt, valueAt} from './node-values.ts';
import type {AttributeNode, ElementNode, Node} from './nodes.ts';
import {mostOpen} from './parse-fragment.ts';
import {ValueTable} from './value-table.ts';
import {arrayFlag, Types} from './values.ts';

/** A value as it stands in an event, with its type: what is written for a GUID or a time depends on who writes it. */
export interface TypedValue {
  readonly value: FieldValue;
  readonly type: number;
}

export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly (readonly [string, TypedValue])[];
  readonly children: readonly XmlNode[];
  /** Its content is optional and null: XML leaves it out. */
  readonly absent?: boolean;
}

export type XmlNode = XmlElement | TypedValue;

const noValues = new ValueTable();

/** A record with all templates filled in, as the XML elements that it says. Throws DamageError. */
export function eventTree(chunk: Chunk, nodes: readonly Node[]): readonly XmlNode[] {
  return new TreeRun(chunk).nodes(nodes, noValues, 0);
}

class TreeRun {
  readonly #chunk: Chunk;
  #open = 0;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
  }

  nodes(nodes: readonly Node[], values: ValueTable, depth: number): XmlNode[] {
    if (depth >= deepest) throw new DamageError('record-too-large');
    const made: XmlNode[] = [];
    for (const node of nodes) this.#add(made, node, values, depth);
    return made;
  }

  #add(made: XmlNode[], node: Node, values: ValueTable, depth: number): void {
    switch (node.kind) {
      case 'text':
      case 'cdata':
        this.#chunk.spend(node.text.length);
        made.push({value: node.text, type: Types.string});
        return;
      case 'element':
        this.#element(made, node, values, depth);
        return;
      case 'instance':
        this.#chunk.spend(0);
        made.push(...this.nodes(node.template.nodes, node.values, depth + 1));
        return;
      case 'substitution':
        made.push(...this.#substituted(values, node.index, depth));
        return;
      case 'instruction':
        return;
      default:
        node satisfies never;
    }
  }

  /** An element around an array is there once for each of its values; around none, once and empty. */
  #element(made: XmlNode[], node: ElementNode, values: ValueTable, depth: number): void {
    if (++this.#open > mostOpen) throw new DamageError('record-too-large');
    const {name} = node;
    const attributes = this.#attributes(node.attributes, values, depth);
    const written = attributes.reduce((sum, [key, {value}]) => sum + key.length + String(value).length, name.length);
    // Its name twice, and what it is indented by.
    const size = written + name.length + this.#open * 2;
    this.#chunk.spend(size);
    const lone = loneSubstitution(node.children);
    const type = lone ? typeAt(values, lone.index) : Types.null;
    if (lone && isArray(type)) {
      const items = itemsAt(this.#chunk, values, lone.index);
      for (const value of items) {
        this.#chunk.spend(size);
        made.push({name, attributes, children: [{value, type: type & ~arrayFlag}]});
      }
      if (items.length === 0) made.push({name, attributes, children: []});
    } else if (lone?.optional && type === Types.null) made.push({name, attributes, children: [], absent: true});
    else made.push({name, attributes, children: this.nodes(node.children, values, depth)});
    this.#open--;
  }

  #attributes(nodes: readonly AttributeNode[], values: ValueTable, depth: number): (readonly [string, TypedValue])[] {
    const made: (readonly [string, TypedValue])[] = [];
    for (const {name, value} of nodes) {
      const lone = loneSubstitution(value);
      const text = mergedValue(this.#chunk, value, values, depth);
      if (text !== undefined) made.push([name, {value: text, type: lone ? typeAt(values, lone.index) : Types.string}]);
    }
    return made;
  }

  #substituted(values: ValueTable, index: number, depth: number): readonly XmlNode[] {
    const type = typeAt(values, index);
    if (type === Types.binaryXml) {
      return this.nodes(nodesAt(this.#chunk, values, index, depth + 1), values, depth + 1);
    }
    if (isArray(type)) {
      return itemsAt(this.#chunk, values, index).map(value => ({value, type: type & ~arrayFlag}));
    }
    const value = valueAt(this.#chunk, values, index);
    return value === undefined ? [] : [{value, type}];
  }
}

export function isElement(node: XmlNode): node is XmlElement {
  return 'children' in node;
}
