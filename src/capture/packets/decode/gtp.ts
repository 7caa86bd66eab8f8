import {type Decoded, Inner, u8} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const userPacket = 255;
const maxExtensions = 8;

/** GTP-U version 1, which carries a phone's IP packets through a mobile network. */
export function decodeGtp(d: Decoded): void {
  const {bytes, payload: from, payloadEnd: end} = d;
  if (from + 8 > end) {
    d.missing(DecodeEvents['gtp.too_short']);
    return;
  }
  const flags = u8(bytes, from);
  const isVersion1 = (flags & 0xf0) === 0x30;
  if (!isVersion1 || !d.enter(Layers.gtp, from) || u8(bytes, from + 1) !== userPacket) return;
  // Any of the three optional fields makes room for all.
  const at = (flags & 7) === 0 ? from + 8 : skipExtensions(d, from + 12, (flags & 4) !== 0);
  if (at > 0 && at < end) d.carries(Inner.ip, at);
}

function skipExtensions(d: Decoded, from: number, present: boolean): number {
  const {bytes, payloadEnd: end} = d;
  if (!present) return from;
  let at = from;
  for (let count = 0; count < maxExtensions && at <= end; count++) {
    if (u8(bytes, at - 1) === 0) return at;
    const length = at < end ? u8(bytes, at) * 4 : 0;
    if (length === 0) return -1;
    at += length;
  }
  return -1;
}
