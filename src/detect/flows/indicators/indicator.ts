import {type Block, parseBlock} from '../../../query/cidr.ts';
import type {KeyHash} from './key-hash.ts';

/** One thing that a list calls bad. Names, URLs and hashes are lower case. */
export type Indicator =
  | {readonly kind: 'block'; readonly block: Block}
  | {readonly kind: 'domain' | 'url' | 'hash' | 'ja4'; readonly text: string};

/** A text that can't be an indicator, and why. */
export interface NotIndicator {
  readonly kind: 'none';
  readonly reason: string;
}

export const keyKinds = {domain: 1, url: 2, hash: 3, ja4: 4, block4: 64, block6: 128} as const;

const widest4 = 8;
const widest6 = 16;
const longestText = 2_048;

/**
 * Reads an address, a block, a domain (`*.example.com`, `||example.com^`), a URL, an MD5, SHA-1, SHA-256 or JA3, or a
 * JA4. What was made harmless (`hxxp://`, `[.]`) is made whole.
 */
export function parseIndicator(written: string): Indicator | NotIndicator {
  const text = whole(written.trim());
  if (text === '' || text.length > longestText) return none(text === '' ? 'is empty' : 'is too long');
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i.test(text))
    return {kind: 'hash', text: text.toLowerCase()};
  if (/^[tqd][0-9sd][0-9][di]\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/i.test(text))
    return {kind: 'ja4', text: text.toLowerCase()};
  if (text.includes('://')) return urlOf(text);
  const address = /^[0-9a-f:.]+(?:\/\d+)?$/i.test(text)
    ? parseBlock(text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1'))
    : undefined;
  if (address) return wideEnough(address);
  return domainOf(text);
}

/** The key of an indicator, as a list's is stored and an event's is looked up. */
export function hashIndicator(indicator: Indicator, hash: KeyHash): KeyHash {
  switch (indicator.kind) {
    case 'block':
      return hashBlock(indicator.block, hash);
    case 'domain':
      return hashName(indicator.text, hash);
    case 'url':
    case 'hash':
    case 'ja4':
      return hash.begin(keyKinds[indicator.kind]).addText(indicator.text).end();
    default:
      return indicator satisfies never;
  }
}

function hashBlock({version, bits, prefix}: Block, hash: KeyHash): KeyHash {
  if (version === 4)
    return hash
      .begin(keyKinds.block4 + prefix)
      .add(masked(Number(bits), prefix))
      .end();
  return hashWords(wordsOf(bits), prefix, hash);
}

/** Of an IPv6 block: its words of 32 bits, as far as the prefix goes. */
export function hashWords(words: readonly number[], prefix: number, hash: KeyHash): KeyHash {
  hash.begin(keyKinds.block6 + prefix);
  for (let at = 0; at * 32 < prefix; at++) hash.add(masked(words[at] ?? 0, Math.min(32, prefix - at * 32)));
  return hash.end();
}

/** The highest bits of a word. */
export function masked(word: number, bits: number): number {
  return bits === 0 ? 0 : (word >>> (32 - bits)) >>> 0;
}

export function wordsOf(bits: bigint): number[] {
  return [96n, 64n, 32n, 0n].map(shift => Number((bits >> shift) & 0xffff_ffffn));
}

/** From its end, so that a name's parents come up on the way. */
function hashName(name: string, hash: KeyHash): KeyHash {
  hash.begin(keyKinds.domain);
  for (let at = name.length - 1; at >= 0; at--) hash.add(name.charCodeAt(at));
  return hash.end();
}

function whole(text: string): string {
  if (!/[[({]|^hxxp/i.test(text)) return text;
  return text
    .replace(/[[({]\s*(?:\.|dot)\s*[\])}]/gi, '.')
    .replace(/\[(:\/\/|:)\]/g, '$1')
    .replace(/^hxxp/i, 'http');
}

function urlOf(text: string): Indicator | NotIndicator {
  const [, host = '', rest = ''] =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?(\[[0-9a-f:.]+\]|[^/:?#]+)(?::\d+)?([^#]*)/i.exec(text) ?? [];
  if (host === '') return none('is no URL');
  if (rest === '' || rest === '/') return parseIndicator(host.replace(/^\[|\]$/g, ''));
  return {kind: 'url', text: urlText(host, rest)};
}

/** As URLs are compared: without the scheme, the port and the part after #. */
export function urlText(host: string, path: string): string {
  return `${host.toLowerCase()}${path.startsWith('/') ? path : `/${path}`}`;
}

function domainOf(text: string): Indicator | NotIndicator {
  const name = text
    .toLowerCase()
    .replace(/^(?:\|\||\*\.|\.)/, '')
    .replace(/[\^.]$/, '');
  if (!/^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+$/.test(name) || /\.\d+$/.test(name))
    return none('is no address, domain, URL or hash');
  return {kind: 'domain', text: name};
}

function wideEnough(block: Block): Indicator | NotIndicator {
  const least = block.version === 4 ? widest4 : widest6;
  return block.prefix < least ? none(`covers too much: expected /${least} or narrower`) : {kind: 'block', block};
}

function none(reason: string): NotIndicator {
  return {kind: 'none', reason};
}
