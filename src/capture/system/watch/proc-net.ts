import {endianness} from 'node:os';

/** A socket that waits for others to speak first. */
export interface Listener {
  readonly transport: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
}

/** One socket of a table: where it is bound, and whom it speaks with (port 0: nobody in particular). */
export interface SocketRow extends Listener {
  readonly state: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** The listeners in one table of /proc/net (`tcp`, `tcp6`, `udp`, `udp6`). Lines that are not understood are skipped. */
export function readListeners(table: string, transport: Listener['transport'], order = endianness()): Listener[] {
  const wanted = transport === 'tcp' ? tcpListen : udpUnconnected;
  return readSockets(table, transport, order)
    .filter(({state, remotePort}) => state === wanted && (transport === 'tcp' || remotePort === 0))
    .map(({address, port, uid, inode}) => ({transport, address, port, uid, inode}));
}

/** Every socket in such a table. */
export function readSockets(table: string, transport: Listener['transport'], order = endianness()): SocketRow[] {
  const found: SocketRow[] = [];
  for (const line of table.split('\n').slice(1)) {
    const columns = line.trim().split(/ +/);
    const [local, remote] = [readEnd(columns[1] ?? '', order), readEnd(columns[2] ?? '', order)];
    if (!local || !remote) continue;
    const [uid, inode] = [Number(columns[7]), columns[9] ?? ''];
    const other = {remoteAddress: remote.address, remotePort: remote.port};
    found.push({transport, ...local, ...other, state: columns[3] ?? '', uid, inode});
  }
  return found;
}

function readEnd(text: string, order: 'LE' | 'BE'): {address: string; port: number} | undefined {
  const [, address, port] = /^([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4})$/.exec(text) ?? [];
  if (address === undefined || port === undefined) return undefined;
  return {address: readAddress(address, order), port: Number.parseInt(port, 16)};
}

const tcpListen = '0A';
const udpUnconnected = '07';

// The kernel prints each 32-bit word as a number, so in its own byte order.
function readAddress(hex: string, order: 'LE' | 'BE'): string {
  const bytes = Buffer.from(hex, 'hex');
  if (order === 'LE') bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.subarray(0, 12).equals(mappedPrefix);
  return isMapped ? bytes.subarray(12).join('.') : shortest(bytes);
}

const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex');

/** An IPv6 address as RFC 5952 writes it: the longest run of two zero groups or more becomes `::`. */
function shortest(bytes: Buffer): string {
  const groups = Array.from({length: 8}, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(':');
  const runs = groups.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = runs.reduce(
    (best, run) => (run.replace(/^:/, '').length > best.replace(/^:/, '').length ? run : best),
    '',
  );
  if (longest === '') return groups;
  const at = groups.indexOf(longest);
  const before = groups.slice(0, at);
  const after = groups.slice(at + longest.length).replace(/^:/, '');
  return `${before}::${after}`;
}
