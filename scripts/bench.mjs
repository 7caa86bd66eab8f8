// What `npm run -s bench:NAME -- FOLDER` runs: compiles if need be, then the benchmark with its arguments.
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {setUp} from './setup.mjs';

setUp();
const [name, ...args] = process.argv.slice(2);
const program = fileURLToPath(new URL(`../dist/bench/${name}.js`, import.meta.url));
process.exitCode = spawnSync(process.execPath, ['--no-warnings', program, ...args], {stdio: 'inherit'}).status ?? 1;
