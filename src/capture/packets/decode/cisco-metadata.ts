import {type Decoded, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const version = 1;

/** Cisco's security group tag: version, length, options and the group, then the EtherType. In GRE the EtherType is first. */
export function skipCiscoMetaData(d: Decoded, at: number): number {
  if (!d.enter(Layers.cmd, at)) return -1;
  d.linkLength = at - d.start;
  if (at + 8 > d.end) {
    d.missing(DecodeEvents['cmd.too_short']);
    return -1;
  }
  d.etherType = u16(d.bytes, u8(d.bytes, at) === version ? at + 6 : at);
  return at + 8;
}
