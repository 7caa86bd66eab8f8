import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';

/** A reason not to run a test, or '' where it can run. */
type Missing = string;

export const root: Missing = process.getuid?.() === 0 ? '' : 'needs root';
export const linux: Missing = process.platform === 'linux' ? '' : 'needs Linux';

/** The folder of real data with known answers, beside a development checkout; users do not have it. */
export const dataFolder = '../shared/data';
export const data: Missing = existsSync(dataFolder) ? '' : `needs ${dataFolder}`;

export function program(name: string, probe = '--version'): Missing {
  return spawnSync(name, [probe], {stdio: 'ignore'}).error ? `needs ${name}` : '';
}

/**
 * `test` where nothing is missing, otherwise a skipped test whose name says why.
 *
 * @example
 * needs(root, program('ip', '-V'))('packets cross a veth pair', async () => { … });
 */
export function needs(
  ...missing: readonly Missing[]
): (name: string, run: () => Promise<void>, timeout?: number) => void {
  const reasons = missing.filter(reason => reason !== '');
  if (reasons.length === 0) return (name, run, timeout) => test(name, run, timeout);
  return (name, run) => test.skip(`${name} (${reasons.join(', ')})`, run);
}
