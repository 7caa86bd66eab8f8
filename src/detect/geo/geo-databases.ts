import {open} from 'node:fs/promises';
import {type AsnResponse, Reader} from 'maxmind';
import {z} from 'zod';
import {errorText} from '../../event/error-code.ts';
import {sanitize} from '../../event/sanitize.ts';
import {SecondChanceMap} from '../second-chance-map.ts';

/** Where an address is, as far as the databases say. */
export interface Place {
  /** ISO 3166, two letters. */
  readonly country?: string;
  /** The autonomous system: who runs the network. */
  readonly asNumber?: number;
  readonly asName?: string;
}

/** A database as it stands in its file, in memory that threads share. */
export type GeoContent = Uint8Array;

export interface GeoFault {
  readonly path: string;
  readonly reason: string;
}

const remembered = 8_192;
const mostBytes = 2 ** 30;
const nowhere: Place = {};

/** Looks addresses up in MaxMind's databases, and remembers the last some thousands. */
export class GeoDatabases {
  readonly #readers: readonly Reader<AsnResponse>[];
  readonly #known = new SecondChanceMap<string, Place>(remembered);

  /** Of `readGeoFile`. */
  constructor(contents: readonly GeoContent[]) {
    this.#readers = contents.map(readerOf);
  }

  /** Of an address that no database has: an empty place. */
  placeOf(address: string): Place {
    return this.#known.getOrAdd(address, () => this.#lookUp(address));
  }

  #lookUp(address: string): Place {
    const place: Place = {};
    for (const reader of this.#readers) Object.assign(place, placeIn(reader, address));
    return place;
  }
}

/**
 * Reads a database (`.mmdb`: country, city, ASN, of MaxMind, DB-IP, IPinfo …) and tries it. Throws an error that says what is
 * wrong with it.
 */
export async function readGeoFile(path: string): Promise<GeoContent> {
  const file = await open(path, 'r');
  try {
    const {size} = await file.stat();
    if (size > mostBytes) throw new Error(`expected at most ${mostBytes} bytes, found ${size}`);
    const content = new Uint8Array(new SharedArrayBuffer(size));
    for (let at = 0; at < size; ) {
      const {bytesRead} = await file.read(content, at, Math.min(size - at, slice), at);
      if (bytesRead === 0) throw new Error(`expected ${size} bytes, found ${at}: it is being written`);
      at += bytesRead;
    }
    readerOf(content).get('192.0.2.1');
    return content;
  } finally {
    await file.close();
  }
}

/** Of several files; what is wrong with some does not keep the others from being used. */
export async function readGeoFiles(
  paths: readonly string[],
): Promise<{readonly contents: readonly GeoContent[]; readonly faults: readonly GeoFault[]}> {
  const contents: GeoContent[] = [];
  const faults: GeoFault[] = [];
  for (const path of paths) {
    try {
      contents.push(await readGeoFile(path));
    } catch (error) {
      faults.push({path, reason: errorText(error)});
    }
  }
  return {contents, faults};
}

/** What is wrong with a file of `geoip`, for a person. */
export function geoFaultText({path, reason}: GeoFault): string {
  return `geoip: ${path}: ${reason}; expected a MaxMind database (.mmdb): see geoip in [network]`;
}

const slice = 2 ** 22;

function readerOf(content: GeoContent): Reader<AsnResponse> {
  return new Reader<AsnResponse>(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
}

/** What is asked of a record, under the names that MaxMind gives it; IPinfo writes the country flat. */
const geoRecord = z.object({
  country: z.union([z.string(), z.object({iso_code: z.string().optional()})]).optional(),
  registered_country: z.object({iso_code: z.string().optional()}).optional(),
  autonomous_system_number: z.number().optional(),
  autonomous_system_organization: z.string().optional(),
});

function placeIn(reader: Reader<AsnResponse>, address: string): Place {
  const record = geoRecord.safeParse(recordOf(reader, address)).data;
  if (!record) return nowhere;
  const {country, registered_country: registered, autonomous_system_number: asNumber} = record;
  const code = typeof country === 'string' ? country : (country?.iso_code ?? registered?.iso_code);
  const asName = record.autonomous_system_organization;
  return {
    ...(code?.length === 2 ? {country: sanitize(code)} : {}),
    ...(asNumber === undefined ? {} : {asNumber}),
    ...(asName === undefined ? {} : {asName: sanitize(asName)}),
  };
}

function recordOf(reader: Reader<AsnResponse>, address: string): unknown {
  try {
    return reader.get(address);
  } catch {
    // What is no address, or an IPv6 one asked of an IPv4 database, is nowhere.
    return undefined;
  }
}
