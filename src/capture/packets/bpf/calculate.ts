import {Op} from './program.ts';

/** The result as a signed 32-bit integer. The operands are taken as unsigned; a shift by more than 31 gives 0. */
export function calculate(operation: number, a: number, b: number): number {
  switch (operation) {
    case Op.add:
      return (a + b) | 0;
    case Op.subtract:
      return (a - b) | 0;
    case Op.multiply:
      return Math.imul(a, b);
    case Op.divide:
      return Math.floor((a >>> 0) / (b >>> 0)) | 0;
    case Op.modulo:
      return ((a >>> 0) % (b >>> 0)) | 0;
    case Op.or:
      return a | b;
    case Op.and:
      return a & b;
    case Op.xor:
      return a ^ b;
    case Op.shiftLeft:
      return b >>> 0 > 31 ? 0 : a << b;
    case Op.shiftRight:
      return b >>> 0 > 31 ? 0 : (a >>> b) | 0;
    default:
      throw new Error(`Expected an instruction of classic BPF, got code ${operation}.`);
  }
}
