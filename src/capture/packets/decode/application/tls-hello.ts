import {u8, u16, u24} from '../decoded.ts';
import {wireText} from './wire-text.ts';

/** A ClientHello or ServerHello as its lists of numbers, in the order of the message, GREASE (RFC 8701) left out. */
export interface TlsHello {
  readonly client: boolean;
  /** The version field of the message itself. */
  readonly legacyVersion: number;
  /** Of supported_versions: what a client offers, or the one that a server chose. */
  readonly versions: readonly number[];
  /** A client's list, or the server's choice. */
  readonly ciphers: readonly number[];
  readonly extensions: readonly number[];
  readonly groups: readonly number[];
  readonly pointFormats: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly serverName: string;
  readonly applicationProtocols: readonly string[];
  /** Every byte that the message claims was there: only then do fingerprints mean anything. */
  readonly complete: boolean;
}

type Lists = {-readonly [K in keyof TlsHello]: TlsHello[K]};

const clientHello = 1;
const serverHello = 2;
const maxExtensions = 100;
const extension = {
  serverName: 0,
  groups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  applicationProtocols: 16,
  versions: 43,
} as const;

/** Reads a handshake message from its type byte on, as far as it is there. Undefined where it is no hello. */
export function readHello(bytes: Uint8Array, start: number, end: number): TlsHello | undefined {
  const type = start + 4 <= end ? u8(bytes, start) : 0;
  if (type !== clientHello && type !== serverHello) return undefined;
  const stop = start + 4 + u24(bytes, start + 1);
  // Version, random and the length of the session id.
  if (start + 39 > end || u8(bytes, start + 4) !== 3) return undefined;
  const hello = emptyHello(type === clientHello, u16(bytes, start + 4), stop <= end);
  const limit = Math.min(stop, end);
  const afterSession = start + 39 + u8(bytes, start + 38);
  const extensions = hello.client
    ? clientLists(bytes, afterSession, limit, hello)
    : serverChoice(bytes, afterSession, limit, hello);
  if (extensions >= 0) readExtensions(bytes, extensions, limit, hello);
  return hello;
}

function emptyHello(client: boolean, legacyVersion: number, complete: boolean): Lists {
  return {
    client,
    legacyVersion,
    versions: [],
    ciphers: [],
    extensions: [],
    groups: [],
    pointFormats: [],
    signatureAlgorithms: [],
    serverName: '',
    applicationProtocols: [],
    complete,
  };
}

/** Reads the cipher suites and returns where the extensions begin, or -1. */
function clientLists(bytes: Uint8Array, at: number, end: number, hello: Lists): number {
  if (at + 2 > end) return -1;
  const length = u16(bytes, at);
  hello.ciphers = numbers(bytes, at + 2, Math.min(at + 2 + length, end));
  const compression = at + 2 + length;
  return compression < end ? compression + 1 + u8(bytes, compression) : -1;
}

function serverChoice(bytes: Uint8Array, at: number, end: number, hello: Lists): number {
  if (at + 3 > end) return -1;
  hello.ciphers = [u16(bytes, at)];
  return at + 3;
}

function readExtensions(bytes: Uint8Array, from: number, end: number, hello: Lists): void {
  if (from + 2 > end) return;
  const stop = Math.min(end, from + 2 + u16(bytes, from));
  const seen: number[] = [];
  for (let at = from + 2; at + 4 <= stop && seen.length < maxExtensions; ) {
    const type = u16(bytes, at);
    const next = at + 4 + u16(bytes, at + 2);
    if (!isGrease(type)) seen.push(type);
    readExtension(bytes, type, at + 4, Math.min(next, stop), hello);
    at = next;
  }
  hello.extensions = seen;
}

function readExtension(bytes: Uint8Array, type: number, at: number, end: number, hello: Lists): void {
  switch (type) {
    case extension.serverName:
      hello.serverName ||= serverName(bytes, at, end);
      return;
    case extension.groups:
      hello.groups = numbers(bytes, at + 2, end);
      return;
    case extension.pointFormats:
      hello.pointFormats = Array.from(bytes.subarray(at + 1, end));
      return;
    case extension.signatureAlgorithms:
      hello.signatureAlgorithms = numbers(bytes, at + 2, end);
      return;
    case extension.applicationProtocols:
      hello.applicationProtocols = protocols(bytes, at + 2, end);
      return;
    case extension.versions:
      hello.versions = hello.client ? numbers(bytes, at + 1, end) : numbers(bytes, at, end);
      return;
    default:
  }
}

/** The first name of the list: type 0 (host), length, text. Left out where the text is cut. */
function serverName(bytes: Uint8Array, at: number, end: number): string {
  if (at + 5 > end || u8(bytes, at + 2) !== 0) return '';
  const stop = at + 5 + u16(bytes, at + 3);
  return stop <= end ? wireText(bytes, at + 5, stop) : '';
}

function protocols(bytes: Uint8Array, from: number, end: number): string[] {
  const found: string[] = [];
  for (let at = from; at < end && found.length < 32; ) {
    const next = at + 1 + u8(bytes, at);
    if (next > end) break;
    found.push(wireText(bytes, at + 1, next));
    at = next;
  }
  return found;
}

function numbers(bytes: Uint8Array, from: number, end: number): number[] {
  const found: number[] = [];
  for (let at = from; at + 2 <= end; at += 2) if (!isGrease(u16(bytes, at))) found.push(u16(bytes, at));
  return found;
}

function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 255);
}
