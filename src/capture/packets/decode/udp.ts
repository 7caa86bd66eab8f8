import {type Decoded, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';
import {readPorts} from './ports.ts';
import {decodeUdpTunnel} from './udp-tunnels.ts';

export function decodeUdp(d: Decoded, at: number): void {
  if (!d.enter(Layers.udp, at)) return;
  readPorts(d, at);
  if (at + 8 > d.ipEnd) {
    d.missing(DecodeEvents['udp.too_short']);
    return;
  }
  d.transport = at;
  const length = u16(d.bytes, at + 4);
  if (length !== 0 && length < 8) d.note(DecodeEvents['udp.length_below_header']);
  if (!d.moreFragments && length > d.payloadLength) d.note(DecodeEvents['udp.length_beyond_packet']);
  d.payloadLength = Math.max(0, (length === 0 ? d.payloadLength : length) - 8);
  d.payload = at + 8;
  // Offload leaves a length of 0 in what is larger than a length can say.
  d.claimedEnd = Math.min(d.claimedEnd, d.payload + d.payloadLength);
  d.payloadEnd = Math.min(d.ipEnd, d.claimedEnd);
  decodeUdpTunnel(d);
}

/** UDP whose checksum covers a part only (RFC 3828): the length field says how much. */
export function decodeUdpLite(d: Decoded, at: number): void {
  if (!d.enter(Layers.udplite, at)) return;
  readPorts(d, at);
  if (at + 8 > d.ipEnd) {
    d.missing(DecodeEvents['udplite.too_short']);
    return;
  }
  d.transport = at;
  const coverage = u16(d.bytes, at + 4);
  if ((coverage !== 0 && coverage < 8) || coverage > d.payloadLength) d.note(DecodeEvents['udplite.wrong_coverage']);
  d.payloadLength = Math.max(0, d.payloadLength - 8);
  d.payload = at + 8;
  d.payloadEnd = d.ipEnd;
}
