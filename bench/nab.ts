// The judge of live metrics on the Numenta Anomaly Benchmark, or any folder of its form: `node dist/bench/nab.js FOLDER`
// with FOLDER/data/**/*.csv and FOLDER/combined_windows.json. One JSON line. `--generated SEED` in place of a folder takes
// series made here.
//
// `standard`, `lowFP`, `lowFN`: the model's scores with the least and greatest value of each series, as the benchmark
// gives them to every detector, and one threshold laid afterwards; `online`: the same without, as in life. `live`: the
// class that raises the product's alerts on metrics, as it is, alerts or none, its limit the one threshold for all series,
// for each profile the best; `wanted`: that at the limit which the product would have by its default number of wanted
// alerts, had one machine all series as its metrics. Beside them stands the benchmark's windowed Gaussian.
import {measureOf} from '../src/detect/surprise/metrics/measure.ts';
import {MetricStream, metricKind} from '../src/detect/surprise/metrics/metric-stream.ts';
import {Rest} from '../src/detect/surprise/metrics/rest.ts';
import {SeriesModel} from '../src/detect/surprise/metrics/series-model.ts';
import {day} from '../src/event/clock.ts';
import {readSeries} from './nab-data.ts';
import {generatedSeries} from './nab-families.ts';
import {windowedGaussian} from './nab-gaussian.ts';
import {type LabelledSeries, nabScore, probationRows, profiles} from './nab-score.ts';

/**
 * For a third of the probation, whose length the benchmark tells each detector, an alarm holds back all that is not
 * higher by a fifth. Its best detectors rest too (CAD OSE for a fifth of the probation). The product does not know it,
 * and has a rest of its own.
 */
const restPart = 1 / 3;
const clearlyHigher = 1.2;
const generatedOfEach = 6;
/** Limits that are compared, in nats: all that are of use. */
const limits = Array.from({length: 33}, (_, at) => 5 + at / 8);
/** What metrics have of the ten learned alerts that are wanted a day. */
const wantedPerDay = 4;

type Scores = Record<keyof typeof profiles, number>;

const series = open(process.argv.slice(2));
const rows = series.reduce((sum, one) => sum + one.values.length, 0);
const began = process.cpuUsage();
const wanted = alertsAt(wantedLimit());
const {user, system} = process.cpuUsage(began);
const line = {
  ...scored(series.map(one => scoresOf(one, true))),
  online: scored(series.map(one => scoresOf(one, false))),
  live: {
    ...best(limits.map(limit => scored(alertsAt(limit)))),
    wanted: {
      ...scored(wanted),
      limit: rounded(wantedLimit()),
      alerts: wanted.flatMap(one => [...one]).filter(Boolean).length,
    },
  },
  windowedGaussian: scored(series.map(one => windowedGaussian(one.values))),
  series: series.length,
  windows: series.reduce((sum, one) => sum + one.windows.length, 0),
  rowsPerSecond: Math.round((rows * 1e6) / Math.max(1, user + system)),
};
process.stdout.write(`${JSON.stringify(line)}\n`);

function open([folder, seed]: readonly string[]): LabelledSeries[] {
  if (folder === '--generated') return generatedSeries(Number(seed ?? 1), generatedOfEach);
  if (folder === undefined) stop('Expected a folder with data/ and combined_windows.json');
  try {
    const found = readSeries(folder);
    return found.length > 0 ? found : stop(`${folder}/data: expected .csv files, found none`);
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error));
  }
}

/** For each series 1 at the rows that the product alerts on with this limit. */
function alertsAt(limit: number): Float64Array[] {
  return series.map(({values, times}) => {
    const stream = new MetricStream(metricKind, measureOf(''));
    const alerts = new Float64Array(values.length);
    values.forEach((value, row) => {
      stream.observePoint(times[row] ?? 0, value, Math.exp(-limit), () => {
        alerts[row] = 1;
      });
    });
    return alerts;
  });
}

function wantedLimit(): number {
  const pointsPerDay = series.reduce((sum, {times}) => sum + (times.length * day) / spanOf(times), 0);
  return Math.log(pointsPerDay / wantedPerDay);
}

function spanOf(times: Float64Array): number {
  return Math.max(1, (times.at(-1) ?? 0) - (times[0] ?? 0));
}

function scoresOf({values, times}: LabelledSeries, rangeGiven: boolean): Float64Array {
  const model = new SeriesModel({range: rangeGiven ? rangeOf(values) : undefined});
  const rest = new Rest(Math.round(probationRows(values.length) * restPart), clearlyHigher);
  return values.map((value, row) => {
    const score = model.judge(times[row] ?? 0, value)?.score ?? 0;
    model.learn();
    return rest.pass(score);
  });
}

/** What the benchmark gives each detector: the least and the greatest value of the whole series. */
function rangeOf(values: Float64Array): {low: number; high: number} | undefined {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return high > low ? {low, high} : undefined;
}

function scored(scores: readonly Float64Array[]): Scores {
  const of = (name: keyof typeof profiles): number => rounded(nabScore(series, scores, profiles[name]).score);
  return {standard: of('standard'), lowFP: of('lowFP'), lowFN: of('lowFN')};
}

function best(all: readonly Scores[]): Scores {
  const of = (name: keyof typeof profiles): number => Math.max(...all.map(one => one[name]));
  return {standard: of('standard'), lowFP: of('lowFP'), lowFN: of('lowFN')};
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function stop(reason: string): never {
  process.stderr.write(`${reason}. Usage: npm run -s bench:nab -- FOLDER | --generated SEED\n`);
  process.exit(2);
}
