import {type Decoded, i32, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const maxExtensions = 16;
const hopByHop = 0;
const routing = 43;
const fragment = 44;
const authentication = 51;
const noNextHeader = 59;
const destinationOptions = 60;
const jumboOption = 0xc2;

const layerOf: Readonly<Record<number, number>> = {
  [hopByHop]: Layers['hop-by-hop options'],
  [routing]: Layers['routing header'],
  [fragment]: Layers['fragment header'],
  [authentication]: Layers.ah,
  [destinationOptions]: Layers['destination options'],
};

/**
 * Walks the extension headers, sixteen at the most: where the transport header begins, or -1. Leaves the protocol found
 * in `d.protocol`. Encryption (ESP) is where it ends, as a protocol of its own.
 */
export function findTransport(d: Decoded, from: number): number {
  const {bytes} = d;
  let at = from;
  for (let count = 0; isExtension(d.protocol); count++) {
    const kind = d.protocol;
    if (!mayEnter(d, kind, at, count)) return -1;
    d.protocol = u8(bytes, at);
    if (kind === fragment) {
      readFragment(d, at);
      at += 8;
      // What follows in a later fragment is data, whatever the header calls it.
      if (d.fragmentOffset !== 0) return at;
      continue;
    }
    const length = kind === authentication ? (u8(bytes, at + 1) + 2) * 4 : (u8(bytes, at + 1) + 1) * 8;
    if (kind === hopByHop) checkHopOptions(d, at, Math.min(at + length, d.ipEnd), count);
    if (kind === routing && u8(bytes, at + 2) === 0) d.note(DecodeEvents['ipv6.routing_type_zero']);
    at += length;
  }
  if (d.protocol === noNextHeader && at < d.ipEnd) d.note(DecodeEvents['ipv6.data_after_no_next_header']);
  return at;
}

function isExtension(protocol: number): boolean {
  return (
    protocol === hopByHop ||
    protocol === routing ||
    protocol === fragment ||
    protocol === authentication ||
    protocol === destinationOptions
  );
}

function mayEnter(d: Decoded, kind: number, at: number, count: number): boolean {
  if (count === maxExtensions) {
    d.note(DecodeEvents['ipv6.extensions_too_many']);
    return false;
  }
  if (at + 8 <= d.ipEnd) return d.enter(layerOf[kind] ?? 0, at);
  d.missing(DecodeEvents['ipv6.extension_truncated']);
  return false;
}

function readFragment(d: Decoded, at: number): void {
  const field = u16(d.bytes, at + 2);
  d.fragmentOffset = field & 0xfff8;
  d.moreFragments = (field & 1) !== 0;
  d.fragmentId = i32(d.bytes, at + 4);
  // An atomic fragment: allowed, but only attacks and old translators make them (RFC 8021).
  if (d.fragmentOffset === 0 && !d.moreFragments) d.note(DecodeEvents['ipv6.useless_fragment_header']);
}

/** The hop-by-hop header comes first or not at all; a jumbo length belongs to a payload length of 0. */
function checkHopOptions(d: Decoded, at: number, end: number, count: number): void {
  const {bytes} = d;
  if (count > 0) d.note(DecodeEvents['ipv6.hop_options_not_first']);
  for (let option = at + 2; option + 2 <= end; ) {
    const kind = u8(bytes, option);
    const length = u8(bytes, option + 1);
    if (kind === jumboOption && (length !== 4 || d.ipLength !== 0)) d.note(DecodeEvents['ipv6.invalid_jumbo_option']);
    option += kind === 0 ? 1 : 2 + length;
  }
}
