// How well log lines are grouped by the statement that wrote them, and how fast: `npm run -s bench:templates -- FOLDER`,
// for every `X.log` with `X.log_structured.csv` in FOLDER (the form of Loghub). One JSON line.
//
// The protocol is the published one: the `Content` column, in order, once, into an empty model, all lines of a set as one
// group. `groupingAccuracy` compares each line's group when the set has been read; `online` the group each line was
// given as it came, before later lines could join it to others. `byProgram` groups by the `Component` column first, as
// the monitor does by program; a statement that two programs share is then two, which the truth does not know of.
import {Drain} from '../src/detect/surprise/drain.ts';
import {groupingAccuracy} from './grouping-accuracy.ts';
import {type LogSet, readLogSets} from './log-sets.ts';

const rounds = 15;
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Expected a folder of logs: npm run -s bench:templates -- FOLDER\n');
  process.exit(2);
}
const logs = readSets(folder);
const sets = Object.fromEntries(logs.map(log => [log.name, measured(log)]));
const figures = Object.values(sets);
const linesPerSecond = speed(
  () => new Drain(),
  (drain, name, line) => drain.match(name, line).id,
);
const baselineLinesPerSecond = speed(
  () => 0,
  (_, __, line) => line.split(' ').length,
);
process.stdout.write(
  `${JSON.stringify({
    groupingAccuracy: mean(figures.map(({final}) => final)),
    online: mean(figures.map(({online}) => online)),
    byProgram: mean(figures.map(({byProgram}) => byProgram)),
    linesPerSecond,
    baselineLinesPerSecond,
    speedToBaseline: round(linesPerSecond / baselineLinesPerSecond),
    lines: figures.reduce((sum, {lines}) => sum + lines, 0),
    sets,
  })}\n`,
);

function readSets(path: string): LogSet[] {
  try {
    return readLogSets(path);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

function measured({rows}: LogSet) {
  const truth = rows.map(({eventId}) => eventId);
  const drain = new Drain();
  const online = rows.map(({content}) => drain.match('', content).id);
  const final = online.map(id => drain.resolve(id));
  const grouped = new Drain();
  const byProgram = rows.map(({component, content}) => grouped.match(component, content).id);
  return {
    final: round(groupingAccuracy(final, truth)),
    online: round(groupingAccuracy(online, truth)),
    byProgram: round(
      groupingAccuracy(
        byProgram.map(id => grouped.resolve(id)),
        truth,
      ),
    ),
    lines: rows.length,
    templates: new Set(final).size,
    trueTemplates: new Set(truth).size,
  };
}

/** Lines a second of whole lines, all sets one after the other into one model: the median of some rounds, each anew. */
function speed<T>(begin: () => T, take: (state: T, name: string, line: string) => number): number {
  const count = logs.reduce((sum, {lines}) => sum + lines.length, 0);
  const rates: number[] = [];
  for (let at = 0; at < rounds; at++) {
    const state = begin();
    let sum = 0;
    const start = process.hrtime.bigint();
    for (const {name, lines} of logs) for (const line of lines) sum += take(state, name, line);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    // The sum is used, so that the work cannot be left out.
    if (sum >= 0) rates.push(count / seconds);
  }
  return Math.round(rates.sort((a, b) => a - b)[rounds >> 1] ?? 0);
}

function mean(values: readonly number[]): number {
  return round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
