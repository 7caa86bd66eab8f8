/** One instruction of classic BPF, as the kernel's `struct sock_filter`: jumps count from the next instruction. */
export interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** A filter ready to run: what the kernel is given, and the same laid out for the interpreter. */
export interface FilterProgram {
  readonly instructions: readonly Instruction[];
  /** Four numbers an instruction: code, jt, jf, k. */
  readonly packed: Int32Array;
}

/** The kernel takes no longer program (BPF_MAXINSNS). */
export const longestProgram = 4096;

/** Opcodes by what they do. A is the accumulator, X the index register, M the scratch memory of 16 words. */
export const Op = {
  loadWord: 0x20,
  loadHalf: 0x28,
  loadByte: 0x30,
  loadWordIndexed: 0x40,
  loadHalfIndexed: 0x48,
  loadByteIndexed: 0x50,
  loadConstant: 0x00,
  loadLength: 0x80,
  loadMemory: 0x60,
  loadXConstant: 0x01,
  loadXMemory: 0x61,
  loadXLength: 0x81,
  /** X = 4 * (byte at k & 0xf): the length of an IPv4 header. */
  loadXHeaderLength: 0xb1,
  storeA: 0x02,
  storeX: 0x03,
  add: 0x04,
  subtract: 0x14,
  multiply: 0x24,
  divide: 0x34,
  or: 0x44,
  and: 0x54,
  shiftLeft: 0x64,
  shiftRight: 0x74,
  negate: 0x84,
  modulo: 0x94,
  xor: 0xa4,
  jump: 0x05,
  jumpEqual: 0x15,
  jumpGreater: 0x25,
  jumpGreaterOrEqual: 0x35,
  jumpAnySet: 0x45,
  returnConstant: 0x06,
  returnA: 0x16,
  moveAToX: 0x07,
  moveXToA: 0x87,
} as const;

/** Added to an arithmetic or jump opcode: the second operand is X instead of the constant. */
export const withX = 0x08;

/** Loads from here on read what the kernel knows of a packet instead of its bytes (SKF_AD_OFF). */
export const ancillary = {
  packetType: 0xfffff000 + 4,
  vlanTag: 0xfffff000 + 44,
  vlanTagPresent: 0xfffff000 + 48,
} as const;

/** Type of a packet that this machine sent (PACKET_OUTGOING). */
export const packetOutgoing = 4;

/** What an accepting program returns: at most this many bytes of the packet are wanted, which is all of them. */
export const wholePacket = 262144;

export function programOf(instructions: readonly Instruction[]): FilterProgram {
  const packed = new Int32Array(instructions.length * 4);
  instructions.forEach(({code, jt, jf, k}, i) => {
    packed.set([code, jt, jf, k | 0], i * 4);
  });
  return {instructions, packed};
}

/**
 * The `struct sock_filter` array for SO_ATTACH_FILTER, little endian, 8 bytes an instruction. With `snapLength`, the
 * kernel copies no more than that many bytes of a packet.
 */
export function attachBytes(program: FilterProgram, snapLength = wholePacket): Buffer {
  const bytes = Buffer.alloc(program.instructions.length * 8);
  program.instructions.forEach(({code, jt, jf, k}, i) => {
    const kept = code === Op.returnConstant ? Math.min(k, snapLength) : k;
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(jt, i * 8 + 2);
    bytes.writeUInt8(jf, i * 8 + 3);
    bytes.writeUInt32LE(kept >>> 0, i * 8 + 4);
  });
  return bytes;
}
