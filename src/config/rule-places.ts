import {existsSync} from 'node:fs';
import {dirname, isAbsolute, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Settings} from './settings.ts';

/** Folder of the rules that ship with the program. */
export function shippedRules(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'bin', 'launch.mjs')) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, 'rules');
}

/** Folder of the user's rules, in the data folder. */
export function userRules(dataDir: string): string {
  return join(dataDir, 'rules');
}

/** Folders and files that rules are read from, of those that are there; what the settings name is always asked for. */
export function rulePlaces({shipped, folders}: Settings['rules'], dataDir: string): readonly string[] {
  const own = [...(shipped ? [shippedRules()] : []), userRules(dataDir)].filter(folder => existsSync(folder));
  return [...own, ...folders.map(folder => inDataDir(folder, dataDir))];
}

/** The tuning file: the one that the settings name, else `tuning.txt` in the data folder where there is one. */
export function tuningPlace({tuning}: Settings['rules'], dataDir: string): string | undefined {
  if (tuning !== '') return inDataDir(tuning, dataDir);
  const usual = join(dataDir, 'tuning.txt');
  return existsSync(usual) ? usual : undefined;
}

function inDataDir(path: string, dataDir: string): string {
  return isAbsolute(path) ? path : join(dataDir, path);
}
