// Writes models/baseline.json: what a machine begins with that has learned nothing yet. From generated traffic and
// measurements, so that it holds nobody's data, and always the same bytes. Run by `npm run make:baseline`, after a change
// of what it is made of; `npm run check:baseline` only says whether the file is what would be written.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {encodeBaseline} from '../src/detect/surprise/baseline/baseline-file.ts';
import {baselinePath} from '../src/detect/surprise/baseline/baseline-place.ts';
import {makeFlowBaseline} from '../src/detect/surprise/flows/make-flow-baseline.ts';
import {makeMetricBaseline} from '../src/detect/surprise/metrics/make-metric-baseline.ts';

const text = encodeBaseline({flows: makeFlowBaseline(), metrics: makeMetricBaseline()});
const path = baselinePath();
if (process.argv.includes('--check')) {
  const isSame = readFileSync(path, 'utf8') === text;
  process.stderr.write(isSame ? `${path} is up to date\n` : `${path} is out of date: run npm run make:baseline\n`);
  process.exitCode = isSame ? 0 : 1;
} else {
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, text);
  process.stderr.write(`${path}: ${text.length} bytes\n`);
}
