// A capture file through decoding, flows, what applications say and all network detectors, those of the capture process
// and those over flows and rows, as `siem scan` does it, beside `tshark -q -z conv,ip` over the same file. One line of
// JSON: packets a second of both, whole processes.
//
// npm run -s bench:pcap -- [FILE]   a file of fewer than a million packets is repeated to three million, later each time;
//                                   without one, generated traffic
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {readCapture} from '../src/capture/files/read-capture.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {NetworkWatch} from '../src/detect/flows/network-watch.ts';
import {systemClock} from '../src/event/clock.ts';
import {longCapture} from './long-capture.ts';

const runs = 3;
/** A program that takes this many seconds is timed once. */
const long = 10;

const path = process.argv[2];
if (path !== undefined && !existsSync(path)) {
  process.stderr.write(`Expected: npm run -s bench:pcap -- [FILE], but there is no ${path}.\n`);
  process.exitCode = 2;
} else await measure(path);

async function measure(given: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'siem-bench-'));
  try {
    const {file, packets} = longCapture(given, join(folder, 'long.pcap'));
    const ours: number[] = [];
    const theirs: number[] = [];
    const counts = {flows: 0, rows: 0, alerts: 0};
    for (let run = 0; run < runs; run++) {
      ours.push(await timed(() => readAll(file, counts)));
      if (hasTshark() && (theirs[0] ?? 0) < long) theirs.push(await timed(() => conversations(file)));
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
  const watch = new NetworkWatch(options.settings.network, {learns: false});
  for await (const {batch, alerts = []} of readCapture(file, options)) {
    const events = batch?.events ?? [];
    for (const event of events) {
      if (event.kind === 'flow') counts.flows++;
      else counts.rows++;
    }
    counts.alerts += alerts.length + watch.onEvents(events).length;
  }
  counts.alerts += watch.finish().length;
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
