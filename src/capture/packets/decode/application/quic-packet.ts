import {createCipheriv, createDecipheriv} from 'node:crypto';
import {i32, u8} from '../decoded.ts';
import {clientInitialKeys, type QuicKeys, quicVersion} from './quic-keys.ts';
import {readVarint} from './varint.ts';

/** A client's Initial packet with its protection taken off. */
export interface QuicInitial {
  readonly version: number;
  readonly destinationId: Buffer;
  readonly payload: Uint8Array;
  /** Where the next packet of the same datagram begins. */
  readonly next: number;
}

const longHeader = 0xc0;
const longestId = 20;
const tagLength = 16;
const sampleLength = 16;

/**
 * The Initial packet at `at`. `firstId` is the connection id that the client's first packet was sent to, where that is
 * known: the keys follow from it. Undefined where it is none, is cut, or does not decrypt: a server's packets do not.
 */
export function openInitial(bytes: Uint8Array, at: number, end: number, firstId?: Uint8Array): QuicInitial | undefined {
  const header = readHeader(bytes, at, end);
  if (!header) return undefined;
  const {destinationId, version, numberAt, next, kind} = header;
  const keys = clientInitialKeys(kind, firstId ?? destinationId);
  const payload = decrypt(bytes, at, numberAt, next, keys);
  return payload && {version, destinationId, payload, next};
}

function readHeader(bytes: Uint8Array, at: number, end: number) {
  if (at + 7 > end || (u8(bytes, at) & longHeader) !== longHeader) return undefined;
  const version = i32(bytes, at + 1) >>> 0;
  const kind = quicVersion(version);
  if (!kind || ((u8(bytes, at) >> 4) & 3) !== kind.initialType) return undefined;
  const idLength = u8(bytes, at + 5);
  const sourceLength = at + 6 + idLength;
  if (idLength > longestId || sourceLength >= end || u8(bytes, sourceLength) > longestId) return undefined;
  const destinationId = Buffer.from(bytes.subarray(at + 6, sourceLength));
  const token = readVarint(bytes, sourceLength + 1 + u8(bytes, sourceLength), end);
  const length = token && readVarint(bytes, token.next + token.value, end);
  if (!length) return undefined;
  const next = length.next + length.value;
  const isThere = next <= end && length.value >= 4 + sampleLength;
  return isThere ? {version, kind, destinationId, numberAt: length.next, next} : undefined;
}

/** Takes off header protection, then the packet's (RFC 9001, 5.3 and 5.4). */
function decrypt(bytes: Uint8Array, at: number, numberAt: number, end: number, keys: QuicKeys): Buffer | undefined {
  const sample = bytes.subarray(numberAt + 4, numberAt + 4 + sampleLength);
  const mask = createCipheriv('aes-128-ecb', keys.headerKey, null).update(sample);
  const first = u8(bytes, at) ^ (u8(mask, 0) & 0x0f);
  const numberLength = (first & 3) + 1;
  const header = Buffer.from(bytes.subarray(at, numberAt + numberLength));
  const nonce = Buffer.from(keys.iv);
  header[0] = first;
  for (let i = 0; i < numberLength; i++) {
    const byte = u8(bytes, numberAt + i) ^ u8(mask, 1 + i);
    header[numberAt - at + i] = byte;
    const place = nonce.length - numberLength + i;
    nonce[place] = u8(nonce, place) ^ byte;
  }
  const decipher = createDecipheriv('aes-128-gcm', keys.key, nonce);
  decipher.setAAD(header);
  decipher.setAuthTag(bytes.subarray(end - tagLength, end));
  const clear = decipher.update(bytes.subarray(numberAt + numberLength, end - tagLength));
  try {
    decipher.final();
    return clear;
  } catch {
    // Not a client's packet, or damaged: the authentication says no. It is not told apart, and need not be.
    return undefined;
  }
}
