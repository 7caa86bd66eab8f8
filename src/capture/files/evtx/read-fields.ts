import type {FieldValue} from '../../../event/event.ts';
import type {WindowsEntry} from '../../logs/windows/windows-entry.ts';
import {type Chunk, deepest} from './chunk.ts';
import {DamageError} from './damage.ts';
import {
  compileFields,
  dataPrefix,
  type FieldContext,
  type FieldProgram,
  fieldName,
  type Step,
  type Target,
} from './field-program.ts';
import {isArray, itemsAt, joined, loneSubstitution, mergedValue, nodesAt, typeAt, valueAt} from './node-values.ts';
import type {InstanceNode, Node, Template} from './nodes.ts';
import {fileTimeMicros} from './times.ts';
import {ValueTable} from './value-table.ts';
import {Types} from './values.ts';

const noValues = new ValueTable();
/** Windows' own events have some forty. */
const mostFields = 2000;

/** Fills an entry with what a record says. The entry is new or was reset. Throws DamageError. */
export function readFields(chunk: Chunk, nodes: readonly Node[], entry: WindowsEntry): void {
  new FieldRun(chunk, entry).nodes(nodes, 'document', 0);
  entry.finish();
}

class FieldRun {
  readonly #chunk: Chunk;
  readonly #entry: WindowsEntry;

  constructor(chunk: Chunk, entry: WindowsEntry) {
    this.#chunk = chunk;
    this.#entry = entry;
  }

  nodes(nodes: readonly Node[], context: FieldContext, depth: number): void {
    for (const node of nodes) {
      if (node.kind === 'instance') this.#instance(node, context, depth);
      else this.#run(compileFields([node], context), noValues, depth);
    }
  }

  #instance({template, values}: InstanceNode, context: FieldContext, depth: number): void {
    if (depth >= deepest) throw new DamageError('record-too-large');
    this.#run(programOf(template, context), values, depth);
  }

  #run(program: FieldProgram, values: ValueTable, depth: number): void {
    for (const step of program) {
      this.#chunk.spend(step.kind === 'text' ? step.text.length : 0);
      this.#step(step, values, depth);
    }
    if (this.#entry.fields.count > mostFields) throw new DamageError('record-too-large');
  }

  #step(step: Step, values: ValueTable, depth: number): void {
    switch (step.kind) {
      case 'value':
        this.#value(step.target, step.index, values, depth);
        return;
      case 'text':
        this.#put(step.target, step.text);
        return;
      case 'mixed': {
        const value = mergedValue(this.#chunk, step.nodes, values, depth);
        if (value !== undefined) this.#put(step.target, value);
        return;
      }
      case 'positional':
        this.#positional(step.nodes, values, depth);
        return;
      case 'named': {
        const name = mergedValue(this.#chunk, step.name, values, depth);
        const value = mergedValue(this.#chunk, step.nodes, values, depth);
        if (name !== undefined && value !== undefined) {
          this.#entry.fields.add(dataPrefix + fieldName(String(name)), value);
        }
        return;
      }
      case 'nested':
        this.#nested(step.index, step.context, values, depth);
        return;
      case 'instance':
        this.#instance(step.node, step.context, depth + 1);
        return;
      default:
        step satisfies never;
    }
  }

  #value(target: Target, index: number, values: ValueTable, depth: number): void {
    const type = typeAt(values, index);
    if (type === Types.null) return;
    if (type === Types.binaryXml) {
      this.nodes(nodesAt(this.#chunk, values, index, depth + 1), 'leaves', depth + 1);
      return;
    }
    if (type === Types.fileTime && target.kind === 'system' && target.name === 'TimeCreated_SystemTime') {
      this.#entry.time ??= fileTimeMicros(this.#chunk.bytes, values.offsets[index] as number);
      return;
    }
    const value = isArray(type) ? joined(itemsAt(this.#chunk, values, index)) : valueAt(this.#chunk, values, index);
    if (value !== undefined) this.#put(target, value);
  }

  #put(target: Target, value: FieldValue): void {
    if (target.kind === 'field') this.#entry.fields.add(target.name, value);
    else this.#entry.system(target.name, value);
  }

  #positional(nodes: readonly Node[], values: ValueTable, depth: number): void {
    const lone = loneSubstitution(nodes);
    if (lone && isArray(typeAt(values, lone.index))) {
      for (const item of itemsAt(this.#chunk, values, lone.index)) this.#entry.positional(item);
    } else this.#entry.positional(mergedValue(this.#chunk, nodes, values, depth));
  }

  #nested(index: number, context: FieldContext, values: ValueTable, depth: number): void {
    if (typeAt(values, index) === Types.binaryXml) {
      this.nodes(nodesAt(this.#chunk, values, index, depth + 1), context, depth + 1);
      return;
    }
    // Text where elements were expected is data all the same.
    const value =
      context === 'data'
        ? mergedValue(this.#chunk, [{kind: 'substitution', index, optional: true}], values, depth)
        : undefined;
    if (value !== undefined) this.#entry.positional(value);
  }
}

function programOf(template: Template, context: FieldContext): FieldProgram {
  const known = template.programs.get(context);
  if (known) return known;
  const made = compileFields(template.nodes, context);
  template.programs.set(context, made);
  return made;
}
