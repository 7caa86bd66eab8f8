import {u8, u16, u24} from '../decoded.ts';
import {fingerprints} from './tls-fingerprints.ts';
import {readHello, type TlsHello} from './tls-hello.ts';

export interface TlsFacts {
  readonly kind: 'tls-client' | 'tls-server';
  /** `1.3`: the highest that a client offers, or what the server chose. */
  readonly version: string;
  readonly serverName: string;
  readonly applicationProtocols: readonly string[];
  /** Of the server: its choice, as the registered number. Of a client: -1. */
  readonly cipher: number;
  /** JA3 of a client, JA3S of a server; '' where the message is not all there. */
  readonly ja3: string;
  /** Of a client only. */
  readonly ja4: string;
  /** False where the hello goes on in the next segment: join the two and read again. */
  readonly complete: boolean;
}

const changeCipherSpec = 20;
const handshake = 22;
const versionNames: Readonly<Record<number, string>> = {
  768: 'SSL 3',
  769: '1.0',
  770: '1.1',
  771: '1.2',
  772: '1.3',
};
const largestHello = 16_384;

/** The hello that a TLS stream begins with, in one record or several. Undefined where it begins otherwise. */
export function parseTls(bytes: Uint8Array, from: number, end: number): TlsFacts | undefined {
  const start = afterCipherChange(bytes, from, end);
  if (!isHandshakeRecord(bytes, start, end)) return undefined;
  const record = start + 5;
  const recordEnd = Math.min(end, record + u16(bytes, start + 3));
  const helloEnd = record + 4 + (record + 4 <= recordEnd ? u24(bytes, record + 1) : 0);
  if (helloEnd <= recordEnd || recordEnd === end) return factsOf(readHello(bytes, record, recordEnd), 't');
  const joined = joinRecords(bytes, start, end);
  return factsOf(readHello(joined, 0, joined.length), 't');
}

/** What a flow table asks first: cheap, and false for nearly every packet. */
export function looksLikeTls(bytes: Uint8Array, start: number, end: number): boolean {
  return isHandshakeRecord(bytes, afterCipherChange(bytes, start, end), end);
}

/** A client that is asked for another hello sends a change of ciphers first, which means nothing (RFC 8446, D.4). */
function afterCipherChange(bytes: Uint8Array, at: number, end: number): number {
  const isChange = at + 6 <= end && u8(bytes, at) === changeCipherSpec && u16(bytes, at + 3) === 1;
  return isChange ? at + 6 : at;
}

export function factsOf(hello: TlsHello | undefined, transport: 't' | 'q'): TlsFacts | undefined {
  if (!hello) return undefined;
  const version = Math.max(...(hello.versions.length > 0 ? hello.versions : [hello.legacyVersion]));
  const known = hello.complete ? fingerprints(hello, transport) : undefined;
  return {
    kind: hello.client ? 'tls-client' : 'tls-server',
    version: versionNames[version] ?? `0x${version.toString(16).padStart(4, '0')}`,
    serverName: hello.serverName,
    applicationProtocols: hello.applicationProtocols,
    cipher: hello.client ? -1 : (hello.ciphers[0] ?? -1),
    ja3: known?.ja3 ?? '',
    ja4: known?.ja4 ?? '',
    complete: hello.complete,
  };
}

/** A record of version 3.x that begins with a client's or server's hello. */
function isHandshakeRecord(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 6 > end || u8(bytes, at) !== handshake || u8(bytes, at + 1) !== 3 || u8(bytes, at + 2) > 4) return false;
  const type = u8(bytes, at + 5);
  return type === 1 || type === 2;
}

/** The content of the handshake records that follow each other from `start` on. */
function joinRecords(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let at = start; at + 5 <= end && u8(bytes, at) === handshake && length < largestHello; ) {
    const stop = at + 5 + u16(bytes, at + 3);
    parts.push(bytes.subarray(at + 5, Math.min(stop, end)));
    length += Math.min(stop, end) - at - 5;
    at = stop;
  }
  return Buffer.concat(parts).subarray(0, largestHello);
}
