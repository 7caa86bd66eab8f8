import {type Decoded, Inner, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const authentication = 0x0001;
const origin = 0x0000;

/** IPv6 over UDP (RFC 4380), behind an authentication and an origin indication where they are. */
export function decodeTeredo(d: Decoded): void {
  const {bytes, payloadEnd: end} = d;
  let at = d.payload;
  if (at + 2 <= end && u16(bytes, at) === authentication) {
    if (at + 4 > end) {
      d.missing(DecodeEvents['teredo.too_short']);
      return;
    }
    at += 13 + u8(bytes, at + 2) + u8(bytes, at + 3);
  }
  if (at + 2 <= end && u16(bytes, at) === origin) at += 8;
  if (at >= end) {
    d.missing(DecodeEvents['teredo.too_short']);
    return;
  }
  if (u8(bytes, at) >> 4 !== 6) return;
  if (d.enter(Layers.teredo, d.payload)) d.carries(Inner.network, at, 0x86dd);
}
