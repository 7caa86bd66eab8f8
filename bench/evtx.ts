// How fast Windows event logs are read on one core: `npm run -s bench:evtx -- FOLDER [--seconds 10]`. All .evtx files
// below FOLDER are read over and over, to finished events with all fields and their message. evtxexport, where it is
// installed, reads the same files in the same run. One JSON line. With --compare every record is compared with what
// evtxexport says of it instead, field by field.
import {spawnSync} from 'node:child_process';
import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {evtx} from '../src/capture/files/evtx/evtx.ts';
import {compareFile} from './evtx-compare.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {seconds: {type: 'string', default: '10'}, compare: {type: 'boolean', default: false}},
});
const [folder] = positionals;
const files = folder === undefined ? [] : eventLogs(folder);
if (files.length === 0) {
  process.stderr.write(
    'Expected a folder with .evtx files: npm run -s bench:evtx -- FOLDER [--seconds N] [--compare]\n',
  );
  process.exit(2);
}
const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
process.stdout.write(`${JSON.stringify(values.compare ? await compared() : await measured())}\n`);

function eventLogs(from: string): string[] {
  return readdirSync(from, {recursive: true, encoding: 'utf8'})
    .filter(name => name.toLowerCase().endsWith('.evtx'))
    .sort()
    .map(name => join(from, name));
}

async function measured(): Promise<Record<string, unknown>> {
  const least = Number(values.seconds) * 1000;
  await readAll();
  let records = 0;
  let rounds = 0;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  for (; performance.now() - begun < least; rounds++) records += await readAll();
  const seconds = (performance.now() - begun) / 1000;
  const {user, system} = process.cpuUsage(cpu);
  return {
    bench: 'evtx',
    files: files.length,
    bytes,
    rounds,
    includes: 'LogEvents with all fields, user and message',
    mbPerSecond: round((bytes * rounds) / 1e6 / seconds),
    mbPerCpuSecond: round((bytes * rounds) / (user + system)),
    recordsPerSecond: Math.round(records / seconds),
    records: Math.round(records / rounds),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
    evtxexport: exported(),
  };
}

async function readAll(): Promise<number> {
  let records = 0;
  const context = {
    agent: 'bench',
    host: 'bench',
    clock: () => 0,
    maxLine: 65_536,
    problem: () => {},
  };
  for (const path of files) for await (const batch of evtx.read(path, context)) records += batch.events.length;
  return records;
}

/** One round of all files, each in a process of its own; null where it is not installed. */
function exported(): Record<string, number> | null {
  if (spawnSync('evtxexport', ['-V']).error) return null;
  let records = 0;
  const begun = performance.now();
  const outputs = files.map(path => spawnSync('evtxexport', ['-f', 'xml', path], {maxBuffer: 1 << 30}).stdout);
  const seconds = (performance.now() - begun) / 1000;
  for (const output of outputs) records += output.toString('latin1').split('<Event ').length - 1;
  return {mbPerSecond: round(bytes / 1e6 / seconds), recordsPerSecond: Math.round(records / seconds), records};
}

async function compared(): Promise<Record<string, unknown>> {
  const total = {compared: 0, equal: 0, onlyHere: 0, onlyThere: 0};
  const differences: string[] = [];
  for (const path of files) {
    const result = await compareFile(path);
    for (const key of ['compared', 'equal', 'onlyHere', 'onlyThere'] as const) total[key] += result[key];
    differences.push(...result.differences.map(difference => `${path}: ${difference}`));
  }
  for (const difference of differences.slice(0, 40)) process.stderr.write(`${difference}\n`);
  return {bench: 'evtx', files: files.length, ...total, differences: differences.length};
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
