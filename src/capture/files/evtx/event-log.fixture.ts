import {crc32} from 'node:zlib';

/** A value of a template instance: bytes, or binary XML that is written at its place. */
export interface FixtureValue {
  readonly type: number;
  readonly bytes: Buffer | ((xml: BinaryXmlWriter) => void);
}

export const utf16 = (text: string) => Buffer.from(text, 'utf16le');
export const string = (text: string): FixtureValue => ({type: 0x01, bytes: utf16(text)});

const chunkSize = 65_536;

/** Writes binary XML into a chunk, at its place: names and templates are referred to by their offsets there. */
export class BinaryXmlWriter {
  readonly bytes: Buffer;
  at: number;
  readonly #templates = new Map<number, number>();

  constructor(bytes = Buffer.alloc(chunkSize), at = 512) {
    this.bytes = bytes;
    this.at = at;
  }

  raw(...bytes: number[]): this {
    for (const byte of bytes) this.bytes[this.at++] = byte;
    return this;
  }

  u16(value: number): this {
    this.at = this.bytes.writeUInt16LE(value, this.at);
    return this;
  }

  u32(value: number): this {
    this.at = this.bytes.writeUInt32LE(value, this.at);
    return this;
  }

  put(bytes: Buffer): this {
    bytes.copy(this.bytes, this.at);
    this.at += bytes.length;
    return this;
  }

  fragment(): this {
    return this.raw(0x0f, 1, 1, 0);
  }

  name(text: string): this {
    return this.u32(this.at + 4)
      .u32(0)
      .u16(0)
      .u16(text.length)
      .put(utf16(`${text}\0`));
  }

  /** `<name attributes>` up to its content, or empty. Without `dependency` as it stands in a value by itself. */
  element(name: string, attributes: Record<string, string>, content?: () => void, dependency = true): this {
    const pairs = Object.entries(attributes);
    this.raw(pairs.length > 0 ? 0x41 : 0x01);
    if (dependency) this.u16(0xffff);
    const size = this.at;
    this.u32(0).name(name);
    if (pairs.length > 0) this.#attributes(pairs);
    if (content) {
      this.raw(0x02);
      content();
      this.raw(0x04);
    } else this.raw(0x03);
    this.bytes.writeUInt32LE(this.at - size - 4, size);
    return this;
  }

  text(text: string): this {
    return this.raw(0x05, 0x01).u16(text.length).put(utf16(text));
  }

  substitution(index: number, optional = true): this {
    return this.raw(optional ? 0x0e : 0x0d)
      .u16(index)
      .raw(0x01);
  }

  /** Refers to the template of this id; where the chunk has none yet it is written here. */
  instance(id: number, content: () => void, values: readonly FixtureValue[]): this {
    this.raw(0x0c, 1).u32(id);
    const known = this.#templates.get(id);
    this.u32(known ?? this.at + 4);
    if (known === undefined) this.#template(id, content);
    this.u32(values.length);
    const sizes = this.at;
    for (const {type} of values) this.u16(0).raw(type, 0);
    for (const [index, {bytes}] of values.entries()) {
      const start = this.at;
      if (typeof bytes === 'function') bytes(this);
      else this.put(bytes);
      this.bytes.writeUInt16LE(this.at - start, sizes + index * 4);
    }
    return this;
  }

  #template(id: number, content: () => void): void {
    this.#templates.set(id, this.at);
    this.u32(0).u32(id).put(Buffer.alloc(12));
    const size = this.at;
    this.u32(0).fragment();
    content();
    this.raw(0);
    this.bytes.writeUInt32LE(this.at - size - 4, size);
  }

  #attributes(pairs: readonly (readonly [string, string])[]): void {
    const size = this.at;
    this.u32(0);
    for (const [index, [name, value]] of pairs.entries()) {
      this.raw(index < pairs.length - 1 ? 0x46 : 0x06).name(name);
      this.text(value);
    }
    this.bytes.writeUInt32LE(this.at - size - 4, size);
  }
}

export type FixtureRecord = (xml: BinaryXmlWriter) => void;

/** 2024-05-06 07:08:09.123456 UTC in units of 100 ns since 1601. */
export const written = 133_594_528_891_234_567n;

/** One chunk with these records, numbered from `first`. */
export function fixtureChunk(records: readonly FixtureRecord[], first = 1): Buffer {
  const xml = new BinaryXmlWriter();
  let newest = xml.at;
  for (const [index, record] of records.entries()) {
    const start = xml.at;
    newest = start;
    xml.put(Buffer.from('**\0\0', 'latin1')).u32(0);
    xml.at = xml.bytes.writeBigUInt64LE(BigInt(first + index), xml.at);
    xml.at = xml.bytes.writeBigUInt64LE(written, xml.at);
    xml.fragment();
    record(xml);
    xml.raw(0).u32(xml.at + 4 - start);
    xml.bytes.writeUInt32LE(xml.at - start, start + 4);
  }
  return headed(xml.bytes, {first, last: first + records.length - 1, newest, free: xml.at});
}

export function fixtureLog(...chunks: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(4096);
  head.write('ElfFile\0', 'latin1');
  head.writeBigUInt64LE(BigInt(chunks.length - 1), 16);
  head.writeBigUInt64LE((chunks.at(-1)?.readBigUInt64LE(16) ?? 0n) + 1n, 24);
  head.writeUInt32LE(128, 32);
  head.writeUInt16LE(1, 36);
  head.writeUInt16LE(3, 38);
  head.writeUInt16LE(4096, 40);
  head.writeUInt16LE(chunks.length, 42);
  head.writeUInt32LE(crc32(head.subarray(0, 120)), 124);
  return Buffer.concat([head, ...chunks]);
}

interface ChunkHead {
  readonly first: number;
  readonly last: number;
  /** Offset of the last record. */
  readonly newest: number;
  readonly free: number;
}

function headed(bytes: Buffer, {first, last, newest, free}: ChunkHead): Buffer {
  bytes.write('ElfChnk\0', 'latin1');
  for (const [index, id] of [first, last, first, last].entries()) bytes.writeBigUInt64LE(BigInt(id), 8 + index * 8);
  bytes.writeUInt32LE(128, 40);
  bytes.writeUInt32LE(newest, 44);
  bytes.writeUInt32LE(free, 48);
  bytes.writeUInt32LE(crc32(bytes.subarray(512, free)), 52);
  bytes.writeUInt32LE(crc32(bytes.subarray(128, 512), crc32(bytes.subarray(0, 120))), 124);
  return bytes;
}

/** A whole event: `<System>` with these values, then what `data` writes. */
export function fixtureEvent(
  xml: BinaryXmlWriter,
  data: () => void,
  eventId: () => void = () => xml.text('4624'),
): void {
  const leaf = (name: string, text: string) => xml.element(name, {}, () => xml.text(text));
  xml.element('Event', {}, () => {
    xml.element('System', {}, () => {
      xml.element('Provider', {Name: 'Test-Provider'});
      xml.element('EventID', {}, eventId);
      leaf('Level', '4');
      xml.element('TimeCreated', {SystemTime: '2024-05-06T07:08:09.1234567Z'});
      leaf('Channel', 'Security');
      leaf('Computer', 'pc');
    });
    data();
  });
}
