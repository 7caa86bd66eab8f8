// What `npm test` runs: types, lint, the one-way imports, unit and end-to-end tests. Quiet when green; what is wrong is
// shown whole. Ends with a line `N passed, N failed`.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {setUp} from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = name => join(root, 'node_modules', ...name);

setUp();
const checks = [
  ['types', [bin(['typescript', 'bin', 'tsc']), '-p', join(root, 'tsconfig.json')]],
  ['lint', [bin(['@biomejs', 'biome', 'bin', 'biome']), 'check', '--error-on-warnings', '--colors=off', root]],
  ['imports', [join(root, 'scripts', 'check-imports.mjs')]],
  ['lockfile', [join(root, 'scripts', 'check-lockfile.mjs')]],
];
let failed = 0;
let passed = 0;
for (const [name, args] of checks) {
  const done = spawnSync(process.execPath, args, {cwd: root, encoding: 'utf8'});
  if (done.status === 0) passed++;
  else {
    failed++;
    process.stdout.write(`${name} failed:\n${done.stdout}${done.stderr}\n`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'siem-test-'));
const report = join(folder, 'jest.json');
const jest = spawnSync(
  process.execPath,
  [
    '--no-warnings',
    bin(['jest', 'bin', 'jest.js']),
    '--silent',
    '--json',
    `--outputFile=${report}`,
    ...process.argv.slice(2),
  ],
  {cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28},
);
const result = readReport();
if (result === undefined) {
  failed++;
  process.stdout.write(`jest did not finish:\n${jest.stderr}\n`);
} else {
  passed += result.numPassedTests;
  failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (!result.success) process.stdout.write(`${jest.stderr}\n`);
  const skipped = result.testResults.flatMap(file => file.assertionResults.filter(one => one.status === 'pending'));
  for (const one of skipped) process.stdout.write(`skipped: ${one.fullName}\n`);
}
rmSync(folder, {recursive: true});
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return undefined;
  }
}
