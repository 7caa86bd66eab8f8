import {open} from 'node:fs/promises';
import {setImmediate as turn} from 'node:timers/promises';
import {errorText} from '../../../event/error-code.ts';
import {hashIndicator} from './indicator.ts';
import {IndicatorTable, mostLists} from './indicator-table.ts';
import {Indicators} from './indicators.ts';
import {KeyHash} from './key-hash.ts';
import {type Columns, isEntry, parseLine} from './list-line.ts';

export interface ListReport {
  readonly path: string;
  readonly entries: number;
  /** Lines that are no entry and no comment. */
  readonly broken: number;
  readonly firstBroken?: {readonly line: number; readonly text: string; readonly reason: string};
  /** Why it was not read to its end. */
  readonly failure?: string;
}

/** Bytes read and worked on before others have their turn: some milliseconds. */
const sliceBytes = 32_768;
const sliceEntries = 16_384;
const mostEntries = 20_000_000;
/** Offsets are 32 bits. */
const longestList = 2 ** 32 - 1;

/**
 * Reads lists of indicators into a table, in small steps between which other work goes on. Never throws over what is in
 * a list, or that there is none: the reports say so.
 */
export async function loadIndicators(
  paths: readonly string[],
): Promise<{readonly indicators: Indicators; readonly reports: readonly ListReport[]}> {
  const gathered = new Gathered();
  const reports: ListReport[] = [];
  const columns: (Columns | undefined)[] = [];
  for (const [list, path] of paths.entries()) {
    if (list >= mostLists) reports.push({path, entries: 0, broken: 0, failure: `more than ${mostLists} lists`});
    else reports.push(await readList(path, new ListReader(list, gathered), read => columns.push(read)));
  }
  return {indicators: new Indicators(await gathered.table(), paths, columns), reports};
}

async function readList(
  path: string,
  reader: ListReader,
  keep: (columns: Columns | undefined) => void,
): Promise<ListReport> {
  try {
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(sliceBytes);
      for (;;) {
        const {bytesRead} = await file.read(bytes, 0, sliceBytes);
        if (bytesRead === 0) break;
        reader.add(bytes.subarray(0, bytesRead));
        await turn();
      }
      reader.end();
    } finally {
      await file.close();
    }
  } catch (error) {
    return {path, ...reader.report, failure: errorText(error)};
  } finally {
    keep(reader.columns);
  }
  return {path, ...reader.report};
}

/** Cuts bytes into lines and remembers where each begins. */
class ListReader {
  readonly #list: number;
  readonly #gathered: Gathered;
  readonly #hash = new KeyHash();
  #rest = Buffer.alloc(0);
  #offset = 0;
  #line = 0;
  #entries = 0;
  #broken = 0;
  #first: ListReport['firstBroken'];
  #columns: Columns | undefined;

  constructor(list: number, gathered: Gathered) {
    this.#list = list;
    this.#gathered = gathered;
  }

  /** Which cells hold what, where a head said so. */
  get columns(): Columns | undefined {
    return this.#columns;
  }

  get report(): Pick<ListReport, 'entries' | 'broken' | 'firstBroken'> {
    const [entries, broken] = [this.#entries, this.#broken];
    return this.#first ? {entries, broken, firstBroken: this.#first} : {entries, broken};
  }

  add(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let from = 0;
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
      this.#take(all.subarray(from, end), this.#offset + from);
      from = end + 1;
    }
    // A line that never ends is cut, and its pieces are broken lines.
    if (all.length - from > sliceBytes) {
      this.#take(all.subarray(from), this.#offset + from);
      from = all.length;
    }
    this.#rest = Buffer.from(all.subarray(from));
    this.#offset += from;
    if (this.#offset > longestList) throw new Error(`expected a list of less than 4 GB`);
    if (this.#gathered.size > mostEntries) throw new Error(`expected at most ${mostEntries} entries`);
  }

  end(): void {
    if (this.#rest.length > 0) this.#take(this.#rest, this.#offset);
  }

  #take(bytes: Buffer, offset: number): void {
    this.#line++;
    const text = bytes.toString('utf8');
    const line = parseLine(this.#line === 1 ? text.replace(/^\ufeff/, '') : text, this.#columns);
    if (isEntry(line)) {
      this.#entries++;
      const {block} = line.indicator.kind === 'block' ? line.indicator : {block: undefined};
      this.#gathered.add(hashIndicator(line.indicator, this.#hash), this.#list, offset, block);
    } else if (line.kind === 'head') {
      // Only what comes first is a head.
      if (this.#entries === 0) this.#columns = line.columns;
      else this.#note(text, 'is a second head');
    } else if (line.kind === 'none') this.#note(text, line.reason);
  }

  #note(text: string, reason: string): void {
    this.#broken++;
    this.#first ??= {line: this.#line, text: text.trim().slice(0, 120), reason};
  }
}

/** Keys as they are read, in pieces that are never copied. */
class Gathered {
  size = 0;
  readonly #pieces: Uint32Array[] = [];
  readonly #prefixes = {v4: new Set<number>(), v6: new Set<number>()};

  add(
    {high, low}: KeyHash,
    list: number,
    offset: number,
    block?: {readonly version: 4 | 6; readonly prefix: number},
  ): void {
    const at = (this.size % sliceEntries) * 4;
    if (at === 0) this.#pieces.push(new Uint32Array(sliceEntries * 4));
    const piece = this.#pieces.at(-1);
    if (!piece) return;
    piece[at] = high;
    piece[at + 1] = low;
    piece[at + 2] = list;
    piece[at + 3] = offset;
    this.size++;
    if (block) this.#prefixes[block.version === 4 ? 'v4' : 'v6'].add(block.prefix);
  }

  async table(): Promise<IndicatorTable> {
    const table = new IndicatorTable(this.size, {v4: [...this.#prefixes.v4], v6: [...this.#prefixes.v6]});
    for (let left = this.size; left > 0; left -= sliceEntries) {
      const piece = this.#pieces.shift();
      if (!piece) break;
      for (let at = 0; at < Math.min(left, sliceEntries) * 4; at += 4)
        table.insert(piece[at] ?? 0, piece[at + 1] ?? 0, piece[at + 2] ?? 0, piece[at + 3] ?? 0);
      await turn();
    }
    return table;
  }
}
