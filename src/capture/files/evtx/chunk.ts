import {DamageError} from './damage.ts';
import {Names} from './names.ts';
import type {Template} from './nodes.ts';
import {parseFragment} from './parse-fragment.ts';
import {TextCache} from './text-cache.ts';
import {ValueTable} from './value-table.ts';

export const chunkSize = 65_536;
export const chunkHead = 512;
/** Of the templates that a chunk's head lists, each of which names the next of its kind. */
const templateList = 384;
const templateChains = 32;
const longestChain = 1024;
/** Before a template's content: the next template, its id, its size. */
const templateHead = 24;
/** Fragments within values within fragments. */
export const deepest = 64;
const workOfNode = 16;
/** Eight times what a record that fills its chunk takes. */
const mostRecordWork = 8 * chunkSize;
/** Some ten times what a chunk full of the smallest records takes. */
const mostChunkWork = 128 * chunkSize;

/** The 64 KiB that are read at a time, and what its records share. Used anew for each chunk. */
export class Chunk {
  readonly bytes: Buffer = Buffer.alloc(chunkSize);
  readonly texts = new TextCache();
  readonly names = new Names(this.bytes, this.texts);
  /** Undefined for those that are being read, and for those that could not be. */
  readonly #templates = new Map<number, Template | undefined>();
  readonly #tables: ValueTable[] = [];
  /** Templates that are being read, one within the other. */
  #nesting = 0;
  #recordWork = 0;
  #chunkWork = 0;

  /** To be called when other bytes were put in. */
  changed(): void {
    this.names.clear();
    this.#templates.clear();
    this.#chunkWork = 0;
  }

  /** To be called before each record. */
  nextRecord(): void {
    this.#recordWork = 0;
  }

  /** Counts what filling in a record's templates takes, about in bytes: a few bytes can ask for very many. */
  spend(bytes: number): void {
    const work = bytes + workOfNode;
    this.#recordWork += work;
    this.#chunkWork += work;
    if (this.#recordWork > mostRecordWork || this.#chunkWork > mostChunkWork) throw new DamageError('record-too-large');
  }

  /** The value table of a nesting depth: valid until the next record is read. */
  table(depth: number): ValueTable {
    if (depth >= deepest) throw new DamageError('record-too-large');
    const known = this.#tables[depth];
    if (known) return known;
    const made = new ValueTable();
    this.#tables[depth] = made;
    return made;
  }

  /** The template at an offset, whose id begins with these 32 bits. */
  template(offset: number, id: number): Template {
    const place = this.#isTemplate(offset, id) ? offset : this.#listed(id);
    if (this.#templates.has(place)) {
      const known = this.#templates.get(place);
      if (!known) throw new DamageError('record-template');
      return known;
    }
    this.#templates.set(place, undefined);
    if (this.#nesting >= deepest) throw new DamageError('record-too-large');
    this.#nesting++;
    try {
      const made = this.#read(place);
      this.#templates.set(place, made);
      return made;
    } finally {
      this.#nesting--;
    }
  }

  #read(place: number): Template {
    const start = place + templateHead;
    const end = start + this.bytes.readUInt32LE(place + 20);
    if (end > chunkSize) throw new DamageError('record-template');
    return {nodes: parseFragment(this, start, end, 'template'), programs: new Map()};
  }

  #isTemplate(offset: number, id: number): boolean {
    return offset + templateHead <= chunkSize && this.bytes.readUInt32LE(offset + 4) === id;
  }

  /** Looks a template up in the list of the chunk's head, for a record that points beside it. */
  #listed(id: number): number {
    const head = this.bytes.readUInt32LE(templateList + (id % templateChains) * 4);
    for (let at = head, steps = 0; at > 0 && steps < longestChain; steps++) {
      if (at + templateHead > chunkSize) break;
      if (this.#isTemplate(at, id)) return at;
      at = this.bytes.readUInt32LE(at);
    }
    throw new DamageError('record-template');
  }
}
