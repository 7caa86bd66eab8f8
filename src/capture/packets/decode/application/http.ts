import {indexOf, startsWith, wireText} from './wire-text.ts';

export interface HttpRequest {
  readonly kind: 'http-request';
  readonly method: string;
  readonly target: string;
  /** `1.1` */
  readonly version: string;
  readonly host: string;
  readonly userAgent: string;
  readonly contentType: string;
  /** `basic`, `bearer`, …: a password went by in clear text where it is `basic`. Its content is not kept. */
  readonly authorization: string;
}

export interface HttpResponse {
  readonly kind: 'http-response';
  readonly version: string;
  readonly status: number;
  readonly server: string;
  readonly contentType: string;
  readonly location: string;
}

const longestMethod = 24;
const longestTarget = 1024;
const maxHeaders = 64;
const scanned = 8192;
const [space, colon, tab] = [0x20, 0x3a, 0x09];

/** The beginning of an HTTP/1 message; headers as far as they are there. Undefined where it is none. */
export function parseHttp(bytes: Uint8Array, start: number, end: number): HttpRequest | HttpResponse | undefined {
  const limit = Math.min(end, start + scanned);
  return startsWith(bytes, start, limit, 'HTTP/1.') ? response(bytes, start, limit) : request(bytes, start, limit);
}

function request(bytes: Uint8Array, start: number, end: number): HttpRequest | undefined {
  const methodEnd = tokenEnd(bytes, start, Math.min(end, start + longestMethod + 1));
  if (methodEnd <= start || bytes[methodEnd] !== space) return undefined;
  const line = lineEnd(bytes, start, end);
  const version = versionAt(bytes, methodEnd + 1, line.stop);
  // A line that the segment cuts off is a request only where the method is one that nothing else begins with.
  if (version < 0 && (line.whole || !isKnownMethod(bytes, start, methodEnd))) return undefined;
  const [host = '', userAgent = '', contentType = '', authorization = ''] = readHeaders(bytes, line.next, end, asked);
  const targetEnd = version < 0 ? line.stop : version - 1;
  return {
    kind: 'http-request',
    method: wireText(bytes, start, methodEnd),
    target: wireText(bytes, methodEnd + 1, targetEnd, longestTarget),
    version: version < 0 ? '' : wireText(bytes, version + 5, line.stop, 8),
    host,
    userAgent,
    contentType,
    authorization: authorization.split(' ', 1)[0]?.toLowerCase() ?? '',
  };
}

function response(bytes: Uint8Array, start: number, end: number): HttpResponse | undefined {
  const line = lineEnd(bytes, start, end);
  const text = wireText(bytes, start, line.stop, 64);
  const parts = /^HTTP\/(1\.\d) (\d{3})(?: |$)/.exec(text);
  if (!parts) return undefined;
  const [server = '', contentType = '', location = ''] = readHeaders(bytes, line.next, end, answered);
  return {
    kind: 'http-response',
    version: parts[1] ?? '',
    status: Number(parts[2]),
    server,
    contentType,
    location,
  };
}

/** Where the token of a method ends: capital letters and a dash, as all registered methods are. */
function tokenEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (!((byte >= 0x41 && byte <= 0x5a) || byte === 0x2d || byte === 0x5f)) return at;
  }
  return -1;
}

const knownMethods = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'CONNECT', 'TRACE', 'PROPFIND'];

function isKnownMethod(bytes: Uint8Array, start: number, end: number): boolean {
  return knownMethods.includes(wireText(bytes, start, end));
}

/** Where `HTTP/1.x` stands at the end of a request line, or -1. */
function versionAt(bytes: Uint8Array, from: number, stop: number): number {
  const at = stop - 8;
  return at > from && bytes[at - 1] === space && startsWith(bytes, at, stop, 'HTTP/1.') ? at : -1;
}

interface Line {
  /** Without the line break. */
  readonly stop: number;
  readonly next: number;
  readonly whole: boolean;
}

function lineEnd(bytes: Uint8Array, start: number, end: number): Line {
  const newline = indexOf(bytes, 0x0a, start, end);
  if (newline < 0) return {stop: end, next: end, whole: false};
  return {stop: newline > start && bytes[newline - 1] === 0x0d ? newline - 1 : newline, next: newline + 1, whole: true};
}

/** Names of headers in lower case, as their bytes. */
function headerNames(...names: readonly string[]): readonly Uint8Array[] {
  return names.map(name => Buffer.from(name));
}

const asked = headerNames('host', 'user-agent', 'content-type', 'authorization');
const answered = headerNames('server', 'content-type', 'location');

/** The first value of each wanted name, in their order. A header that is cut off is left out; no other is made a text. */
function readHeaders(bytes: Uint8Array, from: number, end: number, wanted: readonly Uint8Array[]): readonly string[] {
  const values: string[] = [];
  let at = from;
  for (let count = 0; count < maxHeaders && at < end; count++) {
    const {stop, next, whole} = lineEnd(bytes, at, end);
    if (!whole || stop === at) break;
    const place = wanted.findIndex(name => isNamed(bytes, at, stop, name));
    if (place >= 0) values[place] ??= valueText(bytes, at + (wanted[place]?.length ?? 0) + 1, stop);
    at = next;
  }
  return values;
}

/** The header that begins at `at` has this name. */
function isNamed(bytes: Uint8Array, at: number, stop: number, name: Uint8Array): boolean {
  const {length} = name;
  if (at + length >= stop || bytes[at + length] !== colon) return false;
  for (let i = 0; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== name[i]) return false;
  }
  return true;
}

function valueText(bytes: Uint8Array, from: number, to: number): string {
  let [at, end] = [from, to];
  while (at < end && (bytes[at] === space || bytes[at] === tab)) at++;
  while (end > at && (bytes[end - 1] === space || bytes[end - 1] === tab)) end--;
  return wireText(bytes, at, end, 512);
}
