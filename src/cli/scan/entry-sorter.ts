import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Entry, inOrder} from './entry.ts';

/** Entries in order: some in files, each in order, and the rest in memory. */
export interface SortedEntries {
  readonly files: readonly string[];
  readonly rest: readonly Entry[];
}

const mostCharacters = 16 * 2 ** 20;

/** Puts entries in order with bounded memory: what is too much is written to files, to be merged at the end. */
export class EntrySorter {
  readonly #folder: string;
  readonly #name: string;
  readonly #limit: number;
  #held: Entry[] = [];
  #characters = 0;
  readonly #files: string[] = [];

  /** `folder` is made when it is needed; whoever named it removes it. */
  constructor(folder: string, name: string, limit = mostCharacters) {
    this.#folder = folder;
    this.#name = name;
    this.#limit = limit;
  }

  add(entry: Entry): void {
    this.#held.push(entry);
    this.#characters += entry.text.length + 64;
    if (this.#characters > this.#limit) this.#spill();
  }

  sorted(): SortedEntries {
    return {files: this.#files, rest: this.#held.sort(inOrder)};
  }

  #spill(): void {
    mkdirSync(this.#folder, {recursive: true, mode: 0o700});
    const file = join(this.#folder, `${this.#name}-${this.#files.length}`);
    const lines = this.#held
      .sort(inOrder)
      .map(({time, file: from, place, text}) => `${time}\t${from}\t${place}\t${text}\n`);
    writeFileSync(file, lines.join(''), {mode: 0o600});
    this.#files.push(file);
    this.#held = [];
    this.#characters = 0;
  }
}
