import {type Decoded, Inner, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const control = 0x8000;
const hasLength = 0x4000;
const hasSequence = 0x0800;
const hasOffset = 0x0200;
const versionBits = 0x000f;

/** L2TP version 2 (RFC 2661): a data message carries PPP, a control message nothing. */
export function decodeL2tp(d: Decoded): void {
  const {bytes, payload: from, payloadEnd: end} = d;
  if (from + 6 > end) {
    d.missing(DecodeEvents['l2tp.too_short']);
    return;
  }
  const flags = u16(bytes, from);
  if ((flags & versionBits) !== 2 || !d.enter(Layers.l2tp, from) || (flags & control) !== 0) return;
  let at = from + 6 + ((flags & hasLength) === 0 ? 0 : 2) + ((flags & hasSequence) === 0 ? 0 : 4);
  if ((flags & hasOffset) !== 0) {
    if (at + 2 > end) {
      d.missing(DecodeEvents['l2tp.too_short']);
      return;
    }
    at += 2 + u16(bytes, at);
  }
  if (at < end) d.carries(Inner.ppp, at);
}
