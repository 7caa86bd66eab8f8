import type {Chunk} from './chunk.ts';
import {DamageError} from './damage.ts';
import type {AttributeNode, ElementNode, InstanceNode, Node} from './nodes.ts';
import {readInstance} from './read-instance.ts';
import {decodeValue, fixedSize, textOf} from './values.ts';

/** `template`: a template's content; `record`: a record's; `value`: what stands in a record's value of type 0x21. */
export type FragmentPlace = 'template' | 'record' | 'value';

/** Elements open at once. Windows' own stay below ten. */
export const mostOpen = 512;

/** Tokens of binary XML ([MS-EVEN6] 2.2.12). The bit 0x40 says that more of the same follows, and is not needed. */
export const Tokens = {
  end: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  endElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  characterReference: 0x08,
  entityReference: 0x09,
  instructionTarget: 0x0a,
  instructionData: 0x0b,
  instance: 0x0c,
  substitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragment: 0x0f,
} as const;

const more = 0x40;
const noDepth = 0;

/** Reads the binary XML between two offsets of a chunk to its end token, or to `end` where there is none. */
export function parseFragment(chunk: Chunk, start: number, end: number, place: FragmentPlace, depth = noDepth): Node[] {
  return new FragmentParser(chunk, start, end, place, depth).parse();
}

class FragmentParser {
  readonly #chunk: Chunk;
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #place: FragmentPlace;
  readonly #depth: number;
  #at: number;
  #open = 0;
  #instances = 0;

  constructor(chunk: Chunk, start: number, end: number, place: FragmentPlace, depth: number) {
    this.#chunk = chunk;
    this.#bytes = chunk.bytes;
    this.#at = start;
    this.#end = Math.min(end, chunk.bytes.length);
    this.#place = place;
    this.#depth = depth;
  }

  parse(): Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#end && this.#peek() !== Tokens.end) {
      if (this.#peek() === Tokens.fragment) this.#skip(4);
      else nodes.push(this.#content());
    }
    return nodes;
  }

  #content(): Node {
    const token = this.#peek() & ~more;
    switch (token) {
      case Tokens.openElement:
        return this.#element();
      case Tokens.value:
        return this.#value();
      case Tokens.cdata:
        this.#skip(1);
        return {kind: 'cdata', text: this.#text()};
      case Tokens.characterReference:
        this.#skip(1);
        return {kind: 'text', text: textOf(String.fromCharCode(this.#u16()))};
      case Tokens.entityReference:
        this.#skip(1);
        return {kind: 'text', text: entityText(this.#name())};
      case Tokens.instructionTarget:
        return this.#instruction();
      case Tokens.instance:
        return this.#instance();
      case Tokens.substitution:
      case Tokens.optionalSubstitution:
        return this.#substitution(token === Tokens.optionalSubstitution);
      default:
        throw new DamageError('record-content');
    }
  }

  #element(): ElementNode {
    if (++this.#open > mostOpen) throw new DamageError('record-too-large');
    const withAttributes = (this.#peek() & more) !== 0;
    this.#elementHead();
    const name = this.#name();
    const attributes = withAttributes ? this.#attributes() : [];
    const children: Node[] = [];
    const token = this.#u8();
    if (token === Tokens.closeStart) {
      while (this.#peek() !== Tokens.endElement) children.push(this.#content());
      this.#skip(1);
    } else if (token !== Tokens.closeEmpty) throw new DamageError('record-content');
    this.#open--;
    return {kind: 'element', name, attributes, children};
  }

  /**
   * The token, a dependency id of two bytes, and the size. An element that stands in a value by itself has no
   * dependency id, and which of the two forms it has is told by where a name would be.
   */
  #elementHead(): void {
    const at = this.#at;
    const without = this.#place === 'value' && this.#isHead(at + 1) && !this.#isHead(at + 3);
    this.#skip(without ? 5 : 7);
  }

  #isHead(at: number): boolean {
    if (at + 8 > this.#end) return false;
    return (
      at + 4 + this.#bytes.readUInt32LE(at) <= this.#end && this.#chunk.names.isName(this.#bytes.readUInt32LE(at + 4))
    );
  }

  #attributes(): AttributeNode[] {
    this.#skip(4);
    const attributes: AttributeNode[] = [];
    while ((this.#peek() & ~more) === Tokens.attribute) {
      this.#skip(1);
      const name = this.#name();
      const value: Node[] = [];
      while (isAttributeContent(this.#peek() & ~more)) value.push(this.#content());
      attributes.push({name, value});
    }
    return attributes;
  }

  #value(): Node {
    this.#skip(1);
    const type = this.#u8();
    if (type === 0x01) return {kind: 'text', text: this.#text()};
    const size = fixedSize(type);
    if (size === 0) throw new DamageError('record-content');
    const start = this.#skip(size);
    return {kind: 'text', text: String(decodeValue(this.#chunk, start, size, type))};
  }

  #instruction(): Node {
    this.#skip(1);
    const target = this.#name();
    if (this.#at >= this.#end || this.#peek() !== Tokens.instructionData)
      return {kind: 'instruction', target, data: ''};
    this.#skip(1);
    return {kind: 'instruction', target, data: this.#text()};
  }

  #instance(): InstanceNode {
    // The table of a depth holds one instance's values at a time; a template's own instances outlive the record.
    const own = this.#place === 'template' || this.#instances++ > 0;
    const {node, end} = readInstance(this.#chunk, this.#at, this.#end, own ? undefined : this.#depth);
    this.#at = end;
    return node;
  }

  #substitution(optional: boolean): Node {
    this.#skip(1);
    const index = this.#u16();
    this.#skip(1);
    return {kind: 'substitution', index, optional};
  }

  /** A name stands where it is first used, right behind the reference to it. */
  #name(): string {
    const offset = this.#u32();
    const name = this.#chunk.names.at(offset);
    if (offset === this.#at) this.#skip(this.#chunk.names.size(offset));
    return name;
  }

  #text(): string {
    const length = this.#u16();
    const start = this.#skip(length * 2);
    return this.#chunk.texts.read(this.#bytes, start, length);
  }

  #peek(): number {
    if (this.#at >= this.#end) throw new DamageError('record-content');
    return this.#bytes[this.#at] as number;
  }

  #u8(): number {
    return this.#bytes[this.#skip(1)] as number;
  }

  #u16(): number {
    return this.#bytes.readUInt16LE(this.#skip(2));
  }

  #u32(): number {
    return this.#bytes.readUInt32LE(this.#skip(4));
  }

  /** Moves on over so many bytes, which must be there. Gives the offset of the first. */
  #skip(count: number): number {
    const start = this.#at;
    this.#at += count;
    if (this.#at > this.#end) throw new DamageError('record-content');
    return start;
  }
}

function isAttributeContent(token: number): boolean {
  return (
    token === Tokens.value ||
    token === Tokens.substitution ||
    token === Tokens.optionalSubstitution ||
    token === Tokens.characterReference ||
    token === Tokens.entityReference
  );
}

const entities: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};

function entityText(name: string): string {
  return Object.hasOwn(entities, name) ? (entities[name] as string) : `&${name};`;
}
