import {type Expression, type Local, type Statement, unsignedLeb, type ValueType} from './code.ts';

/** One exported function, ready to be put into a module. */
export interface KernelFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
  readonly locals: readonly ValueType[];
  readonly code: readonly number[];
}

/** Gives out a function's variables: its parameters first, and then, as they are wanted, its locals. */
export class Variables {
  readonly parameters: ValueType[] = [];
  readonly locals: ValueType[] = [];

  parameter<Type extends ValueType>(type: Type): Local<Type> {
    if (this.locals.length > 0) throw new Error('Expected every parameter before the first local variable');
    return {type, index: this.parameters.push(type) - 1};
  }

  local<Type extends ValueType>(type: Type): Local<Type> {
    return {type, index: this.parameters.length + this.locals.push(type) - 1};
  }
}

export function kernelFunction(
  name: string,
  variables: Variables,
  body: readonly Statement[],
  result?: Expression<ValueType>,
): KernelFunction {
  const {parameters, locals} = variables;
  return {name, parameters, locals, result: result?.type, code: [...body.flat(), ...(result?.bytes ?? [])]};
}

/** The bytes of a module that imports its memory as `own.memory` and exports these functions (specification, chapter 5.5). */
export function assemble(functions: readonly KernelFunction[]): Uint8Array {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(functions.map(typeOf))),
    ...section(2, list([[...text('own'), ...text('memory'), 0x02, 0x00, 0x01]])),
    ...section(3, list(functions.map((_, index) => unsignedLeb(index)))),
    ...section(7, list(functions.map(({name}, index) => [...text(name), 0x00, ...unsignedLeb(index)]))),
    ...section(10, list(functions.map(bodyOf))),
  ]);
}

const typeBytes: Readonly<Record<ValueType, number>> = {i32: 0x7f, f32: 0x7d, v128: 0x7b};

function typeOf({parameters, result}: KernelFunction): number[] {
  const results = result === undefined ? [] : [[typeBytes[result]]];
  return [0x60, ...list(parameters.map(type => [typeBytes[type]])), ...list(results)];
}

function bodyOf({locals, code}: KernelFunction): number[] {
  return sized([...list(locals.map(type => [1, typeBytes[type]])), ...code, 0x0b]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsignedLeb(items.length), ...items.flat()];
}

function text(value: string): number[] {
  return sized([...new TextEncoder().encode(value)]);
}

function sized(bytes: readonly number[]): number[] {
  return [...unsignedLeb(bytes.length), ...bytes];
}
