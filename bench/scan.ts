// How fast `siem scan` is: `npm run -s bench:scan -- RULES_FOLDER LOGS… [--megabytes 200]`. All files are scanned, over
// and over until so many megabytes are read, by one thread and by two: reading, all rules, hits made and put in order.
// Loading the rules is told apart. Records a second of one core come from processor time, for the machine may do other
// work too. One JSON line.
import {rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {findFiles} from '../src/cli/scan/find-files.ts';
import {Progress} from '../src/cli/scan/progress.ts';
import {scanFiles} from '../src/cli/scan/scan-files.ts';
import type {ScanSetup} from '../src/cli/scan/scanner.ts';
import {selectRules} from '../src/cli/scan/select-rules.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {loadRules} from '../src/detect/sigma/load-folder.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {megabytes: {type: 'string', default: '200'}},
});
const [rulesFolder, ...logs] = positionals;
const wanted = Number(values.megabytes) * 2 ** 20;
const isThere = (path: string) => statSync(path, {throwIfNoEntry: false}) !== undefined;
if (rulesFolder === undefined || logs.length === 0 || ![rulesFolder, ...logs].every(isThere) || !(wanted >= 2 ** 20)) {
  process.stderr.write('Expected folders: npm run -s bench:scan -- RULES_FOLDER LOGS… [--megabytes N, 1 at least]\n');
  process.exit(2);
}

const began = performance.now();
const set = await loadRules([rulesFolder]);
const loadSeconds = seconds(performance.now() - began);
const {targets} = await findFiles(logs);
const bytesOnce = targets.reduce((sum, {bytes}) => sum + bytes, 0);
if (set.loaded.length === 0 || bytesOnce === 0) {
  process.stderr.write(`Expected rules that load in ${rulesFolder} and logs in ${logs.join(', ')}, found none.\n`);
  process.exit(2);
}
const rounds = Math.ceil(wanted / bytesOnce);
const repeated = Array.from({length: rounds}, () => targets)
  .flat()
  .map((target, number) => ({...target, number}));
const folder = join(tmpdir(), `siem-bench-scan-${process.pid}`);
const settings = settingsSchema.parse({});
const setup: ScanSetup = {
  ...selectRules(set, {minLevel: 'informational', include: [], exclude: []}),
  ...{tuning: '', since: undefined, until: undefined, folder, host: 'bench', profiling: false},
  ...{settings, maxLine: settings.sources.max_line},
};
const runs = [];
for (const jobs of [1, 2]) runs.push(await run(jobs));
process.stdout.write(
  `${JSON.stringify({
    bench: 'scan',
    loadedRules: set.loaded.length,
    loadSeconds,
    files: targets.length,
    megabytes: Math.round((bytesOnce * rounds) / 2 ** 20),
    runs,
    residentMegabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
  })}\n`,
);

async function run(jobs: number) {
  const start = performance.now();
  const before = process.cpuUsage();
  const silent = new Progress(
    repeated,
    () => {},
    () => performance.now(),
  );
  const {reports} = await scanFiles(repeated, setup, jobs, silent);
  const passed = (performance.now() - start) / 1_000;
  const {user, system} = process.cpuUsage(before);
  rmSync(folder, {recursive: true, force: true});
  const records = reports.reduce((sum, {events}) => sum + events, 0);
  return {
    jobs,
    records,
    recordsPerSecond: Math.round(records / passed),
    recordsPerCpuSecond: Math.round((records * 1e6) / (user + system)),
    megabytesPerSecond: Math.round((bytesOnce * rounds) / 2 ** 20 / passed),
    seconds: seconds(passed * 1_000),
  };
}

function seconds(millis: number): number {
  return Math.round(millis / 10) / 100;
}
