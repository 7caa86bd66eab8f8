import {spawnSync} from 'node:child_process';
import type {Fields} from './capture-fields.ts';

/** The fields compared, in the order of the expected files. */
export const tsharkFieldNames = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.protocols',
  'eth.src',
  'eth.dst',
  'vlan.id',
  'ip.src',
  'ip.dst',
  'ip.proto',
  'ip.ttl',
  'ip.len',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.nxt',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.flags',
  'udp.srcport',
  'udp.dstport',
  'icmp.type',
  'icmp.code',
  'icmpv6.type',
  'arp.opcode',
  'arp.src.proto_ipv4',
  'arp.dst.proto_ipv4',
  'dns.qry.name',
  'tls.handshake.extensions_server_name',
  'http.host',
] as const;

export function hasTshark(): boolean {
  return spawnSync('tshark', ['-v'], {stdio: 'ignore'}).status === 0;
}

/** What tshark says of a file: nothing put together over packets, of each field the first occurrence. */
export function askTshark(file: string): readonly Fields[] {
  const preferences = ['ip.defragment', 'ipv6.defragment', 'tcp.desegment_tcp_streams'];
  const options = preferences.flatMap(name => ['-o', `${name}:FALSE`]);
  const fields = tsharkFieldNames.flatMap(name => ['-e', name]);
  const form = ['-T', 'fields', '-E', 'header=y', '-E', 'occurrence=f'];
  const {stdout} = spawnSync('tshark', ['-n', '-r', file, ...options, ...form, ...fields], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  return readTable(stdout);
}

/** A table with a header line, tabs between its columns. */
export function readTable(text: string): readonly Fields[] {
  const [header = '', ...lines] = text.split('\n').filter(line => line !== '');
  const names = header.split('\t');
  return lines.map(line => Object.fromEntries(line.split('\t').map((value, i) => [names[i] ?? '', value])));
}
