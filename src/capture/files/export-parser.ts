import type {JournalRecord} from '../logs/journal-entry.ts';

/** Called with each entry and the byte offset it begins at; without one where it was longer than is held. */
export type OnRecord = (record: JournalRecord | undefined, offset: number) => void;

const longestEntry = 4 * 2 ** 20;
const mostFields = 1024;
const newline = 10;
const equals = 61;

/**
 * Cuts journal export bytes into entries. A field is `NAME=text` and a newline, or `NAME`, a newline, eight bytes of
 * length (little endian), the data and a newline; an empty line ends an entry.
 */
export class ExportParser {
  #bytes: Buffer = Buffer.alloc(0);
  /** Offset in the file of the first held byte. */
  #offset = 0;
  #skip = 0;
  #fields = new Map<string, unknown>();
  #start = 0;
  #size = 0;
  #tooLong = false;

  push(piece: Buffer, onRecord: OnRecord): void {
    const skipped = Math.min(this.#skip, piece.length);
    this.#skip -= skipped;
    this.#offset += skipped;
    this.#bytes = Buffer.concat([this.#bytes, piece.subarray(skipped)]);
    let at = 0;
    for (let next = this.#field(at, onRecord); next > at; next = this.#field(at, onRecord)) at = next;
    this.#drop(at);
  }

  /** The last entry may lack its empty line. */
  end(onRecord: OnRecord): void {
    if (this.#fields.size > 0 || this.#tooLong) this.#finish(this.#offset, onRecord);
  }

  /** Takes the field, or the end of an entry, that begins at a held byte; gives what follows, or `at` if it is not whole. */
  #field(at: number, onRecord: OnRecord): number {
    const end = this.#bytes.indexOf(newline, at);
    if (end < 0) return this.#bytes.length - at > longestEntry ? this.#refuse(this.#bytes.length) : at;
    if (end === at) {
      this.#finish(this.#offset + end + 1, onRecord);
      return end + 1;
    }
    const mark = this.#bytes.indexOf(equals, at);
    if (mark >= 0 && mark < end) {
      this.#keep(this.#bytes.toString('latin1', at, mark), this.#bytes.subarray(mark + 1, end));
      return end + 1;
    }
    return this.#binary(at, end);
  }

  #binary(at: number, nameEnd: number): number {
    const data = nameEnd + 9;
    if (this.#bytes.length < data) return at;
    const length = this.#bytes.readBigUInt64LE(nameEnd + 1);
    if (length > BigInt(longestEntry)) {
      this.#tooLong = true;
      this.#skip = Number(length < BigInt(Number.MAX_SAFE_INTEGER) ? length : BigInt(Number.MAX_SAFE_INTEGER)) + 1;
      const here = Math.min(this.#skip, this.#bytes.length - data);
      this.#skip -= here;
      return data + here;
    }
    const end = data + Number(length);
    if (this.#bytes.length <= end) return at;
    this.#keep(this.#bytes.toString('latin1', at, nameEnd), this.#bytes.subarray(data, end));
    return end + 1;
  }

  #keep(name: string, value: Buffer): void {
    this.#size += name.length + value.length;
    if (this.#size > longestEntry || this.#fields.size >= mostFields) this.#tooLong = true;
    if (this.#tooLong || this.#fields.has(name)) return;
    this.#fields.set(name, value.toString('utf8'));
  }

  #refuse(next: number): number {
    this.#tooLong = true;
    return next;
  }

  #finish(next: number, onRecord: OnRecord): void {
    if (this.#tooLong) onRecord(undefined, this.#start);
    else if (this.#fields.size > 0) onRecord(this.#fields, this.#start);
    this.#fields = new Map();
    this.#size = 0;
    this.#tooLong = false;
    this.#start = next;
  }

  #drop(count: number): void {
    this.#bytes = Buffer.from(this.#bytes.subarray(count));
    this.#offset += count;
  }
}
