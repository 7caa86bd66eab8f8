import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pcapngFile} from '../capture/files/write-pcapng.ts';
import {errorText} from '../event/error-code.ts';
import type {PacketRow} from '../pipeline/snapshot.ts';
import {rawPacketOf} from '../tui/packet-bytes.ts';

/**
 * Writes packets as they are listed, with the first bytes that were kept of each, to a pcapng file in a folder, by
 * default the working one, named after the newest packet. Never overwrites one. Returns what to tell the user.
 */
export function exportShown(rows: readonly PacketRow[], folder = '.'): string {
  const newest = rows.at(-1);
  if (newest === undefined) return 'no packet is listed';
  const interfaces = [...new Set(rows.map(row => row.interface))];
  const packets = rows.map(row => ({...rawPacketOf(row), interfaceIndex: interfaces.indexOf(row.interface)}));
  const time = new Date(newest.time / 1000).toISOString().replace(/\D/g, '').slice(0, 17);
  const path = join(folder, `siem-packets-${time}.pcapng`);
  try {
    writeFileSync(path, pcapngFile(packets, {interfaces, comment: 'as listed; later bytes of packets were not kept'}), {
      flag: 'wx',
      mode: 0o600,
    });
    return `${packets.length} packets written to ${path}`;
  } catch (error) {
    return `could not write ${path}: ${errorText(error)}`;
  }
}
