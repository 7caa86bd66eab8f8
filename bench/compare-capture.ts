import {readFileSync} from 'node:fs';
import {constants, gunzipSync} from 'node:zlib';
import {isGzip, openParser} from '../src/capture/files/open-parser.ts';
import type {RawPacket} from '../src/capture/packets/backend.ts';
import {type Fields, frameFields, tsharkFields} from './capture-fields.ts';
import {comparableLayers} from './tshark-layers.ts';

export interface Comparison {
  /** Rows that tshark gives. */
  readonly packets: number;
  /** Of them, those with every field equal. */
  readonly equal: number;
  readonly fields: number;
  readonly equalFields: number;
  /** `frame 3: ip.ttl 64, got 63` */
  readonly differences: readonly string[];
}

/** Compares every field of every row with what this program decodes. Of a field, tshark's first occurrence counts. */
export function compareCapture(file: string, rows: readonly Fields[]): Comparison {
  const ours = decodedFile(file);
  const differences: string[] = [];
  let [equal, fields, equalFields] = [0, 0, 0];
  for (const [i, row] of rows.entries()) {
    const found = differencesOf(row, ours[i] ?? {}, i + 1);
    const count = Object.keys(row).length;
    fields += count;
    equalFields += count - found.length;
    if (found.length === 0) equal++;
    differences.push(...found);
  }
  if (ours.length !== rows.length) differences.push(`${rows.length} packets, got ${ours.length}`);
  return {packets: rows.length, equal, fields, equalFields, differences};
}

/** Every packet of a file, each in bytes of its own, with the file's fields of it and what is wrong with the file. */
export function readCaptureFile(file: string): {packets: RawPacket[]; frames: Fields[]; damage: string | undefined} {
  const bytes = readFileSync(file);
  // Of a cut file what it holds.
  const content = isGzip(bytes) ? gunzipSync(bytes, {finishFlush: constants.Z_SYNC_FLUSH}) : bytes;
  const parser = openParser(content);
  const packets: RawPacket[] = [];
  const frames: Fields[] = [];
  parser?.push(content);
  for (let packet = parser?.next(); parser && packet; packet = parser.next()) {
    const own = packet.bytes.slice(packet.start, packet.end);
    frames.push(frameFields(packet, parser, packets.length + 1));
    packets.push({...packet, bytes: own, start: 0, end: own.length});
  }
  return {packets, frames, damage: parser ? parser.end() : 'no capture'};
}

function decodedFile(file: string): readonly Fields[] {
  const {packets, frames} = readCaptureFile(file);
  return packets.map((packet, i) => ({...frames[i], ...tsharkFields(packet)}));
}

function differencesOf(row: Fields, ours: Fields, number: number): readonly string[] {
  const found: string[] = [];
  // Of an ICMP error tshark also gives fields of the packet that it quotes; that one is not the packet.
  const quotes = /:icmp(v6)?:ipv?6?\b|:icmp(v6)?:.*\b(tcp|udp)\b/.test(row['frame.protocols'] ?? '');
  for (const [name, value] of Object.entries(row)) {
    const form = name === 'frame.protocols' ? comparableLayers : isText(name) ? sameText : asIs;
    const [theirs, own] = [form(value), form(ours[name] ?? '')];
    if (theirs === own || (quotes && /^(tcp|udp|dns|http|tls|ip|ipv6)\./.test(name) && own === '')) continue;
    found.push(`frame ${number}: ${name} ${theirs}, got ${own}`);
  }
  return found;
}

function asIs(text: string): string {
  return text;
}

function isText(name: string): boolean {
  return name === 'dns.qry.name' || name === 'http.host' || name.startsWith('tls.');
}

/**
 * Bytes that are no ASCII: tshark reads them as UTF-8 and writes U+FFFD for what is none, and some control characters as
 * C does; this program writes `\\xNN`. How many marks stand for a broken sequence is not compared.
 */
function sameText(text: string): string {
  const bytes = text.replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const isBytes = /^[\x00-\xff]*$/.test(bytes);
  return (isBytes ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes).replace(/\ufffd+/g, '\ufffd');
}
