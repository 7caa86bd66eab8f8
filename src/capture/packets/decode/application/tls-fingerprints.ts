import {hash} from 'node:crypto';
import {Remembered} from './remembered.ts';
import type {TlsHello} from './tls-hello.ts';

/**
 * JA3 (Salesforce, 2017): the MD5 of a ClientHello's version, cipher suites, extensions, groups and point formats.
 * JA3S is the same of a ServerHello: version, cipher suite, extensions.
 */
export function ja3(hello: TlsHello): string {
  const {legacyVersion, ciphers, extensions, groups, pointFormats} = hello;
  const lists = hello.client ? [ciphers, extensions, groups, pointFormats] : [ciphers, extensions];
  const text = [legacyVersion, ...lists.map(list => list.join('-'))].join(',');
  return md5s.of(text);
}

/** A client offers a hundred things at most, of six characters each. */
const longestList = 1_024;
/** Hashes of what clients offer: a network's programs are few. */
const md5s = new Remembered(512, text => hash('md5', text), longestList);
const shortHashes = new Remembered(512, text => hash('sha256', text).slice(0, 12), longestList);

const versionLetters: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
};
const [serverNameExtension, protocolsExtension] = [0x0000, 0x0010];

/** JA4 (FoxIO, 2023): readable counts, then hashes of the sorted cipher suites and of the sorted extensions. */
export function ja4(hello: TlsHello, transport: 't' | 'q'): string {
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
  return text === '' ? zeros : shortHashes.of(text);
}
