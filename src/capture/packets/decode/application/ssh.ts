import {indexOf, startsWith, wireText} from './wire-text.ts';

export interface SshFacts {
  readonly kind: 'ssh';
  /** `2.0` */
  readonly protocol: string;
  /** `OpenSSH_9.6p1 Ubuntu-3` */
  readonly software: string;
}

const longestBanner = 255;

/** The line that each side of an SSH connection begins with (RFC 4253, 4.2). */
export function parseSsh(bytes: Uint8Array, start: number, end: number): SshFacts | undefined {
  if (!startsWith(bytes, start, end, 'SSH-')) return undefined;
  const limit = Math.min(end, start + longestBanner);
  const newline = indexOf(bytes, 0x0a, start, limit);
  const stop = newline < 0 ? limit : bytes[newline - 1] === 0x0d ? newline - 1 : newline;
  const dash = indexOf(bytes, 0x2d, start + 4, stop);
  if (dash < 0) return undefined;
  return {kind: 'ssh', protocol: wireText(bytes, start + 4, dash), software: wireText(bytes, dash + 1, stop)};
}
