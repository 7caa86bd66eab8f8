// Joins the compiled modules of each process and thread into few files, written in place of the entries: Node takes some
// 0.3 ms for every module that it loads, and a start would load hundreds. What is loaded one by one, as tests and
// benchmarks do, stays as it was compiled; so does all of it where the bundler does not run, only that it starts later.
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join, relative, sep} from 'node:path';
import {fileURLToPath} from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** One file each, for these may read nothing more once they have given up their rights. */
const alone = ['src/capture/packets/sensor-main', 'src/capture/packets/inspect/inspector-main'];
/** These share what they have in common, and load what `import()` names only then. */
const sharing = [
  'bin/siem',
  'src/pipeline/engine-worker',
  'src/pipeline/history-worker',
  'src/cli/scan/scan-worker',
  'src/detect/surprise/train/train-main',
];
/** Packages that find files beside themselves, and one that only Ink's developers have. */
const external = [/^@tensorflow\//, 'sql.js', 'systeminformation', 'react-devtools-core'];

/** A line of the program's log names the caller: what is left out to find it stands in a file of this name. */
const logFile = {name: 'app-log', test: /[\\/](app-log\.js$|tslog[\\/])/};

/** Throws where the bundler is not to be had or fails; then nothing was written. */
async function bundle() {
  const {rolldown} = await import('rolldown');
  const files = [];
  for (const entries of [...alone.map(entry => [entry]), sharing]) {
    const bundled = await rolldown({
      cwd: dist,
      input: Object.fromEntries(entries.map(entry => [entry, join(dist, `${entry}.js`)])),
      platform: 'node',
      external,
      preserveEntrySignatures: false,
      // React's development build leaks and is slower.
      transform: {define: {'process.env.NODE_ENV': '"production"'}},
      plugins: [ownPlaces],
    });
    const {output} = await bundled.generate({
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'shared/[name].js',
      codeSplitting: entries.length > 1 && {includeDependenciesRecursively: false, groups: [logFile]},
    });
    files.push(...output);
  }
  for (const {fileName, code} of files) {
    mkdirSync(dirname(join(dist, fileName)), {recursive: true});
    writeFileSync(join(dist, fileName), code);
  }
}

/** `import.meta.url` stays the module's own, wherever its code comes to stand. */
const ownPlaces = {
  name: 'own-places',
  transform(code, id) {
    if (id.startsWith('\0') || !code.includes('import.meta.url')) return null;
    return code.replaceAll('import.meta.url', `ownPlace(${JSON.stringify(slashed(relative(dist, id)))})`);
  },
  renderChunk(code, {fileName}) {
    if (!code.includes('ownPlace(')) return null;
    return code.replace(/\bownPlace\("([^"]+)"\)/g, (_, path) => {
      const from = slashed(relative(dirname(join(dist, fileName)), join(dist, path)));
      return `new URL(${JSON.stringify(from.startsWith('.') ? from : `./${from}`)}, import.meta.url).href`;
    });
  },
};

function slashed(path) {
  return path.split(sep).join('/');
}

try {
  await bundle();
} catch (error) {
  process.stderr.write(`Not bundled, so that it starts more slowly: ${String(error).split('\n')[0]}\n`);
}
