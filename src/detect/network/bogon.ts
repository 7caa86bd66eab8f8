import type {Decoded} from '../../capture/packets/decode/decoded.ts';

/** Why a source address cannot be one that packets come from, or undefined. Private and link-local ones can. */
export function bogonKind(d: Decoded): string | undefined {
  return d.family === 4 ? bogonIpv4(d.s3) : bogonIpv6(d);
}

/** The source is an address that only a machine's own programs use. */
export function isLoopback(d: Decoded): boolean {
  if (d.family === 4) return d.s3 >>> 24 === 127;
  return d.s0 === 0 && d.s1 === 0 && d.s2 === 0 && d.s3 === 1;
}

function bogonIpv4(word: number): string | undefined {
  const first = word >>> 24;
  // 0.0.0.0 is how a machine without an address asks for one.
  if (first === 0 && word !== 0) return 'an address of network 0, which is never assigned';
  if (first === 127) return 'a loopback address, which never leaves a machine';
  if (first >= 224 && first < 240) return 'a multicast address, which cannot send';
  if (first >= 240) return 'a reserved address, which is never assigned';
  const network = word >>> 8;
  if (network === 0xc00002 || network === 0xc63364 || network === 0xcb0071) return 'an address kept for documentation';
  return undefined;
}

function bogonIpv6(d: Decoded): string | undefined {
  if (d.s0 >>> 24 === 0xff) return 'a multicast address, which cannot send';
  if (isLoopback(d)) return 'the loopback address, which never leaves a machine';
  if (d.s0 === 0x20010db8) return 'an address kept for documentation';
  return undefined;
}
