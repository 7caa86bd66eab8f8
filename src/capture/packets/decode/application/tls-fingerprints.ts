import {hash} from 'node:crypto';
import {Remembered} from './remembered.ts';
import type {TlsHello} from './tls-hello.ts';

export interface Fingerprints {
  /** JA3 of a client, JA3S of a server. */
  readonly ja3: string;
  /** Of a client; '' of a server. */
  readonly ja4: string;
}

/** A client offers a hundred things at most; what offers more is not remembered. */
const longestHello = 512;
/** Of hellos met lately: a network's programs are few, and making the texts takes longer than their hashes. */
const known = new Remembered<Fingerprints>(512, longestHello);

/** Of a hello that is all there. */
export function fingerprints(hello: TlsHello, transport: 't' | 'q'): Fingerprints {
  return known.of(`${transport}${offered(hello)}`, () => ({
    ja3: ja3(hello),
    ja4: hello.client ? ja4(hello, transport) : '',
  }));
}

/** All that the fingerprints are made of: each number as one character, each list behind its length. */
function offered(hello: TlsHello): string {
  const {ciphers, extensions, groups, pointFormats, signatureAlgorithms, versions} = hello;
  const numbers = [hello.client ? 1 : 0, hello.legacyVersion];
  for (const list of [ciphers, extensions, groups, pointFormats, signatureAlgorithms, versions]) {
    numbers.push(list.length);
    for (const number of list) numbers.push(number);
  }
  return String.fromCharCode(...numbers) + (hello.applicationProtocols[0] ?? '');
}

/**
 * JA3 (Salesforce, 2017): the MD5 of a ClientHello's version, cipher suites, extensions, groups and point formats.
 * JA3S is the same of a ServerHello: version, cipher suite, extensions.
 */
function ja3(hello: TlsHello): string {
  const {legacyVersion, ciphers, extensions, groups, pointFormats} = hello;
  const lists = hello.client ? [ciphers, extensions, groups, pointFormats] : [ciphers, extensions];
  const text = [legacyVersion, ...lists.map(list => list.join('-'))].join(',');
  return hash('md5', text);
}

const versionLetters: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
};
const [serverNameExtension, protocolsExtension] = [0x0000, 0x0010];

/** JA4 (FoxIO, 2023): readable counts, then hashes of the sorted cipher suites and of the sorted extensions. */
function ja4(hello: TlsHello, transport: 't' | 'q'): string {
  const {ciphers, extensions, signatureAlgorithms} = hello;
  const version =
    versionLetters[Math.max(...(hello.versions.length > 0 ? hello.versions : [hello.legacyVersion]))] ?? '00';
  const name = extensions.includes(serverNameExtension) ? 'd' : 'i';
  const start = `${transport}${version}${name}${count(ciphers)}${count(extensions)}${protocolLetters(hello)}`;
  const sorted = extensions.filter(type => type !== serverNameExtension && type !== protocolsExtension);
  const algorithms = signatureAlgorithms.length > 0 ? `_${hexList(signatureAlgorithms)}` : '';
  return `${start}_${shortHash(sortedList(ciphers))}_${sorted.length === 0 ? zeros : shortHash(sortedList(sorted) + algorithms)}`;
}

const zeros = '000000000000';

function count(list: readonly number[]): string {
  return String(Math.min(list.length, 99)).padStart(2, '0');
}

/** First and last letter of the first protocol; of its hexadecimal form where one of them is neither letter nor digit. */
function protocolLetters(hello: TlsHello): string {
  const [first = ''] = hello.applicationProtocols;
  if (first === '') return '00';
  const ends = `${first[0]}${first.at(-1)}`;
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends;
  const hex = Buffer.from(
    first.replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  ).toString('hex');
  return `${hex[0]}${hex.at(-1)}`;
}

function sortedList(list: readonly number[]): string {
  return hexList([...list].sort((a, b) => a - b));
}

function hexList(list: readonly number[]): string {
  return list.map(value => value.toString(16).padStart(4, '0')).join(',');
}

function shortHash(text: string): string {
  return text === '' ? zeros : hash('sha256', text).slice(0, 12);
}
