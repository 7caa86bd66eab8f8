import {type Decoded, Inner} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

/** The service tag of a provider backbone bridge (802.1ah): the customer's whole frame follows. */
export function skipPbb(d: Decoded, at: number): number {
  if (!d.enter(Layers.pbb, at)) return -1;
  d.linkLength = at - d.start;
  if (at + 4 > d.end) d.missing(DecodeEvents['pbb.too_short']);
  else d.carries(Inner.ethernet, at + 4);
  return -1;
}
