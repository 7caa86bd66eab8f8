// How long after a line was appended to a file its alert can be seen: `npm run -s bench:latency -- FOLDER [--seconds
// 20] [--lines 10000]`. The real engine in its own thread follows a file in FOLDER that grows by so many lines a second;
// now and then a new address fails to log in as often as makes an alert. Latency: from the append of the line that
// completes it until a snapshot with its alert is here. One JSON line.
import {appendFileSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import type {AppLog} from '../src/config/app-log.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {systemClock} from '../src/event/clock.ts';
import {EngineClient} from '../src/pipeline/engine-client.ts';
import {isBalanced} from '../src/pipeline/ledger.ts';
import type {Snapshot} from '../src/pipeline/snapshot.ts';
import {LogMix} from './log-mix.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {seconds: {type: 'string', default: '20'}, lines: {type: 'string', default: '10000'}},
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write('Expected a folder: npm run -s bench:latency -- FOLDER [--seconds N] [--lines A_SECOND]\n');
  process.exit(2);
}

const tick = 10;
const ticksBetweenBursts = 7;
const dataDir = join(folder, 'latency');
const path = join(dataDir, 'growing.log');
rmSync(dataDir, {recursive: true, force: true});
mkdirSync(dataDir, {recursive: true});
writeFileSync(path, '');

// Each burst shall be an alert of its own, however many there are.
const alerts = {fold_entities: 100_000, storm_groups: 1_000_000};
const settings = settingsSchema.parse({monitor: {sources: `file:${path}`}, alerts});
const perTick = (Number(values.lines) * tick) / 1000;
const mix = new LogMix(11, systemClock(), 1e6 / Number(values.lines));
const toStderr = (line: string) => process.stderr.write(`${line}\n`);
const log: AppLog = {debug: () => {}, info: () => {}, warning: toStderr, error: toStderr};

/** When the line that completes a burst was appended, by address. */
const awaited = new Map<string, number>();
const latencies: number[] = [];
let written = 0;
let snapshots = 0;
let unbalanced = 0;
let longestQueue = 0;

const client = new EngineClient({settings, dataDir, mode: {type: 'live'}}, () => log);
client.subscribe(look);
await until(() => client.latest?.sources.some(({id, state}) => id === `file:${path}` && state === 'running'), 20);
process.stderr.write(`Writing ${values.lines} lines a second …\n`);
const processor = process.cpuUsage();
const began = performance.now();
await write();
const spent = performance.now() - began;
const {user, system} = process.cpuUsage(processor);
await until(() => awaited.size === 0 && client.latest?.total.received === written, 20);
const {total, sources} = client.latest as Snapshot;
const rss = process.memoryUsage.rss();
await client.stop();
rmSync(dataDir, {recursive: true, force: true});
process.stdout.write(`${JSON.stringify(result())}\n`);

/** Appends on time: what a late tick missed comes with the next. */
async function write(): Promise<void> {
  const ticks = (Number(values.seconds) * 1000) / tick;
  for (let done = 0; done < ticks; ) {
    const due = Math.min(ticks, Math.floor((performance.now() - began) / tick));
    for (; done < due; done++) append(done);
    await pause(tick / 2);
  }
}

function append(index: number): void {
  const lines = Array.from({length: perTick}, () => mix.line());
  const burst = index % ticksBetweenBursts === 0 ? Math.floor(index / ticksBetweenBursts) : undefined;
  const address = `198.18.${(burst ?? 0) >> 8}.${(burst ?? 0) & 255}`;
  if (burst !== undefined) lines.push(...failedLogins(burst, address));
  appendFileSync(path, `${lines.join('\n')}\n`);
  written += lines.length;
  if (burst !== undefined) awaited.set(address, performance.now());
}

function failedLogins(burst: number, address: string): string[] {
  const stamp = new Date().toISOString().replace('Z', '000+00:00');
  return Array.from({length: settings.detect.failed_logins}, (_, index) => {
    const port = 40_000 + index;
    return `${stamp} web1 sshd[${1_000 + burst}]: Failed password for user${burst} from ${address} port ${port} ssh2`;
  });
}

function look({alerts, total, queue}: Snapshot): void {
  snapshots++;
  if (!isBalanced(total)) unbalanced++;
  longestQueue = Math.max(longestQueue, queue.length);
  for (const {entity} of alerts) {
    const appended = awaited.get(entity);
    if (appended === undefined) continue;
    latencies.push(performance.now() - appended);
    awaited.delete(entity);
  }
}

async function until(reached: () => boolean | undefined, seconds: number): Promise<void> {
  const patience = performance.now() + seconds * 1000;
  while (!reached() && performance.now() < patience) await pause(20);
}

function result(): Record<string, unknown> {
  const sorted = latencies.sort((one, other) => one - other);
  const at = (part: number) => Math.round(sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN);
  return {
    bench: 'latency',
    linesPerSecond: Math.round((written * 1000) / spent),
    seconds: Math.round(spent / 100) / 10,
    cores: availableParallelism(),
    alerts: sorted.length,
    alertsMissing: awaited.size,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    snapshots,
    snapshotsPerSecond: settings.monitor.snapshots,
    longestQueue,
    processorPercent: Math.round((user + system) / spent / 10),
    rssMegabytes: Math.round(rss / 1_048_576),
    written,
    received: total.received,
    stored: total.stored,
    duplicate: total.duplicate,
    filtered: total.filtered,
    dropped: total.dropped,
    inFlight: total.inFlight,
    balanced: unbalanced === 0 && sources.every(isBalanced) && total.received === written,
  };
}
