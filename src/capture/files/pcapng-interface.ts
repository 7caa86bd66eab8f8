import type {LinkKind} from '../packets/backend.ts';
import {linkOf} from './link-types.ts';

/** What an interface description block says. */
export interface CaptureInterface {
  readonly link: LinkKind;
  readonly name: string;
  readonly snapLength: number;
  readonly ticksPerSecond: number;
  readonly offsetSeconds: number;
}

const option = {end: 0, name: 2, resolution: 9, offset: 14} as const;
const longestName = 64;

/** Reads the block's body, `from` to `to`; damaged options are left out. */
export function readInterface(view: DataView, from: number, to: number, littleEndian: boolean): CaptureInterface {
  let ticksPerSecond = 1_000_000;
  let offsetSeconds = 0;
  let name = '';
  for (let at = from + 8; at + 4 <= to; ) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === option.end || at + 4 + length > to) break;
    if (code === option.name) name = text(view, at + 4, length);
    if (code === option.resolution && length >= 1) ticksPerSecond = resolution(view.getUint8(at + 4));
    if (code === option.offset && length >= 8) offsetSeconds = Number(view.getBigInt64(at + 4, littleEndian));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const link = linkOf(view.getUint16(from, littleEndian));
  return {link, name, snapLength: view.getUint32(from + 4, littleEndian), ticksPerSecond, offsetSeconds};
}

/** A power of ten, or of two with the top bit. */
function resolution(value: number): number {
  return (value & 0x80) === 0 ? 10 ** value : 2 ** (value & 0x7f);
}

function text(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, Math.min(length, longestName));
  // Printable ASCII: it goes on the screen, and interfaces have no other names.
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '');
}
