// Makes a fresh clone runnable: installs the locked packages when they are missing or the lockfile changed, and
// compiles and bundles when a source is newer than the last build. Plain JavaScript, for it runs before anything is installed.
// What it says goes to stderr, so that stdout stays the program's own.
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const installStamp = join(root, 'node_modules', '.siem-lock');
const buildStamp = join(root, 'dist', '.built');
const sourceFolders = ['bin', 'src', 'bench', 'scripts'];

/** Installs and compiles what is missing or stale; does nothing when all is in place. */
export function setUp() {
  refuseOldNode();
  if (needsInstall()) install();
  if (needsBuild()) build();
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Expected Node 20.19 or later, got ${process.versions.node}. Install a newer Node and run the command again.`);
}

function needsInstall() {
  if (!existsSync(join(root, 'package-lock.json'))) return false;
  if (!existsSync(join(root, 'node_modules'))) return true;
  return existsSync(installStamp)
    ? readFileSync(installStamp, 'utf8') !== lockfile()
    : !existsSync(join(root, 'node_modules', 'ink', 'package.json'));
}

function install() {
  say('Installing packages (once) …');
  run('npm', [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  writeFileSync(installStamp, lockfile());
}

function needsBuild() {
  if (!existsSync(join(root, 'src'))) return false;
  if (!existsSync(buildStamp)) return true;
  const built = statSync(buildStamp).mtimeMs;
  if (statSync(join(root, 'tsconfig.build.json')).mtimeMs > built) return true;
  return sourceFolders.some(folder => newerThan(join(root, folder), built));
}

function build() {
  say('Compiling …');
  rmSync(join(root, 'dist'), {recursive: true, force: true});
  run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    join(root, 'tsconfig.build.json'),
  ]);
  // What it has to say it says; the program runs without it.
  spawnSync(process.execPath, [join(root, 'scripts', 'bundle.mjs')], {cwd: root, stdio: ['ignore', 2, 2]});
  mkdirSync(join(root, 'dist'), {recursive: true});
  writeFileSync(buildStamp, '');
}

function newerThan(folder, time) {
  if (!existsSync(folder)) return false;
  if (statSync(folder).mtimeMs > time) return true;
  return readdirSync(folder, {withFileTypes: true}).some(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newerThan(path, time) : statSync(path).mtimeMs > time;
  });
}

function run(command, args) {
  const windows = process.platform === 'win32' && command === 'npm';
  const done = spawnSync(command, args, {cwd: root, env: localEnvironment(), stdio: ['ignore', 2, 2], shell: windows});
  if (done.error) fail(`Could not run ${command}: ${done.error.message}`);
  if (done.status !== 0) fail(`${command} ${args[0]} failed; what it said stands above.`);
}

/** Within `npm install -g .` npm hands its own flags on, and would install globally here too. */
function localEnvironment() {
  const {npm_config_global: _global, npm_config_location: _location, npm_config_prefix: _prefix, ...env} = process.env;
  return env;
}

function lockfile() {
  return readFileSync(join(root, 'package-lock.json'), 'utf8');
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(2);
}
