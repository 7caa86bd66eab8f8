import {closeSync, openSync, readSync} from 'node:fs';
import {basename} from 'node:path';
import type {AlertLevel} from '../../../event/level.ts';
import {sanitizeLine} from '../../../event/sanitize.ts';
import {parseAddress} from '../../../query/cidr.ts';
import {SecondChanceMap} from '../../second-chance-map.ts';
import {hashIndicator, hashWords, keyKinds, masked, wordsOf} from './indicator.ts';
import type {EntryPlace, IndicatorTable} from './indicator-table.ts';
import {KeyHash} from './key-hash.ts';
import {type Columns, isEntry, parseLine} from './list-line.ts';

/** What a list says of something that was met. */
export interface Hit {
  /** The list's file name. */
  readonly list: string;
  /** The listed domain, of which the name that was met may be a part; '' for other kinds, and of a changed list. */
  readonly domain: string;
  /** Its line, '' where the list has changed since it was read. */
  readonly line: string;
  readonly description: string;
  readonly level: AlertLevel | undefined;
}

const rememberedHits = 1_024;
const rememberedAddresses = 4_096;
const longestLine = 1_024;

/** Looks up what events name in the lists. What an entry says is read from its list when it is met. */
export class Indicators {
  readonly table: IndicatorTable;
  readonly #paths: readonly string[];
  readonly #columns: readonly (Columns | undefined)[];
  readonly #hash = new KeyHash();
  readonly #hits = new SecondChanceMap<number, Hit>(rememberedHits);
  /** IPv6 addresses as words, which takes longer to read than to look up. */
  readonly #words = new SecondChanceMap<string, readonly number[]>(rememberedAddresses);

  /** `columns`: of each list, where a head named them. */
  constructor(table: IndicatorTable, paths: readonly string[], columns: readonly (Columns | undefined)[] = []) {
    this.#columns = columns;
    this.table = table;
    this.#paths = paths;
  }

  address(text: string): Hit | undefined {
    const place = text.includes(':') ? this.#find6(text) : this.#find4(text);
    return place && this.#hitAt(place);
  }

  /** Also where a parent of the name is listed. */
  domain(name: string): Hit | undefined {
    const hash = this.#hash.begin(keyKinds.domain);
    for (let at = name.length - 1; at >= 0; at--) {
      const code = name.charCodeAt(at);
      if (code === dot) {
        const place = this.table.find(hash.end());
        if (place) return this.#hitAt(place);
      }
      hash.add(code >= 65 && code <= 90 ? code + 32 : code);
    }
    const place = this.table.find(hash.end());
    return place && this.#hitAt(place);
  }

  text(kind: 'url' | 'hash' | 'ja4', value: string): Hit | undefined {
    const place = this.table.find(this.#hash.begin(keyKinds[kind]).addText(value.toLowerCase()).end());
    return place && this.#hitAt(place);
  }

  #find4(text: string): EntryPlace | undefined {
    const bits = numberOf(text);
    if (bits < 0) return undefined;
    for (const prefix of this.table.prefixes4) {
      const place = this.table.find(
        this.#hash
          .begin(keyKinds.block4 + prefix)
          .add(masked(bits, prefix))
          .end(),
      );
      if (place) return place;
    }
    return undefined;
  }

  #find6(text: string): EntryPlace | undefined {
    if (this.table.prefixes6.length === 0) return undefined;
    const words = this.#words.getOrAdd(text, () => {
      const address = parseAddress(text);
      return address?.version === 6 ? wordsOf(address.bits) : [];
    });
    if (words.length === 0) return undefined;
    for (const prefix of this.table.prefixes6) {
      const place = this.table.find(hashWords(words, prefix, this.#hash));
      if (place) return place;
    }
    return undefined;
  }

  #hitAt({list, offset}: EntryPlace): Hit {
    return this.#hits.getOrAdd(list * 2 ** 32 + offset, () => {
      const path = this.#paths[list] ?? '';
      const [high, low] = [this.#hash.high, this.#hash.low];
      const line = lineAt(path, offset);
      const parsed = parseLine(line, this.#columns[list]);
      const unknown = {list: sanitizeLine(basename(path)), domain: '', line: '', description: '', level: undefined};
      if (!isEntry(parsed)) return {...unknown, line: sanitizeLine(line)};
      const again = hashIndicator(parsed.indicator, new KeyHash());
      if (again.high !== high || again.low !== low) return unknown;
      const {description, level, indicator} = parsed;
      const domain = indicator.kind === 'domain' ? indicator.text : '';
      return {...unknown, domain, line: sanitizeLine(line), description: sanitizeLine(description), level};
    });
  }
}

const dot = 46;

/** An IPv4 address as a number of 32 bits; −1 for what is none. */
function numberOf(text: string): number {
  let bits = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === dot) {
      if (digits === 0 || ++dots > 3) return -1;
      bits = bits * 256 + part;
      part = 0;
      digits = 0;
    } else if (code >= 48 && code <= 57) {
      part = part * 10 + code - 48;
      if (++digits > 3 || part > 255) return -1;
    } else return -1;
  }
  return dots === 3 && digits > 0 ? bits * 256 + part : -1;
}

/** A list's line; '' where it can't be read any more. */
function lineAt(path: string, offset: number): string {
  const bytes = Buffer.alloc(longestLine);
  try {
    const fd = openSync(path, 'r');
    try {
      const length = readSync(fd, bytes, 0, longestLine, offset);
      const end = bytes.subarray(0, length).indexOf(10);
      return bytes.toString('utf8', 0, end < 0 ? length : end).trim();
    } finally {
      closeSync(fd);
    }
  } catch {
    // The alert goes without the line: the list may just be replaced.
    return '';
  }
}
