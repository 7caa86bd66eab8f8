import {safeTime} from './capture-parser.ts';
import type {CaptureInterface} from './pcapng-interface.ts';

/** Microseconds since 1970, an integer, and the nanoseconds beyond them. */
export interface PacketTime {
  micros: number;
  nanoseconds: number;
}

const word = 2 ** 32;

/** Exact for every resolution, though a double's 53 bits are not enough for nanoseconds since 1970. Fills `into`. */
export function readTime(high: number, low: number, on: CaptureInterface, into: PacketTime): void {
  const offset = on.offsetSeconds * 1_000_000;
  if (on.ticksPerSecond === 1_000_000) {
    into.micros = safeTime(high * word + low + offset);
    into.nanoseconds = 0;
  } else if (on.ticksPerSecond === 1_000_000_000) {
    // Divided by a thousand in two parts, each of which a double holds.
    const rest = (high % 1000) * word + low;
    into.micros = safeTime(Math.floor(high / 1000) * word + Math.floor(rest / 1000) + offset);
    into.nanoseconds = rest % 1000;
  } else {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    // A resolution finer than a double holds exactly, or that is no number: nobody can mean it.
    const perSecond = BigInt(Math.min(on.ticksPerSecond, 2 ** 127));
    const nanoseconds = (ticks * 1_000_000_000n) / perSecond;
    into.micros = safeTime(Number(nanoseconds / 1000n) + offset);
    into.nanoseconds = Number(nanoseconds % 1000n);
  }
}
