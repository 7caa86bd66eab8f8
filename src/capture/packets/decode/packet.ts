import type {RawPacket} from '../backend.ts';
import type {Decoded} from './decoded.ts';
import {decodeEthernet} from './ethernet.ts';
import {decodeNetwork, decodeRaw} from './network.ts';

/** Decodes one packet into `d`, in place. Never throws, never reads past `raw.end`. */
export function decodePacket(d: Decoded, raw: RawPacket): void {
  d.begin(raw.bytes, raw.start, raw.end, raw.wire, raw.time);
  d.outgoing = raw.outgoing;
  d.vlan = raw.vlan;
  if (raw.link === 'ethernet') decodeEthernet(d);
  else if (raw.link === 'raw') decodeRaw(d);
  else decodeNetwork(d, raw.etherType, raw.start);
}
