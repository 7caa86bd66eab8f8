import {type Decoded, i32, TcpFlags, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';
import {readPorts} from './ports.ts';

/** What most segments carry: two no-operations and a time stamp, as one word. */
const timestampOnly = 0x0101080a;
const endOfOptions = 0;
const noOperation = 1;
const segmentSize = 2;
const windowScale = 3;
/** Of the options that have one length only. */
const lengthOf: Readonly<Record<number, number>> = {[segmentSize]: 4, [windowScale]: 3, 4: 2, 8: 10};

export function decodeTcp(d: Decoded, at: number): void {
  const {bytes} = d;
  if (!d.enter(Layers.tcp, at)) return;
  readPorts(d, at);
  if (at + 14 > d.ipEnd) {
    d.missing(DecodeEvents['tcp.too_short']);
    return;
  }
  d.transport = at;
  d.tcpSequence = i32(bytes, at + 4);
  d.tcpAcknowledged = i32(bytes, at + 8);
  const headerLength = (u8(bytes, at + 12) >> 4) * 4;
  d.tcpFlags = u16(bytes, at + 12) & 0x0fff;
  if (headerLength < 20 || headerLength > d.payloadLength) {
    d.note(DecodeEvents[headerLength < 20 ? 'tcp.header_too_short' : 'tcp.header_truncated']);
    d.payloadLength = 0;
    return;
  }
  d.payloadLength -= headerLength;
  if (at + 16 > d.ipEnd) {
    d.missing(DecodeEvents['tcp.too_short']);
    return;
  }
  d.tcpWindow = u16(bytes, at + 14);
  const behind = at + headerLength;
  d.tcpOptionsEnd = Math.min(behind, d.ipEnd);
  if (headerLength > 20) readOptions(d, at + 20);
  if (behind > d.ipEnd) {
    d.missing(DecodeEvents['tcp.header_truncated']);
    return;
  }
  d.payload = behind;
  d.payloadEnd = d.ipEnd;
}

function readOptions(d: Decoded, from: number): void {
  const {bytes, tcpOptionsEnd: end} = d;
  if (end - from === 12 && i32(bytes, from) === timestampOnly) return;
  const isSyn = (d.tcpFlags & TcpFlags.syn) !== 0;
  for (let at = from; at < end; ) {
    const kind = u8(bytes, at);
    if (kind === endOfOptions) return;
    if (kind === noOperation) {
      at++;
      continue;
    }
    const length = at + 1 < end ? u8(bytes, at + 1) : 0;
    if (length < 2 || at + length > end) {
      noteBadOption(d, at, length);
      return;
    }
    if (length !== (lengthOf[kind] ?? length)) d.note(DecodeEvents['tcp.invalid_option']);
    else if (isSyn && kind === segmentSize) d.tcpMss = u16(bytes, at + 2);
    else if (isSyn && kind === windowScale) d.tcpWindowScale = u8(bytes, at + 2);
    at += length;
  }
}

/** Cut off by the header's end, or by the capture, or not an option at all. */
function noteBadOption(d: Decoded, at: number, length: number): void {
  const lengthIsThere = at + 1 < d.tcpOptionsEnd;
  if (lengthIsThere && length < 2) d.note(DecodeEvents['tcp.invalid_option']);
  else if (d.tcpOptionsEnd === d.ipEnd && d.ipEnd < d.claimedEnd) d.missing(DecodeEvents['tcp.option_truncated']);
  else d.note(DecodeEvents['tcp.option_truncated']);
}
