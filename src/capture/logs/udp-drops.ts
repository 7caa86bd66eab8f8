import {readFile} from 'node:fs/promises';

/**
 * Datagrams that the kernel dropped at a listening port since it was opened, because its buffer was full: the `drops`
 * column of /proc/net/udp and udp6. Undefined where there is no such file.
 */
export async function kernelDrops(port: number): Promise<number | undefined> {
  const tables = await Promise.all(['/proc/net/udp', '/proc/net/udp6'].map(readTable));
  const known = tables.filter(table => table !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, table) => sum + sumDrops(table, port), 0);
}

/** Adds up the drops of all sockets at a port in the kernel's table. */
export function sumDrops(table: string, port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/))
    .filter(columns => columns[1]?.endsWith(local))
    .reduce((sum, columns) => sum + (Number(columns[12]) || 0), 0);
}

async function readTable(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Not Linux, or no such protocol here: then the kernel's drops cannot be known.
    return undefined;
  }
}
