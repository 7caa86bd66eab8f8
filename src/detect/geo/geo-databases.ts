import {readFile} from 'node:fs/promises';
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

export interface GeoFault {
  readonly path: string;
  readonly reason: string;
}

const remembered = 8_192;
const nowhere: Place = {};

/** Looks addresses up in MaxMind's databases, and remembers the last some thousands. */
export class GeoDatabases {
  readonly #readers: readonly Reader<AsnResponse>[];
  readonly #known = new SecondChanceMap<string, Place>(remembered);

  constructor(readers: readonly Reader<AsnResponse>[]) {
    this.#readers = readers;
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

/** Reads databases (`.mmdb`: country, city, ASN, of MaxMind, DB-IP, IPinfo …) into memory; what can't be read is a fault. */
export async function openGeoDatabases(
  paths: readonly string[],
): Promise<{readonly databases: GeoDatabases | undefined; readonly faults: readonly GeoFault[]}> {
  const readers: Reader<AsnResponse>[] = [];
  const faults: GeoFault[] = [];
  for (const path of paths) {
    try {
      readers.push(new Reader<AsnResponse>(await readFile(path)));
    } catch (error) {
      faults.push({path, reason: errorText(error)});
    }
  }
  return {databases: readers.length > 0 ? new GeoDatabases(readers) : undefined, faults};
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
