import {type Decoded, u16} from './decoded.ts';

/** The ports are worth having even where the rest of the header is cut off. */
export function readPorts(d: Decoded, at: number): void {
  if (at + 2 <= d.ipEnd) d.sourcePort = u16(d.bytes, at);
  if (at + 4 > d.ipEnd) return;
  d.destinationPort = u16(d.bytes, at + 2);
  d.hasPorts = true;
}
