import type {LoadedConfig} from '../../config/load.ts';
import {errorText} from '../../event/error-code.ts';
import {loadCommandRules} from '../load-rules.ts';
import {type Check, fails, note, ok} from './check.ts';

/** How many Sigma rules load, and whether the tuning file can be used. */
export async function ruleChecks(config: LoadedConfig): Promise<readonly Check[]> {
  if (!config.settings.rules.sigma) return [ok('rules', 'off: sigma = no in [rules]')];
  try {
    const {set, places} = await loadCommandRules({}, config);
    const rejected = set.rejected.filter(({isForeign}) => !isForeign).length + set.duplicates.length;
    const where = places.length === 0 ? 'no folder of rules is there' : places.join(', ');
    const found = `${set.loaded.length} Sigma rules load, ${rejected} do not, ${set.disabled.length} disabled (${where})`;
    if (rejected > 0) return [note('rules', found, 'siem rules check')];
    return [set.loaded.length > 0 ? ok('rules', found) : note('rules', found, 'siem rules update FOLDER')];
  } catch (error) {
    return [fails('rules', errorText(error), 'mend [rules] in the configuration, or the file it names')];
  }
}
