import {ipv4Text, macText} from '../address.ts';
import {i32, u8} from '../decoded.ts';
import {wireText} from './wire-text.ts';

export interface DhcpFacts {
  readonly kind: 'dhcp';
  /** `discover`, `offer`, …; 'bootp' where there is no type. */
  readonly type: string;
  readonly transaction: number;
  readonly clientMac: string;
  /** The client's own address, the one it is given, and those of the options; '' where absent. */
  readonly clientAddress: string;
  readonly offeredAddress: string;
  readonly requestedAddress: string;
  readonly server: string;
  readonly relay: string;
  readonly router: string;
  readonly nameServer: string;
  readonly hostname: string;
  readonly vendorClass: string;
  /** Which options the client asks for, in its order: tells operating systems apart. */
  readonly parameters: readonly number[];
  readonly leaseSeconds: number | undefined;
}

const magic = 0x63825363;
const types = ['bootp', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'];
const option = {
  pad: 0,
  router: 3,
  nameServer: 6,
  hostname: 12,
  requested: 50,
  lease: 51,
  type: 53,
  server: 54,
  parameters: 55,
  vendor: 60,
  end: 255,
} as const;

/** A BOOTP or DHCP message; undefined where it is none. */
export function parseDhcp(bytes: Uint8Array, start: number, end: number): DhcpFacts | undefined {
  if (start + 236 > end) return undefined;
  const operation = u8(bytes, start);
  if (operation !== 1 && operation !== 2) return undefined;
  const options = start + 240 <= end && i32(bytes, start + 236) === magic ? readOptions(bytes, start + 240, end) : none;
  const address = (code: number) => addressAt(bytes, options.get(code));
  const text = (code: number) => textAt(bytes, options.get(code));
  const lease = options.get(option.lease);
  const type = options.get(option.type);
  const parameters = options.get(option.parameters);
  return {
    kind: 'dhcp',
    type: types[type ? u8(bytes, type.at) : 0] ?? 'other',
    transaction: i32(bytes, start + 4) >>> 0,
    clientMac: u8(bytes, start + 2) === 6 ? macText(bytes, start + 28) : '',
    clientAddress: nonZero(i32(bytes, start + 12)),
    offeredAddress: nonZero(i32(bytes, start + 16)),
    requestedAddress: address(option.requested),
    server: address(option.server),
    relay: nonZero(i32(bytes, start + 24)),
    router: address(option.router),
    nameServer: address(option.nameServer),
    hostname: text(option.hostname),
    vendorClass: text(option.vendor),
    parameters: parameters ? Array.from(bytes.subarray(parameters.at, parameters.at + parameters.length)) : [],
    leaseSeconds: lease?.length === 4 ? i32(bytes, lease.at) >>> 0 : undefined,
  };
}

interface Place {
  readonly at: number;
  readonly length: number;
}

const none: ReadonlyMap<number, Place> = new Map();

/** Where each option's value lies, its first occurrence. Ends at what does not fit. */
function readOptions(bytes: Uint8Array, from: number, end: number): ReadonlyMap<number, Place> {
  const found = new Map<number, Place>();
  for (let at = from; at < end; ) {
    const code = u8(bytes, at);
    if (code === option.end) break;
    if (code === option.pad) {
      at++;
      continue;
    }
    const length = at + 1 < end ? u8(bytes, at + 1) : 0;
    if (at + 2 + length > end) break;
    // A type of no length says nothing.
    if (!found.has(code) && length > 0) found.set(code, {at: at + 2, length});
    at += 2 + length;
  }
  return found;
}

function addressAt(bytes: Uint8Array, place: Place | undefined): string {
  return place && place.length >= 4 ? ipv4Text(i32(bytes, place.at)) : '';
}

function textAt(bytes: Uint8Array, place: Place | undefined): string {
  return place ? wireText(bytes, place.at, place.at + place.length).replace(/(\\x00)+$/, '') : '';
}

function nonZero(word: number): string {
  return word === 0 ? '' : ipv4Text(word);
}
