import {type Decoded, EtherTypes, Inner, i32, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const maxLabels = 16;
const bottom = 0x100;
const firstUnreserved = 16;
/** Reserved labels that RFC 3032 and its successors give a meaning: explicit null, router alert, ELI, GAL, OAM, extension. */
const knownReserved = [0, 1, 2, 3, 7, 13, 14, 15];

/** A stack of MPLS labels. Nothing in it says what follows: the first nibble does, as routers guess it too. */
export function skipMpls(d: Decoded, from: number): number {
  let at = from;
  for (let count = 0; ; count++) {
    if (count === maxLabels) {
      d.note(DecodeEvents['mpls.too_many']);
      return -1;
    }
    if (!d.enter(Layers.mpls, at)) return -1;
    if (at + 4 > d.end) {
      d.missing(DecodeEvents['mpls.too_short']);
      return -1;
    }
    const entry = i32(d.bytes, at);
    const label = entry >>> 12;
    if (label < firstUnreserved && !knownReserved.includes(label)) d.note(DecodeEvents['mpls.reserved_label']);
    at += 4;
    if ((entry & bottom) !== 0) return behindLabels(d, at);
  }
}

function behindLabels(d: Decoded, at: number): number {
  d.linkLength = at - d.start;
  if (at >= d.end) {
    d.missing(DecodeEvents['mpls.too_short']);
    return -1;
  }
  const nibble = u8(d.bytes, at) >> 4;
  if (nibble === 4 || nibble === 6) {
    d.etherType = nibble === 4 ? EtherTypes.ipv4 : EtherTypes.ipv6;
    return at;
  }
  // Nothing says that a pseudowire carries Ethernet, nor whether its control word comes first: a known EtherType does.
  if (nibble === 0 && isFrame(d, at + 4)) d.carries(Inner.ethernet, at + 4);
  else if (isFrame(d, at)) d.carries(Inner.ethernet, at);
  else d.note(DecodeEvents['mpls.unknown_payload']);
  return -1;
}

const commonTypes: readonly number[] = [...Object.values(EtherTypes), 0x8100, 0x88a8, 0x8863, 0x88cc, 0x8848];

function isFrame(d: Decoded, at: number): boolean {
  return at + 14 <= d.end && commonTypes.includes(u16(d.bytes, at + 12));
}
