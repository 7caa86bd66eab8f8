import {calculate} from './calculate.ts';
import {ancillary, type FilterProgram, Op, packetOutgoing, withX} from './program.ts';

/** What is known of a packet besides its bytes. */
export interface PacketContext {
  /** This machine sent it. */
  readonly outgoing: boolean;
  /** VLAN id that the kernel took out of the packet, -1 if none. */
  readonly vlan: number;
}

const noContext: PacketContext = {outgoing: false, vlan: -1};
const memory = new Int32Array(16);

/**
 * Whether a program accepts the packet that lies in `bytes` from `start` to `end`. As in the kernel, a load beyond the
 * packet's end and a division by zero reject it, and a program that runs off its end accepts nothing. Jumps only go
 * forward, so a program takes at most as many steps as it has instructions.
 */
export function runFilter(
  program: FilterProgram,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireLength: number,
  context: PacketContext = noContext,
): boolean {
  const {packed} = program;
  const length = end - start;
  let a = 0;
  let x = 0;
  for (let pc = 0; pc < packed.length; pc += 4) {
    const code = packed[pc] as number;
    const k = packed[pc + 3] as number;
    switch (code) {
      case Op.loadHalf: {
        if (k < 0 || k + 2 > length) {
          if (k >= 0) return false;
          a = ancillaryValue(k, context);
          if (a < 0) return false;
          break;
        }
        const at = start + k;
        a = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
        break;
      }
      case Op.loadByte:
        if (k < 0 || k >= length) {
          if (k >= 0) return false;
          a = ancillaryValue(k, context);
          if (a < 0) return false;
          break;
        }
        a = bytes[start + k] as number;
        break;
      case Op.loadWord: {
        if (k < 0 || k + 4 > length) return false;
        a = wordAt(bytes, start + k);
        break;
      }
      case Op.jumpEqual:
        pc += (packed[pc + (a === k ? 1 : 2)] as number) << 2;
        break;
      case Op.jumpAnySet:
        pc += (packed[pc + ((a & k) !== 0 ? 1 : 2)] as number) << 2;
        break;
      case Op.jumpGreater:
        pc += (packed[pc + (a >>> 0 > k >>> 0 ? 1 : 2)] as number) << 2;
        break;
      case Op.jumpGreaterOrEqual:
        pc += (packed[pc + (a >>> 0 >= k >>> 0 ? 1 : 2)] as number) << 2;
        break;
      case Op.returnConstant:
        return k !== 0;
      case Op.loadXHeaderLength:
        if (k < 0 || k >= length) return false;
        x = ((bytes[start + k] as number) & 0xf) << 2;
        break;
      case Op.loadHalfIndexed: {
        const at = indexed(x, k, 2, length);
        if (at < 0) return false;
        a = ((bytes[start + at] as number) << 8) | (bytes[start + at + 1] as number);
        break;
      }
      case Op.loadByteIndexed: {
        const at = indexed(x, k, 1, length);
        if (at < 0) return false;
        a = bytes[start + at] as number;
        break;
      }
      case Op.loadWordIndexed: {
        const at = indexed(x, k, 4, length);
        if (at < 0) return false;
        a = wordAt(bytes, start + at);
        break;
      }
      case Op.and:
        a &= k;
        break;
      case Op.loadConstant:
        a = k;
        break;
      case Op.loadLength:
        a = wireLength | 0;
        break;
      case Op.loadMemory:
        a = memory[k & 15] as number;
        break;
      case Op.loadXConstant:
        x = k;
        break;
      case Op.loadXMemory:
        x = memory[k & 15] as number;
        break;
      case Op.loadXLength:
        x = wireLength | 0;
        break;
      case Op.storeA:
        memory[k & 15] = a;
        break;
      case Op.storeX:
        memory[k & 15] = x;
        break;
      case Op.moveAToX:
        x = a;
        break;
      case Op.moveXToA:
        a = x;
        break;
      case Op.negate:
        a = -a | 0;
        break;
      case Op.jump:
        pc += k << 2;
        break;
      case Op.jumpEqual + withX:
        pc += (packed[pc + (a === x ? 1 : 2)] as number) << 2;
        break;
      case Op.jumpAnySet + withX:
        pc += (packed[pc + ((a & x) !== 0 ? 1 : 2)] as number) << 2;
        break;
      case Op.jumpGreater + withX:
        pc += (packed[pc + (a >>> 0 > x >>> 0 ? 1 : 2)] as number) << 2;
        break;
      case Op.jumpGreaterOrEqual + withX:
        pc += (packed[pc + (a >>> 0 >= x >>> 0 ? 1 : 2)] as number) << 2;
        break;
      case Op.returnA:
        return a !== 0;
      default: {
        const second = (code & withX) === 0 ? k : x;
        const operation = code & ~withX;
        if (second === 0 && (operation === Op.divide || operation === Op.modulo)) return false;
        a = calculate(operation, a, second);
      }
    }
  }
  return false;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

/** The offset X + k where `size` bytes lie within the packet, otherwise -1. Sums that wrap lie without. */
function indexed(x: number, k: number, size: number, length: number): number {
  const at = (x >>> 0) + (k >>> 0);
  return at + size > length ? -1 : at;
}

/** -1 for what is not known here: such a load rejects. */
function ancillaryValue(k: number, context: PacketContext): number {
  switch (k >>> 0) {
    case ancillary.packetType:
      return context.outgoing ? packetOutgoing : 0;
    case ancillary.vlanTagPresent:
      return context.vlan >= 0 ? 1 : 0;
    case ancillary.vlanTag:
      return Math.max(context.vlan, 0);
    default:
      return -1;
  }
}
