// The metric model on the Numenta Anomaly Benchmark, or any folder of its form: `node dist/bench/nab.js FOLDER` with
// FOLDER/data/**/*.csv and FOLDER/combined_windows.json. One JSON line. Every series is scored online, each point from
// those before it, with the same settings; beside it stands the benchmark's windowed Gaussian. `--generated SEED` in
// place of a folder takes series made here.
import {Rest} from '../src/detect/surprise/metrics/rest.ts';
import {SeriesModel} from '../src/detect/surprise/metrics/series-model.ts';
import {readSeries} from './nab-data.ts';
import {generatedSeries} from './nab-families.ts';
import {windowedGaussian} from './nab-gaussian.ts';
import {type LabelledSeries, nabScore, probationRows, profiles} from './nab-score.ts';

/**
 * For a third of the probation, whose length the benchmark tells each detector, an alarm holds back all that is not
 * higher by a fifth. Its best detectors rest too (CAD OSE for a fifth of the probation).
 */
const restPart = 1 / 3;
const clearlyHigher = 1.2;
const generatedOfEach = 6;

const series = open(process.argv.slice(2));
const rows = series.reduce((sum, one) => sum + one.values.length, 0);
const began = process.cpuUsage();
const online = series.map(one => scoresOf(one, false));
const {user, system} = process.cpuUsage(began);
const given = series.map(one => scoresOf(one, true));
const line = {
  ...scored(given),
  online: scored(online),
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

function scored(scores: readonly Float64Array[]): Record<keyof typeof profiles, number> {
  const of = (name: keyof typeof profiles): number =>
    Math.round(nabScore(series, scores, profiles[name]).score * 100) / 100;
  return {standard: of('standard'), lowFP: of('lowFP'), lowFN: of('lowFN')};
}

function stop(reason: string): never {
  process.stderr.write(`${reason}. Usage: npm run -s bench:nab -- FOLDER | --generated SEED\n`);
  process.exit(2);
}
