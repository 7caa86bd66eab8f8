import type {CaptureParser} from './capture-parser.ts';
import {PcapParser, pcapForm} from './pcap.ts';
import {isPcapng, PcapngParser} from './pcapng.ts';

/** The parser for a file that begins with these bytes, or undefined where they are no capture. */
export function openParser(beginning: Uint8Array): CaptureParser | undefined {
  if (isPcapng(beginning)) return new PcapngParser();
  return pcapForm(beginning) ? new PcapParser() : undefined;
}

export function isGzip(beginning: Uint8Array): boolean {
  return beginning[0] === 0x1f && beginning[1] === 0x8b;
}
