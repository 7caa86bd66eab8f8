import {type Decoded, u8} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';
import {decodeNetwork} from './network.ts';

const dataFrame = 2;
const noData = 4;
const qualityOfService = 8;
const toSystem = 1;
const fromSystem = 2;
const protectedFrame = 0x40;
const ordered = 0x80;
const aggregate = 0x80;
// Present bits and flags of radiotap.
const present = {time: 1, flags: 2, more: 0x80};
const checksumAtEnd = 0x10;
const padded = 0x20;

/** Radiotap, which a monitoring wireless card puts before each 802.11 frame. */
export function decodeRadiotap(d: Decoded): void {
  const {bytes, start, end} = d;
  if (!d.enter(Layers.radiotap, start)) return;
  if (start + 8 > end) {
    d.missing(DecodeEvents['radiotap.too_short']);
    return;
  }
  if (u8(bytes, start) !== 0) {
    d.note(DecodeEvents['radiotap.wrong_version']);
  }
  const length = u16le(bytes, start + 2);
  if (length < 8 || start + length > end) {
    d.missing(DecodeEvents['radiotap.too_short']);
    return;
  }
  const flags = radiotapFlags(d, start + length);
  // The frame's checksum is no payload. Where the capture cut the frame it is not there.
  if ((flags & checksumAtEnd) !== 0 && end - start === d.wire && end - 4 >= start + length) {
    d.end -= 4;
    d.wire -= 4;
    d.ipEnd = d.claimedEnd = d.end;
  }
  decodeWlan(d, start + length, (flags & padded) !== 0);
}

/** The flags field: the first after the time stamp, where both are present. */
function radiotapFlags(d: Decoded, end: number): number {
  const {bytes, start} = d;
  const first = u8(bytes, start + 4);
  if ((first & present.flags) === 0) return 0;
  let at = start + 4;
  while (at + 4 <= end && (u8(bytes, at + 3) & present.more) !== 0) at += 4;
  at += 4;
  // The time stamp is aligned to eight bytes within the header.
  if ((first & present.time) !== 0) at = start + ((at - start + 7) & ~7) + 8;
  return at < end ? u8(bytes, at) : 0;
}

/** An 802.11 frame from `at` on: only clear data frames carry packets that can be read. */
export function decodeWlan(d: Decoded, at: number, isPadded = false): void {
  const {bytes, end} = d;
  if (!d.enter(Layers.wlan, at)) return;
  d.linkLength = at - d.start;
  if (at + 2 > end) {
    d.missing(DecodeEvents['wlan.too_short']);
    return;
  }
  const control = u8(bytes, at);
  const flags = u8(bytes, at + 1);
  if ((control & 0x0f) >> 2 !== dataFrame || (control & 3) !== 0) return;
  const subtype = control >> 4;
  const length = headerLength(subtype, flags);
  if (at + length > end) {
    d.missing(DecodeEvents['wlan.too_short']);
    return;
  }
  setMacs(d, at, flags);
  // A fragment other than the first has no LLC header.
  const isLaterFragment = (u8(bytes, at + 22) & 0x0f) !== 0;
  if ((subtype & noData) !== 0 || (flags & protectedFrame) !== 0 || isLaterFragment) return;
  const behind = at + (isPadded ? (length + 3) & ~3 : length);
  decodeNetwork(d, 0, behind + (isAggregate(d, at, subtype, flags) ? 14 : 0));
}

function headerLength(subtype: number, flags: number): number {
  const four = (flags & 3) === (toSystem | fromSystem) ? 6 : 0;
  const quality = (subtype & qualityOfService) === 0 ? 0 : (flags & ordered) === 0 ? 2 : 6;
  return 24 + four + quality;
}

/** Several frames in one, each behind a header of destination, source and length: the first is decoded. */
function isAggregate(d: Decoded, at: number, subtype: number, flags: number): boolean {
  if ((subtype & qualityOfService) === 0) return false;
  const four = (flags & 3) === (toSystem | fromSystem) ? 6 : 0;
  return (u8(d.bytes, at + 24 + four) & aggregate) !== 0;
}

/** Which of the addresses is whose depends on the way: to the distribution system, from it, through it, or past it. */
function setMacs(d: Decoded, at: number, flags: number): void {
  d.destinationMac = at + ((flags & toSystem) === 0 ? 4 : 16);
  if ((flags & fromSystem) === 0) d.sourceMac = at + 10;
  else d.sourceMac = at + ((flags & toSystem) === 0 ? 16 : 24);
}

function u16le(bytes: Uint8Array, at: number): number {
  return u8(bytes, at) | (u8(bytes, at + 1) << 8);
}
