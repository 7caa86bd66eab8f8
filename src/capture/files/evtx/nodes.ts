import type {FieldContext, FieldProgram} from './field-program.ts';
import type {ValueTable} from './value-table.ts';

/** Text that stands in the binary XML itself. Sanitised. */
export interface TextNode {
  readonly kind: 'text' | 'cdata';
  readonly text: string;
}

/** A place that the record fills with its value of this number. `optional`: an empty value leaves the place out. */
export interface SubstitutionNode {
  readonly kind: 'substitution';
  readonly index: number;
  readonly optional: boolean;
}

/** `<?target data?>` */
export interface InstructionNode {
  readonly kind: 'instruction';
  readonly target: string;
  readonly data: string;
}

export interface AttributeNode {
  readonly name: string;
  readonly value: readonly Node[];
}

export interface ElementNode {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: readonly AttributeNode[];
  readonly children: readonly Node[];
}

/** A template with the values that fill it. */
export interface InstanceNode {
  readonly kind: 'instance';
  readonly template: Template;
  readonly values: ValueTable;
}

export type Node = TextNode | SubstitutionNode | InstructionNode | ElementNode | InstanceNode;

/** A template's content, and what it was compiled to for each place that it was met in. */
export interface Template {
  readonly nodes: readonly Node[];
  readonly programs: Map<FieldContext, FieldProgram>;
}
