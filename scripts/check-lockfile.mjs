// `npm ci` refuses a lockfile that leaves out a package of another platform, and where a registry lacks one npm leaves
// it out when it writes the file. Nor may the lockfile name a download host.
import {readFileSync} from 'node:fs';

const {packages} = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const wrong = [];
for (const [path, entry] of Object.entries(packages)) {
  if (entry.resolved) wrong.push(`${path}: names a download host (omit-lockfile-registry-resolved in .npmrc)`);
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`]) {
      wrong.push(`${path}: expected an entry for its optional dependency ${name} ${version}, found none`);
    }
  }
}
for (const line of wrong) process.stdout.write(`package-lock.json: ${line}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
