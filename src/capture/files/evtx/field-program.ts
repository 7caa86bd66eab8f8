import {DamageError} from './damage.ts';
import type {ElementNode, InstanceNode, Node} from './nodes.ts';

/**
 * Where in an event a fragment stands: by itself, or as the content of `<Event>`, of `<System>`, of `<EventData>`, of
 * `<UserData>` (whose child is a wrapper), of `<RenderingInfo>`, or of anything else whose leaves are data.
 */
export type FieldContext = 'document' | 'event' | 'system' | 'data' | 'user' | 'rendering' | 'leaves';

/** What a step's value becomes: a field of this name, or one of `<System>`'s values by its path there. */
export interface Target {
  readonly kind: 'field' | 'system';
  readonly name: string;
}

/**
 * One step of making fields of an event. A template is compiled once to steps, so that a record needs no tree.
 * `value`: one of the record's values. `text`: always the same. `mixed`: several nodes that make one text.
 * `positional`: data without a name. `named`: data whose name is a value too. `nested`: what a value of binary XML, or
 * another template, brings here.
 */
export type Step =
  | {readonly kind: 'value'; readonly target: Target; readonly index: number}
  | {readonly kind: 'text'; readonly target: Target; readonly text: string}
  | {readonly kind: 'mixed'; readonly target: Target; readonly nodes: readonly Node[]}
  | {readonly kind: 'positional'; readonly nodes: readonly Node[]}
  | {readonly kind: 'named'; readonly name: readonly Node[]; readonly nodes: readonly Node[]}
  | {readonly kind: 'nested'; readonly context: FieldContext; readonly index: number}
  | {readonly kind: 'instance'; readonly context: FieldContext; readonly node: InstanceNode};

export type FieldProgram = readonly Step[];

/** Of elements within elements. */
const longestPath = 1000;

export const dataPrefix = 'winlog.event_data.';

/** Compiles what stands at a place of an event. */
export function compileFields(nodes: readonly Node[], context: FieldContext): FieldProgram {
  const steps: Step[] = [];
  for (const node of nodes) addNode(node, context, steps);
  return steps;
}

function addNode(node: Node, context: FieldContext, steps: Step[]): void {
  switch (node.kind) {
    case 'element':
      addElement(node, context, steps);
      return;
    case 'instance':
      steps.push({kind: 'instance', context, node});
      return;
    case 'substitution':
      steps.push({kind: 'nested', context, index: node.index});
      return;
    case 'text':
    case 'cdata':
    case 'instruction':
      // Between elements there is white space only.
      return;
    default:
      node satisfies never;
  }
}

function addElement(element: ElementNode, context: FieldContext, steps: Step[]): void {
  switch (context) {
    case 'document':
      addAll(element.children, 'event', steps);
      return;
    case 'event':
      addAll(element.children, sections.get(element.name) ?? 'leaves', steps);
      return;
    case 'system':
      addSystem(element, steps);
      return;
    case 'data':
      addData(element, steps);
      return;
    case 'user':
      addAll(element.children, 'leaves', steps);
      return;
    case 'rendering':
      addLeaf(element, 'winlog.rendering_info.', steps);
      return;
    case 'leaves':
      addLeaf(element, dataPrefix, steps);
      return;
    default:
      context satisfies never;
  }
}

const sections: ReadonlyMap<string, FieldContext> = new Map([
  ['System', 'system'],
  ['EventData', 'data'],
  ['UserData', 'user'],
  ['RenderingInfo', 'rendering'],
]);

function addAll(nodes: readonly Node[], context: FieldContext, steps: Step[]): void {
  for (const node of nodes) addNode(node, context, steps);
}

function addSystem(element: ElementNode, steps: Step[]): void {
  for (const {name, value} of element.attributes) {
    addValue(value, {kind: 'system', name: `${element.name}_${name}`}, steps);
  }
  addValue(element.children, {kind: 'system', name: element.name}, steps);
}

/** `<Data Name="LogonType">3</Data>`; the name may be missing, and older providers write elements of other names. */
function addData(element: ElementNode, steps: Step[]): void {
  const name = element.attributes.find(attribute => attribute.name === 'Name')?.value;
  const fixed = name && constantText(name);
  if (name && fixed === undefined) steps.push({kind: 'named', name, nodes: element.children});
  else if (fixed) addContent(element.children, dataPrefix + fieldName(fixed), steps);
  else if (element.name === 'Data') steps.push({kind: 'positional', nodes: element.children});
  else addLeaf(element, dataPrefix, steps);
}

function addLeaf(element: ElementNode, prefix: string, steps: Step[]): void {
  const path = prefix + fieldName(element.name);
  if (path.length > longestPath) throw new DamageError('record-too-large');
  for (const {name, value} of element.attributes) {
    if (!name.startsWith('xmlns')) addValue(value, {kind: 'field', name: `${path}.${fieldName(name)}`}, steps);
  }
  addContent(element.children, path, steps);
}

function addContent(nodes: readonly Node[], path: string, steps: Step[]): void {
  const elements = nodes.filter(node => node.kind === 'element');
  if (elements.length === 0) addValue(nodes, {kind: 'field', name: path}, steps);
  for (const element of elements) addLeaf(element, `${path}.`, steps);
}

function addValue(nodes: readonly Node[], target: Target, steps: Step[]): void {
  const [node] = nodes;
  if (node === undefined) return;
  const text = constantText(nodes);
  if (text !== undefined) steps.push({kind: 'text', target, text});
  else if (nodes.length === 1 && node.kind === 'substitution') steps.push({kind: 'value', target, index: node.index});
  else steps.push({kind: 'mixed', target, nodes});
}

function constantText(nodes: readonly Node[]): string | undefined {
  let text = '';
  for (const node of nodes) {
    if (node.kind !== 'text' && node.kind !== 'cdata') return undefined;
    text += node.text;
  }
  return text;
}

/** Names as rules write them: "Threat Name" is `ThreatName`. */
export function fieldName(name: string): string {
  return name.includes(' ') ? name.replaceAll(' ', '') : name;
}
