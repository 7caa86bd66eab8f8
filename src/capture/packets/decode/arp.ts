import {arpProtocol, type Decoded, i32, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

/** ARP and RARP for IPv4 over link addresses of any length. */
export function decodeArp(d: Decoded, at: number): void {
  const {bytes} = d;
  if (!d.enter(Layers.arp, at)) return;
  if (at + 8 > d.end) {
    d.missing(DecodeEvents['arp.too_short']);
    return;
  }
  d.network = at;
  d.protocol = arpProtocol;
  d.arpOperation = u16(bytes, at + 6);
  const hardwareLength = u8(bytes, at + 4);
  if (u16(bytes, at + 2) !== 0x0800 || u8(bytes, at + 5) !== 4) {
    d.note(DecodeEvents['arp.unsupported']);
    return;
  }
  const sender = at + 8 + hardwareLength;
  const target = sender + 4 + hardwareLength;
  if (sender + 4 <= d.end) d.s3 = i32(bytes, sender);
  if (target + 4 > d.end) {
    d.missing(DecodeEvents['arp.too_short']);
    return;
  }
  d.family = 4;
  d.d3 = i32(bytes, target);
}
