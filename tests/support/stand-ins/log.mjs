// Stands in for `log` of macOS. FOLDER/log.ndjson is everything that was written, FOLDER/log.json says how it behaves.
// node log.mjs FOLDER stream --style ndjson … | show --style ndjson (--start 'YYYY-MM-DD HH:MM:SS+0000' | --last 1s)
import {appendFileSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';

const [folder, command, ...words] = process.argv.slice(2);
const file = join(folder, 'log.ndjson');
const behaviour = () => JSON.parse(readFileSync(join(folder, 'log.json'), 'utf8'));
const option = name => words[words.indexOf(`--${name}`) + 1];
appendFileSync(join(folder, 'log.calls'), `${[command, ...words].join(' ')}\n`);

const {denied} = behaviour();
if (denied) fail(77, `log: Must be admin to run '${command}' command`);
else if (option('style') !== 'ndjson') fail(64, 'log: this stand-in speaks ndjson');
else if (command === 'show') show();
else if (command === 'stream') stream();
else fail(64, `log: unknown command ${command}`);

function show() {
  const {showFails, purgedBefore} = behaviour();
  if (showFails) return fail(65, 'log: Could not open local log store');
  const from = words.includes('--last') ? '1970-01-01 00:00:00+0000' : option('start');
  const start = Math.max(Date.parse(from.replace(' ', 'T').replace('+0000', 'Z')), purgedBefore);
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const shown = lines.filter(line => timeOf(line) >= start);
  process.stdout.write([...shown, `{"count":${shown.length},"finished":1}`, ''].join('\n'));
}

function stream() {
  const {run} = behaviour();
  let at = statSync(file).size;
  process.stdout.write('Filtering the log data using "type == 1024"\n');
  setInterval(() => {
    const bytes = readFileSync(file).subarray(at);
    at += bytes.length;
    process.stdout.write(bytes);
    if (behaviour().run !== run) process.exit(1);
  }, 10);
}

function timeOf(line) {
  const [, date, time, zone] = /"timestamp":"(\S+) ([\d:.]+)([+-]\d{4})"/.exec(line) ?? [];
  if (time === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(`${date}T${time.slice(0, 12)}${zone.slice(0, 3)}:${zone.slice(3)}`);
}

function fail(code, complaint) {
  process.stderr.write(`${complaint}\n`);
  process.exitCode = code;
}
