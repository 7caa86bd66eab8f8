import {type Decoded, Inner, i32, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {decodeGtp} from './gtp.ts';
import {decodeL2tp} from './l2tp.ts';
import {Layers} from './layers.ts';
import {decodeTeredo} from './teredo.ts';

const vxlanPort = 4789;
/** What Linux used before the number was given out, and overlays still do. */
const oldVxlanPort = 8472;
const vxlanGpePort = 4790;
const genevePort = 6081;
const teredoPort = 3544;
const l2tpPort = 1701;
const gtpPort = 2152;
const ipsecPort = 4500;
const validId = 0x08;
const nextProtocolBit = 0x04;
const transparentEthernet = 0x6558;
/** Next protocols of VXLAN-GPE as EtherTypes. */
const gpeTypes: Readonly<Record<number, number>> = {1: 0x0800, 2: 0x86dd, 4: 0x894f, 5: 0x8847};
const gpeEthernet = 3;

/** The tunnels that run over UDP, told by their port and by what their headers must hold. */
export function decodeUdpTunnel(d: Decoded): void {
  if (!byPort(d, d.destinationPort)) byPort(d, d.sourcePort);
}

function byPort(d: Decoded, port: number): boolean {
  switch (port) {
    case vxlanPort:
    case oldVxlanPort:
    case vxlanGpePort:
      decodeVxlan(d, port);
      return true;
    case genevePort:
      decodeGeneve(d);
      return true;
    case teredoPort:
      decodeTeredo(d);
      return true;
    case l2tpPort:
      decodeL2tp(d);
      return true;
    case ipsecPort:
      decodeEncapsulatedEsp(d);
      return true;
    case gtpPort:
      decodeGtp(d);
      return true;
    default:
      return false;
  }
}

/** ESP behind a NAT (RFC 3948). IKE on the same port begins with four zero bytes, a keep-alive is one byte. */
function decodeEncapsulatedEsp(d: Decoded): void {
  const {payload: at, payloadEnd} = d;
  if (at + 4 <= payloadEnd && i32(d.bytes, at) !== 0) d.enter(Layers.esp, at);
}

function decodeVxlan(d: Decoded, port: number): void {
  const {bytes, payload: at} = d;
  const isUsual = port === vxlanPort;
  if (at + 8 > d.payloadEnd) {
    if (isUsual) d.missing(DecodeEvents['vxlan.too_short']);
    return;
  }
  const flags = u8(bytes, at);
  if ((flags & validId) === 0) {
    if (isUsual) d.note(DecodeEvents['vxlan.wrong_flags']);
    return;
  }
  if (port === oldVxlanPort && flags !== validId) return;
  if (!d.enter(Layers.vxlan, at)) return;
  const next = port === vxlanGpePort && (flags & nextProtocolBit) !== 0 ? u8(bytes, at + 3) : gpeEthernet;
  const type = gpeTypes[next];
  if (next === gpeEthernet) d.carries(Inner.ethernet, at + 8);
  else if (type !== undefined) d.carries(Inner.network, at + 8, type);
}

function decodeGeneve(d: Decoded): void {
  const {bytes, payload: at} = d;
  if (at + 8 > d.payloadEnd) {
    d.missing(DecodeEvents['geneve.too_short']);
    return;
  }
  if (u8(bytes, at) >> 6 !== 0) {
    d.note(DecodeEvents['geneve.wrong_version']);
    return;
  }
  if (!d.enter(Layers.geneve, at)) return;
  const behind = at + 8 + (u8(bytes, at) & 0x3f) * 4;
  if (behind > d.payloadEnd) {
    d.missing(DecodeEvents['geneve.too_short']);
    return;
  }
  const type = u16(bytes, at + 2);
  if (type === transparentEthernet) d.carries(Inner.ethernet, behind);
  else if (type >= 0x0600) d.carries(Inner.network, behind, type);
}
