/** A value of a database's record. */
export type MmdbValue = string | number | MmdbMap;
export interface MmdbMap {
  readonly [key: string]: MmdbValue;
}

/**
 * A database in MaxMind's format (version 2) with 24-bit records for blocks of IPv4 that do not overlap: for tests, as
 * none may be shipped.
 *
 * @example
 * writeFileSync(path, mmdb('Test-Country', [['203.0.113.0/24', {country: {iso_code: 'NL'}}]]));
 */
export function mmdb(type: string, blocks: readonly (readonly [block: string, record: MmdbMap])[]): Buffer {
  const nodes: [Child, Child][] = [[undefined, undefined]];
  const data: Buffer[] = [];
  let length = 0;
  for (const [block, record] of blocks) {
    insert(nodes, block, {offset: length});
    const bytes = encoded(record);
    data.push(bytes);
    length += bytes.length;
  }
  const tree = Buffer.concat(nodes.map(node => Buffer.concat(node.map(child => record24(child, nodes.length)))));
  const metadata = encoded({
    ...{node_count: nodes.length, record_size: 24, ip_version: 4, database_type: type},
    ...{binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 1_700_000_000},
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata]);
}

type Child = number | {readonly offset: number} | undefined;

const marker = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');

function insert(nodes: [Child, Child][], block: string, leaf: Child): void {
  const [address = '', prefix = '32'] = block.split('/');
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  let at = 0;
  for (let depth = 0; depth < Number(prefix); depth++) {
    const node = nodes[at];
    if (!node) return;
    const side = Math.floor(bits / 2 ** (31 - depth)) % 2 === 0 ? 0 : 1;
    if (depth === Number(prefix) - 1) node[side] = leaf;
    else if (typeof node[side] === 'number') at = node[side];
    else {
      nodes.push([undefined, undefined]);
      at = nodes.length - 1;
      node[side] = at;
    }
  }
}

function record24(child: Child, nodes: number): Buffer {
  const value = child === undefined ? nodes : typeof child === 'number' ? child : nodes + 16 + child.offset;
  return Buffer.from([(value >> 16) & 255, (value >> 8) & 255, value & 255]);
}

/** ASCII text of fewer than 285 characters, 32-bit numbers, and maps of fewer than 29 entries. */
function encoded(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const {length} = value;
    return Buffer.concat([
      Buffer.from(length < 29 ? [(2 << 5) | length] : [(2 << 5) | 29, length - 29]),
      Buffer.from(value),
    ]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([Buffer.from([(6 << 5) | 4]), bytes]);
  }
  const entries = Object.entries(value);
  return Buffer.concat([
    Buffer.from([(7 << 5) | entries.length]),
    ...entries.flatMap(([key, part]) => [encoded(key), encoded(part)]),
  ]);
}
