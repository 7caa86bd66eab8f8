// Filters against libpcap: its own programs run on the same packets, and tcpdump's count of what it prints.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pcapFile} from '../bench/packet-builder.ts';
import {mixedTraffic} from '../bench/traffic.ts';
import {openParser} from '../src/capture/files/open-parser.ts';
import {compileFilter} from '../src/capture/packets/bpf/compile.ts';
import type {FilterLink} from '../src/capture/packets/bpf/layout.ts';
import type {FilterProgram} from '../src/capture/packets/bpf/program.ts';
import {runFilter} from '../src/capture/packets/bpf/run.ts';
import type {CaptureCounters} from '../src/capture/packets/messages.ts';
import {QueryError} from '../src/query/expression.ts';
import {expressions, refused} from './filters/expressions.ts';
import {libpcapProgram, tcpdumpCount} from './filters/libpcap.ts';
import {type Packets, packetsUnder, rewrapped} from './filters/packets.ts';
import {RandomFilter} from './filters/random-filter.ts';
import {data, dataFolder, needs, program} from './needs.ts';

const oracle = needs(data, program('tcpdump'));
const captures = `${dataFolder}/pcap`;
let kept: ReadonlyMap<FilterLink, Packets> | undefined;

/** Read once: a map of link type → packets, those of Ethernet rewrapped where the captures have few. */
function packetsOf(link: FilterLink): readonly Packets[] {
  kept ??= packetsUnder(captures);
  const own = kept.get(link);
  const ethernet = kept.get('ethernet');
  if (!own || !ethernet) return [];
  if (link === 'ethernet') return [own];
  // Captures of BSD loopback come from systems whose number for IPv6 is not the one libpcap expects here.
  return [...(link === 'null' ? [] : [own]), rewrapped(ethernet, link, 8)];
}

/**
 * Compares a filter with libpcap's program of it. The unoptimised one must agree on every packet. The optimiser leaves out
 * loads that decide nothing, which only shows where the packet is too short for them.
 */
function differences(text: string, link: FilterLink): readonly string[] {
  const ours = compiled(text, link);
  const plain = libpcapProgram(text, link, false);
  if (typeof plain === 'string')
    return ours instanceof Error ? [] : [`${link}: ${text}: only libpcap refuses it: ${plain}`];
  if (ours instanceof Error) return [`${link}: ${text}: only we refuse it: ${ours.message}`];
  const optimised = link === 'ethernet' ? libpcapProgram(text, link, true) : undefined;
  const wrong = packetsOf(link).flatMap(packets => [
    ...verdictsDiffer(ours, plain, packets, 0),
    ...(typeof optimised === 'object' ? verdictsDiffer(ours, optimised, packets, 120) : []),
  ]);
  return wrong.length === 0 ? [] : [`${link}: ${text}: ${wrong.length} packets, the first ${wrong[0]}`];
}

function compiled(text: string, link: FilterLink): FilterProgram | Error {
  try {
    return compileFilter(text, link);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
}

function verdictsDiffer(a: FilterProgram, b: FilterProgram, {bytes, ends, wire}: Packets, shortest: number): number[] {
  const found: number[] = [];
  let start = 0;
  ends.forEach((end, i) => {
    const context = {outgoing: i % 3 === 0, vlan: -1};
    const length = wire[i] ?? 0;
    const verdicts = [a, b].map(each => runFilter(each, bytes, start, end, length, context));
    if (end - start >= shortest && verdicts[0] !== verdicts[1]) found.push(i);
    start = end;
  });
  return found;
}

// A sum beyond 32 bits is libpcap's own only in the program as first generated.
const wraps = /\[4294967/;

oracle(
  'each filter accepts what libpcap accepts, and is refused where libpcap refuses it, on Ethernet',
  async () => {
    const wrong = expressions.filter(text => !wraps.test(text)).flatMap(text => differences(text, 'ethernet'));
    expect(wrong).toEqual([]);
  },
  300_000,
);

for (const link of ['raw', 'ipv4', 'ipv6', 'null', 'sll', 'sll2'] as const) {
  oracle(
    `the same on ${link}`,
    async () => {
      const wrong = expressions.filter(text => !wraps.test(text)).flatMap(text => differences(text, link));
      expect(wrong).toEqual([]);
    },
    300_000,
  );
}

oracle('what libpcap refuses is refused', async () => {
  const taken = refused.filter(text => typeof libpcapProgram(text, 'ethernet', false) !== 'string');
  expect(taken).toEqual([]);
  expect(refused.filter(text => !(compiled(text, 'ethernet') instanceof Error))).toEqual([]);
});

oracle(
  'random filters accept what libpcap accepts',
  async () => {
    const random = new RandomFilter(20_260_101);
    const texts = Array.from({length: 300}, () => random.next());
    expect(texts.flatMap(text => differences(text, 'ethernet'))).toEqual([]);
    // That both refuse a filter says little: most are to be compared on packets.
    expect(texts.filter(text => !(compiled(text, 'ethernet') instanceof Error)).length).toBeGreaterThan(200);
  },
  300_000,
);

oracle('tcpdump prints as many packets of a capture', async () => {
  const files = [
    'detect/gro-pgsql.pcap',
    'decode/mixed-vlan-mpls.pcap',
    'decode/http-qinq-0.pcap',
    'detect/tcp_scan.pcapng',
  ];
  const filters = [
    'tcp',
    'not port 5432',
    'vlan',
    'vlan and tcp port 80',
    'mpls and ip',
    'tcp[tcpflags] & tcp-syn != 0',
  ];
  for (const file of files) {
    const path = `${captures}/${file}`;
    for (const text of filters)
      expect([file, text, ourCount(path, text)]).toEqual([file, text, tcpdumpCount(path, text)]);
  }
});

test('what a filter leaves out of a file is counted, and the account comes out even', () => {
  const folder = mkdtempSync(join(tmpdir(), 'siem-filter-'));
  const path = join(folder, 'mixed.pcap');
  writeFileSync(path, pcapFile(mixedTraffic(20)));
  const whole = lastCounters(path, '');
  const some = lastCounters(path, 'udp');
  rmSync(folder, {recursive: true});
  expect(some.seen).toBe(whole.seen);
  expect(some.decoded).toBeGreaterThan(0);
  expect(some.decoded).toBeLessThan(whole.decoded);
  expect(some.seen).toBe(some.decoded + (some.dropped.filtered ?? 0));
  expect(whole.dropped).toEqual({});
});

function lastCounters(path: string, filter: string): CaptureCounters {
  const driver = join(__dirname, 'capture-driver.mjs');
  const env = {...process.env, CAPTURE_FILTER: filter};
  const {stdout} = spawnSync(process.execPath, [driver, 'read', path], {env, encoding: 'utf8', maxBuffer: 1 << 28});
  const said = stdout.split('\n').filter(line => line.startsWith('{"type":"counters"'));
  return JSON.parse(said.at(-1) ?? '{}').value;
}

function ourCount(path: string, text: string): number {
  const content = readFileSync(path);
  const parser = openParser(content);
  parser?.push(content);
  let filter: FilterProgram | undefined;
  let count = 0;
  for (let packet = parser?.next(); packet; packet = parser?.next()) {
    filter ??= compileFilter(text, packet.link as FilterLink);
    if (runFilter(filter, packet.bytes, packet.start, packet.end, packet.wire)) count++;
  }
  return count;
}
