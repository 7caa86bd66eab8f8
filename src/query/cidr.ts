/** An IP address as a number of 32 or 128 bits. IPv4 mapped into IPv6 (`::ffff:10.0.0.1`) counts as IPv4. */
export interface Address {
  readonly version: 4 | 6;
  readonly bits: bigint;
}

/** A block of addresses: those that share the first `prefix` bits. A single address is a block of one. */
export interface Block extends Address {
  readonly prefix: number;
}

/** Reads `10.0.0.0/8`, `fe80::/10` or one address; undefined where it is neither. Bits after the prefix are ignored. */
export function parseBlock(text: string): Block | undefined {
  const [, head = '', length] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseAddress(head);
  if (!address) return undefined;
  const width = address.version === 4 ? 32 : 128;
  // A mapped block's prefix counts the 96 bits of the mapping too.
  const mapped = address.version === 4 && head.includes(':');
  const prefix = length === undefined ? width : Number(length) - (mapped ? 96 : 0);
  return prefix < 0 || prefix > width ? undefined : {...address, prefix};
}

export function inBlock(text: string, block: Block): boolean {
  const address = parseAddress(text);
  if (!address || address.version !== block.version) return false;
  const shift = BigInt((block.version === 4 ? 32 : 128) - block.prefix);
  return address.bits >> shift === block.bits >> shift;
}

export function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/%[\w.-]{1,32}$/, '');
  if (!bare.includes(':')) {
    const bits = dotted(bare);
    return bits === undefined ? undefined : {version: 4, bits};
  }
  const bits = hextets(bare);
  if (bits === undefined) return undefined;
  return bits >> 32n === 0xffffn ? {version: 4, bits: bits & 0xffff_ffffn} : {version: 6, bits};
}

function dotted(text: string): bigint | undefined {
  const parts = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/
    .exec(text)
    ?.slice(1)
    .map(Number);
  if (!parts || parts.some(part => part > 255)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function hextets(text: string): bigint | undefined {
  if (text.length > 45) return undefined;
  const [left = '', right, more] = text.split('::');
  if (more !== undefined) return undefined;
  const head = groups(left, right === undefined);
  const tail = groups(right ?? '', true);
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** Groups of 16 bits; the last of the address may be a dotted IPv4 that stands for two. */
function groups(text: string, last: boolean): bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const found: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const four = last && index === parts.length - 1 && part.includes('.') ? dotted(part) : undefined;
    if (four !== undefined) found.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) found.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return found;
}
