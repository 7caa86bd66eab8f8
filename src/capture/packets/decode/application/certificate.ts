import {hash} from 'node:crypto';
import {type Element, elementAt, elementsOf, hexOf, stringOf, Tag, timeOf} from './der.ts';
import {type DistinguishedName, noName, readName} from './distinguished-name.ts';
import {Remembered} from './remembered.ts';

/** What a certificate (X.509, RFC 5280) says of itself; '' for what it does not, or what is damaged. */
export interface CertificateFacts {
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** Hexadecimal, upper case. */
  readonly serial: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** DNS names of the subject, 32 at the most. */
  readonly names: readonly string[];
  /** Of the whole certificate, hexadecimal. */
  readonly sha256: string;
  readonly sha1: string;
}

const mostNames = 32;
const longestName = 253;
const mostExtensions = 64;
/** A list of so many names is looked through for those of DNS. */
const mostLookedAt = 256;
const alternativeNames = '551d11';
const longestSerial = 20;
const dnsName = 0x82;
const versionTag = 0xa0;
const extensionsTag = 0xa3;

/** Certificates met lately, by their bytes as latin1 text: a server shows the same each time. */
const known = new Remembered<CertificateFacts>(128);
const longestKnown = 4_096;

/** Reads a certificate in DER as far as it is one; what it is called by its hashes is always there. */
export function readCertificate(bytes: Uint8Array): CertificateFacts {
  if (bytes.length > longestKnown) return certificateOf(bytes);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return known.of(text, () => certificateOf(bytes));
}

function certificateOf(bytes: Uint8Array): CertificateFacts {
  return {...nothing, ...readSigned(bytes), sha256: hash('sha256', bytes), sha1: hash('sha1', bytes)};
}

const nothing = {subject: noName, issuer: noName, serial: '', notBefore: '', notAfter: '', names: []} as const;

function readSigned(bytes: Uint8Array): Partial<CertificateFacts> {
  const whole = elementAt(bytes, 0, bytes.length);
  const signed = whole?.tag === Tag.sequence ? elementAt(bytes, whole.start, whole.end) : undefined;
  if (signed?.tag !== Tag.sequence) return {};
  const parts = [...elementsOf(bytes, signed, 12)];
  if (parts[0]?.tag === versionTag) parts.shift();
  const [serial, , issuer, validity, subject, , ...rest] = parts;
  const [from, until] = validity?.tag === Tag.sequence ? [...elementsOf(bytes, validity, 2)] : [];
  const extensions = rest.find(({tag}) => tag === extensionsTag);
  return {
    serial: serial?.tag === Tag.integer ? serialOf(bytes, serial) : '',
    issuer: issuer ? readName(bytes, issuer) : noName,
    subject: subject ? readName(bytes, subject) : noName,
    notBefore: from ? timeOf(bytes, from) : '',
    notAfter: until ? timeOf(bytes, until) : '',
    names: extensions ? namesOf(bytes, extensions) : [],
  };
}

/** Without the zero that says that it is positive. */
function serialOf(bytes: Uint8Array, {tag, start, end}: Element): string {
  const skip = end - start > 1 && bytes[start] === 0 ? 1 : 0;
  const most = Math.min(end, start + skip + longestSerial);
  return hexOf(bytes, {tag, start: start + skip, end: most}).toUpperCase();
}

function namesOf(bytes: Uint8Array, extensions: Element): readonly string[] {
  const list = elementAt(bytes, extensions.start, extensions.end);
  if (list?.tag !== Tag.sequence) return [];
  for (const extension of elementsOf(bytes, list, mostExtensions)) {
    const [id, ...value] = elementsOf(bytes, extension, 3);
    if (id?.tag !== Tag.oid || hexOf(bytes, id) !== alternativeNames) continue;
    const octets = value.at(-1);
    const names = octets?.tag === Tag.octets ? elementAt(bytes, octets.start, octets.end) : undefined;
    return names ? dnsNamesOf(bytes, names) : [];
  }
  return [];
}

function dnsNamesOf(bytes: Uint8Array, list: Element): readonly string[] {
  const found: string[] = [];
  for (const name of elementsOf(bytes, list, mostLookedAt)) {
    if (name.tag === dnsName) found.push(stringOf(bytes, name, longestName));
    if (found.length === mostNames) break;
  }
  return found;
}
