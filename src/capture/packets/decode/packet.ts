import type {RawPacket} from '../backend.ts';
import {decodeNull, decodeSll, decodeSll2} from './cooked.ts';
import {type Decoded, EtherTypes, Inner} from './decoded.ts';
import {decodeEthernet} from './ethernet.ts';
import {DecodeEvents} from './events.ts';
import {decodeIp, decodeNetwork, decodeRaw} from './network.ts';
import {skipPpp, skipPppoe} from './ppp.ts';
import {decodeCiscoHdlc, decodeFrameRelay, decodeNflog, decodePktap} from './rare-links.ts';
import {decodeRadiotap, decodeWlan} from './wlan.ts';

/** Decodes one packet into `d`, in place. Never throws, never reads past `raw.end`. */
export function decodePacket(d: Decoded, raw: RawPacket): void {
  d.begin(raw.bytes, raw.start, raw.end, raw.wire, raw.time);
  d.outgoing = raw.outgoing;
  d.vlan = raw.vlan;
  if (raw.vlan >= 0) d.vlanDepth = 1;
  if (raw.link === 'ethernet') decodeEthernet(d);
  else decodeLink(d, raw);
}

/**
 * Decodes the packet that `outer` carries in a tunnel into `d`, as a packet of its own. False where there is none. Call
 * it with two objects in turn to follow tunnels in tunnels: layers are counted over all, so it ends.
 *
 * @example
 * for (let [outer, inner] = [a, b]; decodeInner(outer, inner); [outer, inner] = [inner, outer]) flows.add(inner, face);
 */
export function decodeInner(outer: Decoded, d: Decoded): boolean {
  if (outer.inner < 0) return false;
  const {inner, innerKind, innerType} = outer;
  const end = outer.payload >= 0 ? outer.payloadEnd : outer.ipEnd;
  d.begin(outer.bytes, inner, end, Math.max(outer.claimedEnd - inner, end - inner), outer.time);
  d.outgoing = outer.outgoing;
  d.layersAround = outer.layersAround + outer.layerCount;
  if (innerKind === Inner.ethernet) decodeEthernet(d);
  else if (innerKind === Inner.network) decodeNetwork(d, innerType, inner);
  else if (innerKind === Inner.ip) decodeIp(d, inner);
  else decodePpp(d, inner);
  return true;
}

/**
 * Decodes the packet that an ICMP error quotes: its addresses and ports are those of a packet that was sent before, the
 * other way. False where it quotes none. What `d.event` says is not to be counted: quotes are cut by design.
 */
export function decodeQuoted(error: Decoded, d: Decoded): boolean {
  if (error.quoted < 0) return false;
  const at = error.quoted;
  // A wire length that the quote cannot have marks what is missing as cut.
  d.begin(error.bytes, at, error.ipEnd, 0x10000, error.time);
  d.layersAround = error.layersAround + error.layerCount;
  decodeIp(d, at);
  return true;
}

function decodeLink(d: Decoded, raw: RawPacket): void {
  switch (raw.link) {
    case 'ethernet':
      decodeEthernet(d);
      break;
    case 'raw':
      decodeRaw(d);
      break;
    case 'ipv4':
      decodeNetwork(d, EtherTypes.ipv4, raw.start);
      break;
    case 'ipv6':
      decodeNetwork(d, EtherTypes.ipv6, raw.start);
      break;
    case 'network':
      decodeNetwork(d, raw.etherType, raw.start);
      break;
    case 'null':
      decodeNull(d);
      break;
    case 'sll':
      decodeSll(d);
      break;
    case 'sll2':
      decodeSll2(d);
      break;
    case 'radiotap':
      decodeRadiotap(d);
      break;
    case 'wlan':
      decodeWlan(d, raw.start);
      break;
    case 'ppp':
      decodePpp(d, raw.start);
      break;
    case 'pppoe':
      behind(d, skipPppoe(d, raw.start));
      break;
    case 'chdlc':
      decodeCiscoHdlc(d);
      break;
    case 'frame-relay':
      decodeFrameRelay(d);
      break;
    case 'pktap':
      decodePktap(d);
      break;
    case 'nflog':
      decodeNflog(d);
      break;
    case 'unsupported':
      d.note(DecodeEvents['link.unsupported']);
      break;
    default:
      raw.link satisfies never;
  }
}

function decodePpp(d: Decoded, at: number): void {
  behind(d, skipPpp(d, at));
}

function behind(d: Decoded, at: number): void {
  if (at >= 0) decodeNetwork(d, d.etherType, at);
}
