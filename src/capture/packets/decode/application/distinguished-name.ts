import {type Element, elementsOf, hexOf, stringOf, Tag} from './der.ts';

/** Who a certificate is of, or who signed it. */
export interface DistinguishedName {
  /** The whole as RFC 4514 writes it: `CN=www.example.org,O=Example,C=CH`. */
  readonly text: string;
  /** The most particular one where there are several. */
  readonly commonName: string;
  readonly organization: string;
}

export const noName: DistinguishedName = {text: '', commonName: '', organization: ''};

const mostParts = 16;
const longestPart = 128;
const labels: Readonly<Record<string, string>> = {
  '550403': 'CN',
  '550404': 'SN',
  '550405': 'serialNumber',
  '550406': 'C',
  '550407': 'L',
  '550408': 'ST',
  '550409': 'street',
  '55040a': 'O',
  '55040b': 'OU',
  '55040c': 'title',
  '55042a': 'GN',
  '550461': 'organizationIdentifier',
  '2a864886f70d010901': 'emailAddress',
  '0992268993f22c640101': 'UID',
  '0992268993f22c640119': 'DC',
};

type Part = readonly [label: string, value: string];

/** Reads a Name: a sequence of sets of a type and a value each. */
export function readName(bytes: Uint8Array, name: Element): DistinguishedName {
  if (name.tag !== Tag.sequence) return noName;
  const sets: (readonly Part[])[] = [];
  let room = mostParts;
  for (const set of elementsOf(bytes, name, mostParts)) {
    const parts = partsOf(bytes, set, room);
    if (parts.length > 0) sets.push(parts);
    room -= parts.length;
  }
  sets.reverse();
  const first = (label: string) => sets.flat().find(([found]) => found === label)?.[1] ?? '';
  return {
    text: sets.map(parts => parts.map(([label, value]) => `${label}=${escaped(value)}`).join('+')).join(','),
    commonName: first('CN'),
    organization: first('O'),
  };
}

function partsOf(bytes: Uint8Array, set: Element, most: number): readonly Part[] {
  const parts: Part[] = [];
  for (const pair of elementsOf(bytes, set, most)) {
    const [type, value] = elementsOf(bytes, pair, 2);
    if (type?.tag === Tag.oid && value) parts.push([labelOf(bytes, type), stringOf(bytes, value, longestPart)]);
  }
  return parts;
}

function labelOf(bytes: Uint8Array, type: Element): string {
  const known = labels[hexOf(bytes, type)];
  return known ?? dotted(bytes.subarray(type.start, Math.min(type.end, type.start + 32)));
}

/** An object identifier as people write it. */
function dotted(bytes: Uint8Array): string {
  const arcs: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (arcs.length === 0) {
      const top = Math.min(2, Math.floor(value / 40));
      arcs.push(top);
      value -= top * 40;
    }
    arcs.push(value);
    value = 0;
  }
  return arcs.join('.');
}

function escaped(value: string): string {
  return value.replace(/[,+"\\<>;]|^[ #]| $/g, '\\$&');
}
