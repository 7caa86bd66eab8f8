import {type Decoded, i32, TcpFlags, u8, u16} from '../../capture/packets/decode/decoded.ts';

/** Combinations of TCP flags that no connection has. */
export const stealthKinds = ['', 'NULL', 'FIN', 'XMAS', 'SYN+FIN', 'odd flags'] as const;

/** What nmap's -O sends (Fyodor, "Remote OS Detection", 2007); a bit each. */
export const evidenceNames = [
  'a SYN with ECN flags, a reserved bit and an urgent pointer',
  'a segment without flags, window 128',
  'SYN, FIN, URG and PSH together',
  'a SYN with window 31337',
  'an ACK with the options of a SYN',
  'FIN, PSH and URG with window 65535',
  'an echo request with code 9',
  'a datagram of 300 times C to a closed port',
] as const;

const {fin, syn, rst, psh, ack, urg, ece, cwr} = TcpFlags;
const reserved = 0xe00;
const kindOf = Uint8Array.from({length: 64}, (_, flags) => kind(flags));
const synOptions = 20;

/** Index into `stealthKinds`; 0 for what is ordinary. A FIN always carries an ACK, but for a scanner's. */
export function stealthKind(flags: number): number {
  return kindOf[flags & 63] ?? 0;
}

/** A bit of `evidenceNames`, or 0. A few comparisons for what is ordinary. */
export function tcpEvidence(d: Decoded): number {
  const flags = d.tcpFlags & 63;
  if (flags === ack) return hasSynOptions(d) ? 16 : 0;
  if (flags === (ack | psh)) return 0;
  if (flags === syn) {
    if (d.tcpWindow === 31_337) return 8;
    const isEcn = (d.tcpFlags & (ece | cwr)) === (ece | cwr);
    return isEcn && (d.tcpFlags & reserved) !== 0 && u16(d.bytes, d.transport + 18) !== 0 ? 1 : 0;
  }
  if (flags === 0) return d.tcpWindow === 128 ? 2 : 0;
  if (flags === (syn | fin | urg | psh)) return 4;
  return flags === (fin | psh | urg) && d.tcpWindow === 65_535 && d.tcpOptionsEnd - d.transport > 20 ? 32 : 0;
}

export function icmpEvidence(d: Decoded): number {
  return (d.icmpType === 8 || d.icmpType === 128) && d.icmpCode === 9 ? 64 : 0;
}

export function udpEvidence(d: Decoded): number {
  if (d.payloadLength !== 300 || d.payload < 0 || d.payload + 8 > d.payloadEnd) return 0;
  return i32(d.bytes, d.payload) === 0x43434343 && i32(d.bytes, d.payload + 4) === 0x43434343 ? 128 : 0;
}

/** A segment size is told with a SYN only. */
function hasSynOptions(d: Decoded): boolean {
  if (d.tcpWindow !== 1024 && d.tcpWindow !== 32_768) return false;
  const options = d.transport + 20;
  if (d.tcpOptionsEnd - options !== synOptions) return false;
  for (let at = options; at + 4 <= d.tcpOptionsEnd; ) {
    const option = u8(d.bytes, at);
    if (option === 2) return true;
    if (option === 0) return false;
    at += option === 1 ? 1 : Math.max(2, u8(d.bytes, at + 1));
  }
  return false;
}

function kind(flags: number): number {
  if ((flags & syn) !== 0) return (flags & fin) !== 0 ? 4 : (flags & (rst | urg)) !== 0 ? 5 : 0;
  if ((flags & (ack | rst)) !== 0) return 0;
  if (flags === 0) return 1;
  if ((flags & fin) === 0) return 5;
  return (flags & (psh | urg)) === (psh | urg) ? 3 : 2;
}
