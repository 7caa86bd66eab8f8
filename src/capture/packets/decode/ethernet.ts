import {type Decoded, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';
import {decodeNetwork} from './network.ts';

/** Ethernet II, and 802.3 with its length where the type would be. */
export function decodeEthernet(d: Decoded, at = d.start): void {
  if (!d.enter(Layers.ethernet, at)) return;
  if (d.end - at < 14) {
    d.missing(DecodeEvents['ethernet.too_short']);
    return;
  }
  d.destinationMac = at;
  d.sourceMac = at + 6;
  d.linkLength = at + 14 - d.start;
  decodeNetwork(d, u16(d.bytes, at + 12), at + 14);
}
