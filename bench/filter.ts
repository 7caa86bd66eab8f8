// How long a filter's verdict on a packet takes: `node scripts/bench.mjs filter -- CAPTURE [FILTER…]`. One JSON line a filter:
// nanoseconds a packet over all packets of the capture, the best of five passes.
import {readFileSync} from 'node:fs';
import {openParser} from '../src/capture/files/open-parser.ts';
import {compileFilter} from '../src/capture/packets/bpf/compile.ts';
import type {FilterProgram} from '../src/capture/packets/bpf/program.ts';
import {runFilter} from '../src/capture/packets/bpf/run.ts';

const [path = '', ...given] = process.argv.slice(2);
const filters =
  given.length > 0
    ? given
    : ['tcp port 443', 'not port 22', 'host 192.168.1.1', 'tcp[tcpflags] & tcp-syn != 0', 'net fe80::/10 or arp'];
const packets = packetsOf(path);
const turns = Math.max(1, Math.ceil(2_000_000 / packets.length));

for (const text of filters) {
  const program = compileFilter(text, 'ethernet');
  let best = Number.POSITIVE_INFINITY;
  let accepted = 0;
  for (let pass = 0; pass < 5; pass++) {
    const began = performance.now();
    for (let turn = 0; turn < turns; turn++) accepted = countAccepted(program);
    best = Math.min(best, performance.now() - began);
  }
  const nanoseconds = Math.round((best * 1e6) / (turns * packets.length));
  const instructions = program.instructions.length;
  process.stdout.write(
    `${JSON.stringify({bench: 'filter', filter: text, packets: packets.length, accepted, instructions, nanoseconds})}\n`,
  );
}

function countAccepted(program: FilterProgram): number {
  let accepted = 0;
  for (const bytes of packets) if (runFilter(program, bytes, 0, bytes.length, bytes.length)) accepted++;
  return accepted;
}

function packetsOf(file: string): readonly Uint8Array[] {
  const content = readFileSync(file);
  const parser = openParser(content);
  if (!parser) throw new Error(`Expected a pcap or pcapng file, got ${file}.`);
  parser.push(content);
  const found: Uint8Array[] = [];
  for (let packet = parser.next(); packet; packet = parser.next())
    found.push(packet.bytes.slice(packet.start, packet.end));
  return found;
}
