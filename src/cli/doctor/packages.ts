import {existsSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

// This file is dist/src/cli/doctor/packages.js of the installed program.
const root = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/[\\/]$/, '');

/** The file a package begins with, found without running it; undefined where it is not installed. */
export function entryOf(name: string): string | undefined {
  try {
    return fileURLToPath(import.meta.resolve(name));
  } catch {
    // Not installed, or installed without the file it names: both mean that it cannot be had.
    return undefined;
  }
}

/** The command that adds an optional package where this program finds it. */
export function installCommand(name: string): string {
  if (basename(dirname(root)) === 'node_modules') return `npm install -g ${name}`;
  return `npm install --no-save --prefix ${root} ${name}`;
}

const training = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-backend-wasm'];
const binaries = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];

/** What TensorFlow.js needs for training and is not there. */
export function missingForTraining(): readonly string[] {
  const packages = training.filter(name => entryOf(name) === undefined);
  const wasm = entryOf('@tensorflow/tfjs-backend-wasm');
  if (wasm === undefined) return packages;
  return [...packages, ...binaries.filter(name => !existsSync(join(dirname(wasm), name)))];
}
