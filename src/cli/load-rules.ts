import {existsSync, readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import type {LoadedConfig} from '../config/load.ts';
import {rulePlaces, tuningPlace} from '../config/rule-places.ts';
import {loadRules} from '../detect/sigma/load-folder.ts';
import {placeholdersOf} from '../detect/sigma/placeholder-values.ts';
import type {RuleSet} from '../detect/sigma/rule-set.ts';
import {readTuning} from '../detect/sigma/tuning.ts';
import {errorText} from '../event/error-code.ts';
import {UsageError} from './failure.ts';

export interface RuleFlags {
  /** Folders and files instead of those that the settings name. */
  readonly rules?: readonly string[];
  readonly tuning?: string;
}

export interface CommandRules {
  readonly set: RuleSet;
  /** Where they were looked for. */
  readonly places: readonly string[];
  /** The tuning file's text: tuning cannot be sent to a thread, its text can. */
  readonly tuning: string;
}

/** The rules that a command runs. Throws a UsageError where a folder is missing or the tuning file is wrong. */
export async function loadCommandRules(flags: RuleFlags, config: LoadedConfig): Promise<CommandRules> {
  const {settings, dataDir} = config;
  const places = flags.rules?.map(path => resolve(path)) ?? rulePlaces(settings.rules, dataDir);
  for (const place of places)
    if (!existsSync(place)) throw new UsageError(`Expected rules at ${place}, found no such file or folder.`);
  const file = flags.tuning === undefined ? tuningPlace(settings.rules, dataDir) : resolve(flags.tuning);
  const text = file === undefined ? '' : readText(file);
  const {tuning, faults} = readTuning(text);
  if (faults.length > 0) throw new UsageError(faults.map(({line, reason}) => `${file}:${line}: ${reason}`).join('\n'));
  return {
    set: await loadRules(places, {tuning, placeholders: placeholdersOf(settings.placeholders)}),
    places,
    tuning: text,
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Expected a tuning file at ${file}, which could not be read: ${errorText(error)}.`);
  }
}
