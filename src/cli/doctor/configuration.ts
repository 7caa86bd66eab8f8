import {accessSync, constants} from 'node:fs';
import {resolve} from 'node:path';
import {ConfigError} from '../../config/config-error.ts';
import {type ConfigOptions, type LoadedConfig, loadConfig} from '../../config/load.ts';
import {configPlaces, defaultDataDir, type Surroundings} from '../../config/places.ts';
import {settingsSchema} from '../../config/settings.ts';
import {errorCode, errorText} from '../../event/error-code.ts';
import {type Check, fails, note, ok} from './check.ts';

export interface ConfigurationFound {
  /** The defaults where the configuration is wrong. */
  readonly config: LoadedConfig;
  readonly checks: readonly Check[];
  readonly wrong: boolean;
}

/** Reads the configuration as every command does. A wrong one is told, and the other checks go on with the defaults. */
export function configuration(options: ConfigOptions, around: Surroundings): ConfigurationFound {
  const dataDir = resolve(options.dataDir ?? defaultDataDir(around));
  try {
    const config = loadConfig(options, around);
    const hidden = config.file === undefined ? configPlaces(dataDir, around).filter(isHidden) : [];
    return {config, checks: [told(config, hidden)], wrong: false};
  } catch (error) {
    const found = error instanceof ConfigError ? error.message : errorText(error);
    const mend = 'correct it there (the checks below go by the defaults); config/siem.ini explains every setting';
    const config = {settings: settingsSchema.parse({}), dataDir, file: undefined};
    return {config, checks: [fails('configuration', found, mend)], wrong: true};
  }
}

function told({file}: LoadedConfig, hidden: readonly string[]): Check {
  if (file !== undefined) return ok('configuration', file);
  if (hidden.length === 0) return ok('configuration', 'no file: the defaults');
  return note(
    'configuration',
    `the defaults: ${hidden.join(' and ')} may not be read by you`,
    'sudo siem doctor; or name a file of your own: --config',
  );
}

function isHidden(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return false;
  } catch (error) {
    return errorCode(error) === 'EACCES';
  }
}
