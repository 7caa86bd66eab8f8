import {VectorMath} from './vector-math.ts';
import {type Expression, f32, f32x4, get, i32, type Local, repeatWhile, set, v128} from './wasm/code.ts';
import {assemble, type KernelFunction, kernelFunction, Variables} from './wasm/module.ts';
import {webAssembly} from './wasm/runtime.ts';

/** Columns of a product that are summed at once, in eight registers of four. */
export const blockColumns = 32;
/** Rows are taken four at a time; their number is a multiple of it. */
export const rowStep = 4;

/** The kernel's functions over one memory; all addresses in bytes and multiples of 16, all numbers in single precision. */
export interface SimdKernel {
  /** The numbers in its memory, by address / 4. */
  readonly numbers: Float32Array;
  /**
   * out = init + vector · matrix. The matrix lies block by block: 32 columns of the first row, of the second …, then
   * the next 32 columns.
   */
  multiply(out: number, outEnd: number, init: number, matrix: number, vector: number, vectorEnd: number): void;
  /** From gates (input, forget, candidate, output) and a state (hidden, cell), each `stride` bytes long, the next state. */
  updateCell(gates: number, hidden: number, hiddenEnd: number, cell: number, stride: number): void;
  largest(from: number, end: number): number;
  /** Sum of e^(x − most). */
  sumOfExponentials(from: number, end: number, most: number): number;
}

/** A kernel with a memory of its own of so many bytes; undefined where the machine or its memory does not allow it. */
export function openSimdKernel(bytes: number): SimdKernel | undefined {
  if (!webAssembly) return undefined;
  compiled ??= compile();
  if (compiled === 'unsupported') return undefined;
  try {
    const memory = new webAssembly.Memory({initial: Math.ceil(bytes / 65_536)});
    const {exports} = new webAssembly.Instance(compiled, {own: {memory}});
    return {...(exports as unknown as Omit<SimdKernel, 'numbers'>), numbers: new Float32Array(memory.buffer)};
  } catch (error) {
    // No address space left for one more memory.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Compiled once, so that every network uses code that is already optimised. */
let compiled: object | 'unsupported' | undefined;

function compile(): object | 'unsupported' {
  const bytes = assemble([multiply(), updateCell(), largest(), sumOfExponentials()]);
  return webAssembly?.validate(bytes) ? new webAssembly.Module(bytes) : 'unsupported';
}

function multiply(): KernelFunction {
  const variables = new Variables();
  const [out, outEnd, init, matrix, vector, vectorEnd] = addresses(variables, 6);
  const row = variables.local('i32');
  const factor = variables.local('v128');
  const sums = Array.from({length: blockColumns / 4}, () => variables.local('v128'));
  const addRow = (at: number) => [
    ...set(factor, v128.loadSplat(get(row), 4 * at)),
    ...sums.flatMap((sum, lane) => {
      const weights = v128.load(get(matrix), 4 * at * blockColumns + 16 * lane);
      return set(sum, f32x4.add(get(sum), f32x4.multiply(get(factor), weights)));
    }),
  ];
  const body = repeatWhile(
    i32.lessUnsigned(get(out), get(outEnd)),
    ...sums.map((sum, lane) => set(sum, v128.load(get(init), 16 * lane))),
    set(row, get(vector)),
    repeatWhile(
      i32.lessUnsigned(get(row), get(vectorEnd)),
      ...Array.from({length: rowStep}, (_, at) => addRow(at)),
      advance(matrix, 4 * rowStep * blockColumns),
      advance(row, 4 * rowStep),
    ),
    ...sums.map((sum, lane) => v128.store(get(out), 16 * lane, get(sum))),
    advance(out, 4 * blockColumns),
    advance(init, 4 * blockColumns),
  );
  return kernelFunction('multiply', variables, [body]);
}

function updateCell(): KernelFunction {
  const variables = new Variables();
  const [gates, hidden, hiddenEnd, cell, stride] = addresses(variables, 5);
  const math = new VectorMath(variables);
  const gate = variables.local('v128');
  const value = variables.local('v128');
  const sum = variables.local('v128');
  const place = variables.local('i32');
  const nextGate = set(place, i32.add(get(place), get(stride)));
  const body = repeatWhile(
    i32.lessUnsigned(get(hidden), get(hiddenEnd)),
    set(place, get(gates)),
    math.sigmoid(gate, v128.load(get(place), 0)),
    nextGate,
    math.sigmoid(value, v128.load(get(place), 0)),
    set(sum, f32x4.multiply(get(value), v128.load(get(cell), 0))),
    nextGate,
    math.tanh(value, v128.load(get(place), 0)),
    set(sum, f32x4.add(get(sum), f32x4.multiply(get(gate), get(value)))),
    v128.store(get(cell), 0, get(sum)),
    nextGate,
    math.sigmoid(gate, v128.load(get(place), 0)),
    math.tanh(value, get(sum)),
    v128.store(get(hidden), 0, f32x4.multiply(get(gate), get(value))),
    ...[gates, hidden, cell].map(address => advance(address, 16)),
  );
  return kernelFunction('updateCell', variables, [body]);
}

function largest(): KernelFunction {
  const variables = new Variables();
  const [from, end] = addresses(variables, 2);
  const most = variables.local('v128');
  const body = [
    set(most, v128.load(get(from), 0)),
    repeatWhile(
      i32.lessUnsigned(get(from), get(end)),
      set(most, f32x4.larger(get(most), v128.load(get(from), 0))),
      advance(from, 16),
    ),
  ];
  return kernelFunction('largest', variables, body, acrossLanes(f32.max, most));
}

function sumOfExponentials(): KernelFunction {
  const variables = new Variables();
  const [from, end] = addresses(variables, 2);
  const most = variables.parameter('f32');
  const math = new VectorMath(variables);
  const term = variables.local('v128');
  const sum = variables.local('v128');
  const body = repeatWhile(
    i32.lessUnsigned(get(from), get(end)),
    math.exponential(term, f32x4.subtract(v128.load(get(from), 0), f32x4.splat(get(most)))),
    set(sum, f32x4.add(get(sum), get(term))),
    advance(from, 16),
  );
  return kernelFunction('sumOfExponentials', variables, [body], acrossLanes(f32.add, sum));
}

type Addresses = [Local<'i32'>, Local<'i32'>, Local<'i32'>, Local<'i32'>, Local<'i32'>, Local<'i32'>];

function addresses(variables: Variables, count: number): Addresses {
  return Array.from({length: count}, () => variables.parameter('i32')) as Addresses;
}

function advance(address: Local<'i32'>, bytes: number) {
  return set(address, i32.add(get(address), i32.constant(bytes)));
}

function acrossLanes(
  combine: (a: Expression<'f32'>, b: Expression<'f32'>) => Expression<'f32'>,
  of: Local<'v128'>,
): Expression<'f32'> {
  const value = get(of);
  return combine(
    combine(f32x4.lane(value, 0), f32x4.lane(value, 1)),
    combine(f32x4.lane(value, 2), f32x4.lane(value, 3)),
  );
}
