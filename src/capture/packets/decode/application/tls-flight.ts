import {u8, u16, u24} from '../decoded.ts';

const handshake = 22;
const certificate = 11;
/** No server cuts its messages smaller, and each look costs as much as there are. */
const mostRecords = 64;

/**
 * The server's own certificate in what it sends from its hello on, which in TLS up to 1.2 is its next message. `more`:
 * it is not all there yet; `none`: it does not come.
 */
export function leafCertificate(stream: Uint8Array): Uint8Array | 'more' | 'none' {
  const {messages, isOver} = handshakeMessages(stream);
  const missing = isOver ? 'none' : 'more';
  if (messages.length < 4) return missing;
  const at = 4 + u24(messages, 1);
  if (messages.length <= at) return missing;
  if (u8(messages, at) !== certificate) return 'none';
  // The message's length, the list's, the first certificate's.
  if (messages.length < at + 10) return missing;
  const length = u24(messages, at + 7);
  if (length === 0 || length + 3 > u24(messages, at + 4)) return 'none';
  const start = at + 10;
  return start + length <= messages.length ? messages.subarray(start, start + length) : missing;
}

/** The content of the handshake records in a row, and whether another kind of record follows. */
function handshakeMessages(stream: Uint8Array): {readonly messages: Uint8Array; readonly isOver: boolean} {
  const parts: Uint8Array[] = [];
  for (let at = 0; at + 5 <= stream.length; ) {
    if (u8(stream, at) !== handshake || parts.length === mostRecords)
      return {messages: Buffer.concat(parts), isOver: true};
    const next = at + 5 + u16(stream, at + 3);
    parts.push(stream.subarray(at + 5, Math.min(next, stream.length)));
    at = next;
  }
  return {messages: Buffer.concat(parts), isOver: false};
}
