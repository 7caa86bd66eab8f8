import {linkSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {errorCode} from '../../../event/error-code.ts';

/**
 * Sees to it that one model is trained by one process at a time: the monitor in the background, or `siem train`. Gives
 * what releases the lock, or the number of the process that holds it. A holder that is gone holds nothing.
 */
export function lockTraining(modelFile: string): {readonly release: () => void} | {readonly holder: number} {
  const path = `${modelFile}.training`;
  mkdirSync(dirname(path), {recursive: true, mode: 0o700});
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`, {mode: 0o600});
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (take(own, path)) return {release: () => rmSync(path, {force: true})};
      const holder = holderOf(path);
      if (holder !== undefined && isAlive(holder)) return {holder};
      rmSync(path, {force: true});
    }
    return {holder: holderOf(path) ?? 0};
  } finally {
    rmSync(own, {force: true});
  }
}

/** A link, unlike a file that is opened, is there with its content or not at all. */
function take(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
