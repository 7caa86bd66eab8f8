// Reads damaged event logs: `npm run -s bench:evtx-fuzz -- FOLDER [--mutations 100000] [--seed 1]`. The chunks of all
// .evtx files below FOLDER are flipped, cut and spliced at random; a hundredth as many whole files are made of them, with
// damaged heads and ends. One JSON line; an error that is thrown ends it.
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {chunksOf, readMutatedFiles, readMutations} from './evtx-mutations.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {mutations: {type: 'string', default: '100000'}, seed: {type: 'string', default: '1'}},
});
const [folder] = positionals;
const chunks =
  folder === undefined
    ? []
    : readdirSync(folder, {recursive: true, encoding: 'utf8'})
        .filter(name => name.toLowerCase().endsWith('.evtx'))
        .flatMap(name => chunksOf(readFileSync(join(folder, name))));
if (chunks.length === 0) {
  process.stderr.write('Expected a folder with .evtx files: npm run -s bench:evtx-fuzz -- FOLDER [--mutations N]\n');
  process.exit(2);
}
const begun = performance.now();
const result = readMutations(chunks, Number(values.mutations), Number(values.seed));
const folderOfFiles = mkdtempSync(join(tmpdir(), 'evtx-fuzz-'));
const count = Math.ceil(Number(values.mutations) / 100);
const files = await readMutatedFiles(chunks, count, Number(values.seed), folderOfFiles);
rmSync(folderOfFiles, {recursive: true});
const seconds = Math.round((performance.now() - begun) / 1000);
const rssMb = Math.round(process.memoryUsage().rss / 1e6);
process.stdout.write(
  `${JSON.stringify({bench: 'evtx-fuzz', chunks: chunks.length, seconds, rssMb, ...result, files})}\n`,
);
