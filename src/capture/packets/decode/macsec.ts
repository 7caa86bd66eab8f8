import {type Decoded, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const hasChannel = 0x20;
const encrypted = 0x08;
const changed = 0x04;

/** MACsec (802.1AE): what is only protected against change can be read, what is encrypted not. */
export function skipMacsec(d: Decoded, at: number): number {
  if (!d.enter(Layers.macsec, at)) return -1;
  d.linkLength = at - d.start;
  if (at + 6 > d.end) {
    d.missing(DecodeEvents['macsec.too_short']);
    return -1;
  }
  const control = u8(d.bytes, at);
  if ((control & (encrypted | changed)) !== 0) return -1;
  const behind = at + ((control & hasChannel) === 0 ? 6 : 14);
  if (behind + 2 > d.end) {
    d.missing(DecodeEvents['macsec.too_short']);
    return -1;
  }
  d.etherType = u16(d.bytes, behind);
  return behind + 2;
}
