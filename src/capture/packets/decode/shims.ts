import {skipCiscoMetaData} from './cisco-metadata.ts';
import {type Decoded, EtherTypes} from './decoded.ts';
import {skipLlc} from './llc.ts';
import {skipMacsec} from './macsec.ts';
import {skipMpls} from './mpls.ts';
import {skipNsh} from './nsh.ts';
import {skipPbb} from './pbb.ts';
import {skipPppoe} from './ppp.ts';
import {isTag, skipTag} from './vlan.ts';

const smallestType = 0x0600;
const mplsMulticast = 0x8848;
const nsh = 0x894f;
const pbb = 0x88e7;
const macsec = 0x88e5;
const ciscoMetaData = 0x8909;

/**
 * What may lie between a link header and the network layer. Returns where the next layer begins and leaves its type in
 * `d.etherType`; `at` itself where the type is none of these, -1 where decoding ends.
 */
export function skipShim(d: Decoded, etherType: number, at: number): number {
  if (isTag(etherType)) return skipTag(d, at);
  // Below the smallest EtherType the field is an 802.3 length, and LLC follows.
  if (etherType < smallestType) return skipLlc(d, at);
  switch (etherType) {
    case EtherTypes.mpls:
    case mplsMulticast:
      return skipMpls(d, at);
    case EtherTypes.pppoe:
      return skipPppoe(d, at);
    case nsh:
      return skipNsh(d, at);
    case macsec:
      return skipMacsec(d, at);
    case ciscoMetaData:
      return skipCiscoMetaData(d, at);
    case pbb:
      return skipPbb(d, at);
    default:
      return at;
  }
}
