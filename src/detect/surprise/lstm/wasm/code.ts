/** The types of values that a kernel handles: addresses and counts, one number, four numbers. */
export type ValueType = 'i32' | 'f32' | 'v128';

/** Bytes of code that leave one value of a known type on WebAssembly's stack. */
export interface Expression<Type extends ValueType> {
  readonly type: Type;
  readonly bytes: readonly number[];
}

/** Bytes of code that leave the stack as it was. */
export type Statement = readonly number[];

/** A parameter or local variable of a function. */
export interface Local<Type extends ValueType> {
  readonly type: Type;
  readonly index: number;
}

type I32 = Expression<'i32'>;
type F32 = Expression<'f32'>;
type V128 = Expression<'v128'>;

/** Opcodes and bytes as the WebAssembly core specification, version 2, numbers them (chapter 5.4). */
const simd = 0xfd;
const block = 0x40;

export const i32 = {
  constant: (value: number): I32 => ({type: 'i32', bytes: [0x41, ...signedLeb(value)]}),
  add: (a: I32, b: I32): I32 => of('i32', a, b, [0x6a]),
  lessUnsigned: (a: I32, b: I32): I32 => of('i32', a, b, [0x49]),
};

export const f32 = {
  max: (a: F32, b: F32): F32 => of('f32', a, b, [0x97]),
  add: (a: F32, b: F32): F32 => of('f32', a, b, [0x92]),
};

export const v128 = {
  load: (address: I32, offset: number): V128 => of('v128', address, memoryAccess(0x00, 4, offset)),
  /** The number at an address, four times. */
  loadSplat: (address: I32, offset: number): V128 => of('v128', address, memoryAccess(0x09, 2, offset)),
  store: (address: I32, offset: number, value: V128): Statement => [
    ...address.bytes,
    ...value.bytes,
    ...memoryAccess(0x0b, 4, offset),
  ],
};

export const f32x4 = {
  constant: (value: number): V128 => {
    const bytes = [...new Uint8Array(Float32Array.of(value, value, value, value).buffer)];
    return {type: 'v128', bytes: [simd, 0x0c, ...bytes]};
  },
  splat: (value: F32): V128 => of('v128', value, vector(0x13)),
  lane: (value: V128, lane: 0 | 1 | 2 | 3): F32 => of('f32', value, [...vector(0x1f), lane]),
  nearest: (value: V128): V128 => of('v128', value, vector(0x6a)),
  add: (a: V128, b: V128): V128 => of('v128', a, b, vector(0xe4)),
  subtract: (a: V128, b: V128): V128 => of('v128', a, b, vector(0xe5)),
  multiply: (a: V128, b: V128): V128 => of('v128', a, b, vector(0xe6)),
  divide: (a: V128, b: V128): V128 => of('v128', a, b, vector(0xe7)),
  /** `b` where it is the smaller, else `a`: one instruction, where the minimum that spreads NaN takes many. */
  smaller: (a: V128, b: V128): V128 => of('v128', a, b, vector(0xea)),
  /** `b` where it is the larger, else `a`. */
  larger: (a: V128, b: V128): V128 => of('v128', a, b, vector(0xeb)),
};

export const i32x4 = {
  add: (a: V128, b: V128): V128 => of('v128', a, b, vector(0xae)),
  splat: (value: I32): V128 => of('v128', value, vector(0x11)),
  shiftLeft: (value: V128, bits: number): V128 => of('v128', value, i32.constant(bits), vector(0xab)),
  truncate: (value: V128): V128 => of('v128', value, vector(0xf8)),
};

export function get<Type extends ValueType>({type, index}: Local<Type>): Expression<Type> {
  return {type, bytes: [0x20, ...unsignedLeb(index)]};
}

export function set<Type extends ValueType>({index}: Local<Type>, value: Expression<Type>): Statement {
  return [...value.bytes, 0x21, ...unsignedLeb(index)];
}

/** Does the body, and again as long as the condition then holds. */
export function repeatWhile(condition: I32, ...body: readonly Statement[]): Statement {
  return [0x03, block, ...body.flat(), ...condition.bytes, 0x0d, 0x00, 0x0b];
}

export function unsignedLeb(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...unsignedLeb(rest)];
}

function signedLeb(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return done ? [low] : [low | 0x80, ...signedLeb(rest)];
}

function vector(opcode: number): number[] {
  return [simd, ...unsignedLeb(opcode)];
}

/** The alignment is given as a power of two. */
function memoryAccess(opcode: number, alignment: number, offset: number): number[] {
  return [...vector(opcode), alignment, ...unsignedLeb(offset)];
}

type Part = Expression<ValueType> | readonly number[];

function of<Type extends ValueType>(type: Type, ...parts: readonly Part[]): Expression<Type> {
  return {type, bytes: parts.flatMap(part => ('bytes' in part ? part.bytes : part))};
}
