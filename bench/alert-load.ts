// How many alerts a day an analyst gets in ordinary life from what is learned alone and from all detectors of the monitor
// with its defaults (but those that need packets), and whether the steps of attacks are among them:
// `npm run -s bench:alert-load -- FOLDER [--seeds 1,2,3] [--days 7] [--write] [--explain]`. One JSON line.
//
// Each week is one machine: `--days` of ordinary life, then two days on which that goes on and the machine is attacked
// in five to eight phases. If FOLDER holds weeks, those are examined; otherwise those of the seeds are generated as they
// are needed (`--write` writes them to FOLDER first, in the form below, and examines what was written). `--explain`
// tells on stderr of every alert whether it was true, of which phase, and what it said.
//
// A week on disk is a folder NAME (or FOLDER itself) with
//   logs/             text logs, each in time order, named as under /var/log: auth.log, syslog, nginx/access.log, …
//   flows.ndjson      FlowEvents (src/event/event.ts) without kind, origin and ingested, in the order of their reports;
//                     `at`: microseconds at which the report came (`last` if absent). May be missing
//   metrics.ndjson    {time, name, value, max, unit}, times in microseconds. May be missing
//   phases.json       {host, address, from, learnUntil, to, phases: [{name, technique, from, to, effects, lines, flows}]}
// with ISO 8601 times; `address` is the machine's own and may be missing. `lines` {"auth.log": [[first, last], …]} and `flows` [[first, last], …] are the numbers, from 1,
// of the lines that the phase made; a phase without them owns all that happens in its time. `effects` are beginnings of
// the names of metrics that it moves. Stamps without a zone are read as UTC.
//
// The figures are of all detectors that the monitor has as it ships; `learned` has them of the learned ones alone.
// A false alert is an alert that begins (detect/alerts/grouping) on an event that no phase made, at any time. A phase is
// seen when an event of its raised a finding until 15 minutes after its end.
import {mkdirSync} from 'node:fs';
import {parseArgs} from 'node:util';
import {shippedRules} from '../src/config/rule-places.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {loadRules} from '../src/detect/sigma/load-folder.ts';
import {loadBaseline} from '../src/detect/surprise/baseline/baseline-file.ts';
import {baselinePath} from '../src/detect/surprise/baseline/baseline-place.ts';
import {Site} from '../src/detect/surprise/flows/site.ts';
import {engineDetectors} from '../src/pipeline/engine-detectors.ts';
import {type Examination, examine} from './life/examine.ts';
import {readWeek, weekFolders} from './life/read-week.ts';
import {explain, loadOf} from './life/report.ts';
import {generateWeek, type Week} from './life/week.ts';
import {writeWeek} from './life/write-week.ts';

process.env.TZ = 'UTC';
const {folder, seeds, days, write, explained} = readArguments();
const kept = weekFolders(folder);
if (kept.length === 0 && write) for (const seed of seeds) writeWeek(generateWeek(seed, days), folder);
const folders = weekFolders(folder);
const rules = await loadRules([shippedRules()]);
const settings = settingsSchema.parse({});
const baseline = loadBaseline(baselinePath());
const examined: Examination[] = [];
const weeks = folders.length > 0 ? openWeeks(folders) : generated();
for (const week of weeks) {
  const {learning, ruled, sigma, network} = engineDetectors(settings, {
    rules,
    baseline,
    site: new Site(week.address === undefined ? [] : [week.address]),
  });
  const examination = await examine(week, learning, ruled, () => [...sigma.finish(), ...network.finish()]);
  if (explained) process.stderr.write(explain(examination));
  examined.push(examination);
}
process.stdout.write(`${JSON.stringify(result(examined))}\n`);

function result(weeks: readonly Examination[]) {
  const all = loadOf(weeks, true);
  const events = weeks.reduce((sum, week) => sum + week.events, 0);
  const seconds = weeks.reduce((sum, week) => sum + week.seconds, 0);
  return {
    bench: 'alert-load',
    source: kept.length > 0 ? 'folder' : 'generated',
    weeks: weeks.map(({week}) => week.name),
    seeds: kept.length > 0 ? [] : seeds,
    events,
    days: weeks.map(week => week.days),
    ...all,
    learned: loadOf(weeks, false),
    eventsPerSecond: Math.round(events / seconds),
    detectorFailures: weeks.reduce((sum, week) => sum + week.failures, 0),
  };
}

function* generated(): Generator<Week> {
  for (const seed of seeds) yield generateWeek(seed, days);
}

function openWeeks(paths: readonly string[]): Week[] {
  try {
    return paths.map(readWeek);
  } catch (error) {
    return misused(error);
  }
}

function readArguments() {
  try {
    const {values, positionals} = parseArgs({
      allowPositionals: true,
      options: {
        seeds: {type: 'string', default: '1,2,3'},
        days: {type: 'string', default: '7'},
        write: {type: 'boolean', default: false},
        explain: {type: 'boolean', default: false},
      },
    });
    const [place, ...rest] = positionals;
    if (place === undefined || rest.length > 0) throw new Error(`expected one folder, got ${positionals.length}`);
    mkdirSync(place, {recursive: true});
    return {
      folder: place,
      seeds: values.seeds.split(',').map(text => wholeNumber('--seeds', text, 0)),
      days: wholeNumber('--days', values.days, 1),
      write: values.write,
      explained: values.explain,
    };
  } catch (error) {
    return misused(error);
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text.trim()) && value >= least) return value;
  throw new Error(`expected whole numbers of ${least} or more after ${option}, got ${JSON.stringify(text)}`);
}

function misused(error: unknown): never {
  const said = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `bench alert-load: ${said}\nUse: npm run -s bench:alert-load -- FOLDER [--seeds 1,2,3] [--days 7] [--write] [--explain]\n`,
  );
  process.exit(2);
}
