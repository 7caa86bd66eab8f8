import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {tsharkFields} from '../bench/capture-fields.ts';
import {openParser} from '../src/capture/files/open-parser.ts';
import type {RawPacket} from '../src/capture/packets/backend.ts';
import {Decoded} from '../src/capture/packets/decode/decoded.ts';
import {decodePacket} from '../src/capture/packets/decode/packet.ts';

const shared = ['../shared/data/pcap', '../../shared/data/pcap'].find(folder => existsSync(folder));
const withData = shared === undefined ? describe.skip : describe;
const needed = shared === undefined ? ' (needs ../shared/data)' : '';
const filesIn = (folder: string) => (shared === undefined ? ['-'] : readdirSync(join(shared, folder)));
const data = shared ?? '';

/** Layers that are not decoded yet: a frame with one of them is left out of the comparison from there on. */
const outOfScope = /^(?!(eth|raw|ipv6|ip)\b)|mpls|radiotap|sll|pppoe|gre|ipip|teredo/;
const compared = [...Object.keys(tsharkFields(new Decoded()))];

withData(`against tshark${needed}`, () => {
  const expected = filesIn('decode').filter(name => needed !== '' || name.endsWith('.expected.tsv'));

  test.each(expected)('%s: every field of the layers in scope is equal', name => {
    const rows = table(readFileSync(join(data, 'decode', name), 'utf8'));
    expect(differences(join(data, 'decode', name.replace('.expected.tsv', '')), rows)).toEqual([]);
  });

  const tshark = spawnSync('tshark', ['-v']).status === 0;
  (tshark ? test : test.skip).each(
    tshark ? filesIn('detect').filter(name => !/scan|gro/.test(name)) : ['(needs tshark)'],
  )('detect/%s: every field that tshark finds is equal', name => {
    const file = join(data, 'detect', name);
    expect(differences(file, table(ask(file)))).toEqual([]);
  });
});

withData(`hostile captures${needed}`, () => {
  test('nothing behind the captured bytes is ever read', () => {
    const changed: string[] = [];
    const folder = join(data, 'hostile');
    for (const name of readdirSync(folder)) {
      for (const packet of packetsOf(join(folder, name))) {
        if (decodedWithTail(packet, 0x00) !== decodedWithTail(packet, 0xff)) changed.push(name);
      }
    }
    expect(changed).toEqual([]);
  });
});

/** Where we and tshark differ: `frame 3: ip.ttl 64, got 63`. */
function differences(file: string, rows: readonly Readonly<Record<string, string>>[]): readonly string[] {
  const found: string[] = [];
  const ours = packetsOf(file);
  for (const [i, row] of rows.entries()) {
    if (outOfScope.test(row['frame.protocols'] ?? '')) continue;
    const packet = ours[i];
    const d = new Decoded();
    if (packet) decodePacket(d, packet);
    const fields = tsharkFields(d);
    // Of an ICMP error tshark also gives the ports of the packet that it quotes; that one is not the packet.
    const quotes = /icmp/.test(row['frame.protocols'] ?? '');
    for (const name of compared) {
      if (!(name in row) || fields[name] === row[name] || (quotes && /^(tcp|udp)/.test(name))) continue;
      found.push(`frame ${i + 1}: ${name} ${row[name]}, got ${fields[name]}`);
    }
  }
  return found;
}

/** Every packet of a file, each in bytes of its own. */
function packetsOf(file: string): readonly RawPacket[] {
  const bytes = readFileSync(file);
  const parser = openParser(bytes);
  const packets: RawPacket[] = [];
  parser?.push(bytes);
  for (let packet = parser?.next(); packet; packet = parser?.next()) {
    const own = packet.bytes.slice(packet.start, packet.end);
    packets.push({...packet, bytes: own, start: 0, end: own.length});
  }
  return packets;
}

function decodedWithTail(packet: RawPacket, tail: number): string {
  const bytes = new Uint8Array(packet.end + 300).fill(tail);
  bytes.set(packet.bytes);
  const d = new Decoded();
  decodePacket(d, {...packet, bytes});
  const {bytes: _bytes, ...values} = d;
  return JSON.stringify([values, tsharkFields(d)]);
}

function ask(file: string): string {
  const preferences = ['ip.defragment', 'ipv6.defragment', 'tcp.desegment_tcp_streams'].flatMap(name => [
    '-o',
    `${name}:FALSE`,
  ]);
  const fields = ['frame.protocols', ...compared].flatMap(name => ['-e', name]);
  const form = ['-T', 'fields', '-E', 'header=y', '-E', 'occurrence=f'];
  return spawnSync('tshark', ['-n', '-r', file, ...preferences, ...form, ...fields], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  }).stdout;
}

function table(text: string): readonly Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = text.split('\n').filter(line => line !== '');
  const names = header.split('\t');
  return lines.map(line => Object.fromEntries(line.split('\t').map((value, i) => [names[i] ?? '', value])));
}
