import {type Decoded, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const maxTags = 8;

export function isTag(etherType: number): boolean {
  return etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100;
}

/** One 802.1Q or 802.1ad tag, eight in a row at the most. */
export function skipTag(d: Decoded, at: number): number {
  if (d.vlanDepth >= maxTags) {
    d.note(DecodeEvents['vlan.too_many']);
    return -1;
  }
  if (!d.enter(Layers.vlan, at)) return -1;
  if (at + 4 > d.end) {
    if (at + 2 <= d.end && d.vlan < 0) d.vlan = u16(d.bytes, at) & 0xfff;
    d.missing(DecodeEvents['vlan.too_short']);
    return -1;
  }
  if (d.vlan < 0) d.vlan = u16(d.bytes, at) & 0xfff;
  d.vlanDepth++;
  d.etherType = u16(d.bytes, at + 2);
  return at + 4;
}
