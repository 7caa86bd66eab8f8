// Writes models/baseline.json: what a machine begins with that has learned nothing yet. From generated traffic, so that
// it holds nobody's data, and always the same bytes. Run by `npm run make:baseline`, after a change of what it is made of.
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {encodeBaseline} from '../src/detect/surprise/baseline/baseline-file.ts';
import {baselinePath} from '../src/detect/surprise/baseline/baseline-place.ts';
import {makeFlowBaseline} from '../src/detect/surprise/flows/make-flow-baseline.ts';

const text = encodeBaseline({flows: makeFlowBaseline(), metrics: null});
const path = baselinePath();
mkdirSync(dirname(path), {recursive: true});
writeFileSync(path, text);
process.stderr.write(`${path}: ${text.length} bytes\n`);
