import type {ExplainedField} from '../../explained.ts';
import {ipv4Text, ipv6Text, macText} from '../address.ts';
import {i32, u8, u16, u24} from '../decoded.ts';

/** Collects the fields of one layer, which begins at `at`. What lies past `end` is left out. Offsets are the layer's. */
export class FieldList {
  readonly fields: ExplainedField[] = [];
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  readonly #origin: number;

  constructor(bytes: Uint8Array, origin: number, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.#origin = origin;
  }

  /** An unsigned number of one to four bytes, with what it means behind it. */
  number(name: string, offset: number, length: 1 | 2 | 3 | 4, meaning: (value: number) => string = () => ''): void {
    if (!this.has(offset, length)) return;
    const value = this.value(offset, length);
    const said = meaning(value);
    this.add(name, offset, length, said === '' ? String(value) : `${value} (${said})`);
  }

  hex(name: string, offset: number, length: 1 | 2 | 3 | 4, meaning: (value: number) => string = () => ''): void {
    if (!this.has(offset, length)) return;
    const value = this.value(offset, length);
    const said = meaning(value);
    const text = `0x${value.toString(16).padStart(length * 2, '0')}`;
    this.add(name, offset, length, said === '' ? text : `${text} (${said})`);
  }

  mac(name: string, offset: number): void {
    if (this.has(offset, 6)) this.add(name, offset, 6, macText(this.bytes, this.at + offset));
  }

  ipv4(name: string, offset: number): void {
    if (this.has(offset, 4)) this.add(name, offset, 4, ipv4Text(i32(this.bytes, this.at + offset)));
  }

  ipv6(name: string, offset: number): void {
    if (!this.has(offset, 16)) return;
    const word = (n: number) => i32(this.bytes, this.at + offset + n * 4);
    this.add(name, offset, 16, ipv6Text(word(0), word(1), word(2), word(3)));
  }

  add(name: string, offset: number, length: number, value: string): void {
    this.fields.push({name, value, start: this.at + offset - this.#origin, length});
  }

  has(offset: number, length: number): boolean {
    return this.at + offset + length <= this.end;
  }

  /** The caller has asked `has`. */
  value(offset: number, length: 1 | 2 | 3 | 4): number {
    const at = this.at + offset;
    if (length === 1) return u8(this.bytes, at);
    if (length === 2) return u16(this.bytes, at);
    return length === 3 ? u24(this.bytes, at) : i32(this.bytes, at) >>> 0;
  }
}
