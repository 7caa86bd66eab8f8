// A capture file through decoding, flows, what applications say and all network detectors, as `siem read` and `siem scan`
// do it, beside `tshark -q -z conv,ip` over the same file. One line of JSON: packets a second of both, whole processes.
//
// npm run -s bench:pcap -- [FILE]   a file of fewer than a million packets is repeated, later each time; without one,
//                                   generated traffic
import {spawnSync} from 'node:child_process';
import {closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {readCapture} from '../src/capture/files/read-capture.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {systemClock} from '../src/event/clock.ts';
import {readCaptureFile} from './compare-capture.ts';
import {numbers} from './packet-builder.ts';
import {mixedTraffic} from './traffic.ts';

const wanted = 1_000_000;
const runs = 3;
const linkTypes = {ethernet: 1, raw: 101, ipv4: 228, ipv6: 229, null: 0, sll: 113, sll2: 276} as const;

interface TimedBytes {
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly wire: number;
}

const path = process.argv[2];
if (path !== undefined && !existsSync(path)) {
  process.stderr.write(`Expected: npm run -s bench:pcap -- [FILE], but there is no ${path}.\n`);
  process.exitCode = 2;
} else await measure(path);

async function measure(given: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'siem-bench-'));
  try {
    const file = join(folder, 'long.pcap');
    const packets = writeLong(file, given);
    const ours: number[] = [];
    const theirs: number[] = [];
    const counts = {flows: 0, rows: 0, alerts: 0};
    for (let run = 0; run < runs; run++) {
      ours.push(await timed(() => readAll(file, counts)));
      if (hasTshark()) theirs.push(await timed(() => conversations(file)));
    }
    const seconds = median(ours);
    const tshark = theirs.length > 0 ? median(theirs) : undefined;
    const line = {
      bench: 'pcap',
      packets,
      megabytes: Math.round(statSync(file).size / 1e6),
      ...counts,
      packetsPerSecond: Math.round(packets / seconds),
      microsPerPacket: Number(((seconds * 1e6) / packets).toFixed(2)),
      ...(tshark === undefined
        ? {tshark: 'not installed'}
        : {
            tshark: {packetsPerSecond: Math.round(packets / tshark)},
            timesTshark: Number((tshark / seconds).toFixed(1)),
          }),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

async function readAll(file: string, counts: {flows: number; rows: number; alerts: number}): Promise<void> {
  Object.assign(counts, {flows: 0, rows: 0, alerts: 0});
  const options = {settings: settingsSchema.parse({}), agent: 'bench', host: 'bench', clock: systemClock};
  for await (const {batch, alerts = []} of readCapture(file, options)) {
    for (const event of batch?.events ?? []) {
      if (event.kind === 'flow') counts.flows++;
      else counts.rows++;
    }
    counts.alerts += alerts.length;
  }
}

async function conversations(file: string): Promise<void> {
  const done = spawnSync('tshark', ['-r', file, '-q', '-z', 'conv,ip'], {stdio: ['ignore', 'ignore', 'inherit']});
  if (done.status !== 0) throw new Error(`tshark ended with ${done.status}`);
}

function hasTshark(): boolean {
  return spawnSync('tshark', ['--version'], {stdio: 'ignore'}).status === 0;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Writes a capture of at least the wanted packets and returns how many it holds. */
function writeLong(file: string, given: string | undefined): number {
  const {packets, link} = given === undefined ? generated() : ofFile(given);
  if (packets.length === 0) throw new Error(`Expected packets in ${given}, found none.`);
  const times = Math.max(1, Math.ceil(wanted / packets.length));
  const newest = packets.reduce((latest, {time}) => Math.max(latest, time), 0);
  const span = newest - (packets[0]?.time ?? 0) + 1_000_000;
  const fd = openSync(file, 'w');
  writeSync(fd, numbers(true, [0xa1b2c3d4]));
  writeSync(fd, Buffer.from([2, 0, 4, 0]));
  writeSync(fd, numbers(true, [0, 0, 262_144, link]));
  for (let round = 0; round < times; round++) {
    writeSync(fd, Buffer.concat(packets.flatMap(packet => record(packet, packet.time + round * span))));
  }
  closeSync(fd);
  return packets.length * times;
}

function record({bytes, wire}: TimedBytes, time: number): Uint8Array[] {
  return [numbers(true, [Math.floor(time / 1e6), time % 1e6, bytes.length, wire]), bytes];
}

function generated(): {packets: readonly TimedBytes[]; link: number} {
  const all = mixedTraffic(4_000);
  const begin = all[0]?.time ?? 0;
  // At a speed that is no flood.
  const slowly = (time: number) => begin + (time - begin) * 1_000;
  return {packets: all.map(({time, bytes}) => ({time: slowly(time), bytes, wire: bytes.length})), link: 1};
}

function ofFile(given: string): {packets: readonly TimedBytes[]; link: number} {
  const all = readCaptureFile(given).packets;
  const first = all[0]?.link ?? 'ethernet';
  const link = linkTypes[first as keyof typeof linkTypes];
  if (link === undefined)
    throw new Error(`Expected a link type of ${Object.keys(linkTypes).join(', ')}, found ${first}.`);
  const packets = all.flatMap(({bytes, start, end, wire, time, link: own}) =>
    own === first ? [{time, bytes: bytes.slice(start, end), wire}] : [],
  );
  return {packets, link};
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
