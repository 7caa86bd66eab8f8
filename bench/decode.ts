// Decodes every capture of a folder and compares each field with tshark's: FILE.expected.tsv where it is there, tshark
// itself where it is installed. One line of JSON: packets, how many are equal in every field, the differences, and how
// fast packets are decoded.
//
// npm run -s bench:decode -- FOLDER [--mutated N]   N packets of the folder, mutated: memory and unequal answers too
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {openParser} from '../src/capture/files/open-parser.ts';
import {type Comparison, compareCapture, readCaptureFile} from './compare-capture.ts';
import {decodingSpeed} from './decoding-speed.ts';
import {decodeMutated, generator} from './mutated-packets.ts';
import {analyseMutated} from './mutated-traffic.ts';
import {askTshark, hasTshark, readTable} from './tshark.ts';

const suffix = '.expected.tsv';
const listed = 200;

const [folder, flag, count] = process.argv.slice(2);
const mutations = Number(count ?? 0);
if (folder === undefined || !existsSync(folder) || (flag !== undefined && (flag !== '--mutated' || !(mutations > 0)))) {
  const what = folder !== undefined && !existsSync(folder) ? `, but there is no ${folder}` : '';
  process.stderr.write(`Expected: npm run -s bench:decode -- FOLDER [--mutated N]${what}.\n`);
  process.exitCode = 2;
} else process.stdout.write(`${JSON.stringify(measure(folder, mutations))}\n`);

function measure(path: string, mutated: number): Readonly<Record<string, unknown>> {
  const files = captureFiles(path);
  const tshark = hasTshark();
  const total = {packets: 0, equal: 0, fields: 0, equalFields: 0};
  const differences: string[] = [];
  const notCompared: string[] = [];
  for (const file of files) {
    const rows = expectedRows(join(path, file), tshark);
    if (!rows) {
      notCompared.push(file);
      continue;
    }
    const compared = compareCapture(join(path, file), rows);
    addUp(total, compared);
    differences.push(...compared.differences.map(difference => `${file}: ${difference}`));
  }
  const packets = files.flatMap(file => readCaptureFile(join(path, file)).packets);
  return {
    files: files.length,
    notCompared,
    ...total,
    differenceCount: differences.length,
    differences: differences.slice(0, listed),
    ...decodingSpeed(packets),
    ...(mutated > 0 && {
      mutated: decodeMutated(packets, mutated),
      analysed: analyseMutated(packets, mutated, generator(2)),
    }),
  };
}

function addUp(total: {packets: number; equal: number; fields: number; equalFields: number}, more: Comparison): void {
  total.packets += more.packets;
  total.equal += more.equal;
  total.fields += more.fields;
  total.equalFields += more.equalFields;
}

/** Told by their content, not by their names. */
function captureFiles(path: string): readonly string[] {
  return readdirSync(path)
    .filter(name => !name.endsWith(suffix) && statSync(join(path, name)).isFile())
    .filter(name => openParser(readFileSync(join(path, name)).subarray(0, 4)) || name.endsWith('.gz'))
    .sort();
}

/** Undefined where nobody says what is right. */
function expectedRows(file: string, tshark: boolean): ReturnType<typeof readTable> | undefined {
  if (existsSync(file + suffix)) return readTable(readFileSync(file + suffix, 'utf8'));
  return tshark ? askTshark(file) : undefined;
}
