import {arpProtocol, type Decoded, DecodeEvents, i32, u8, u16} from './decoded.ts';

/** ARP for IPv4 over a 6-byte link address: what every Ethernet uses. */
export function decodeArp(d: Decoded, at: number): void {
  const {bytes} = d;
  if (at + 8 > d.end) {
    d.missing(DecodeEvents['arp.truncated']);
    return;
  }
  d.network = at;
  d.protocol = arpProtocol;
  d.arpOperation = u16(bytes, at + 6);
  const usual = u16(bytes, at + 2) === 0x0800 && u8(bytes, at + 4) === 6 && u8(bytes, at + 5) === 4;
  if (!usual) {
    d.events |= DecodeEvents['arp.unsupported'];
    return;
  }
  if (at + 28 > d.end) {
    d.missing(DecodeEvents['arp.truncated']);
    return;
  }
  d.family = 4;
  d.s3 = i32(bytes, at + 14);
  d.d3 = i32(bytes, at + 24);
}
