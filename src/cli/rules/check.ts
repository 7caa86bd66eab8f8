import {relative} from 'node:path';
import {Command} from 'commander';
import {loadConfig} from '../../config/load.ts';
import type {RejectedRule} from '../../detect/sigma/resolve.ts';
import {sanitizeLine} from '../../event/sanitize.ts';
import {tellFailure} from '../failure.ts';
import {loadCommandRules} from '../load-rules.ts';
import {Output} from '../output/output.ts';

interface CheckFlags {
  readonly tuning?: string;
  readonly config?: string;
  readonly dataDir?: string;
}

/** Exit status as of a linter: 0 every rule loads, 1 one is rejected or its id is taken, 2 wrong use. */
export function rulesCheckCommand(): Command {
  return new Command('check')
    .description('each rule that is rejected, with file, line and reason')
    .argument('[folders...]', 'files and folders of rules (default: those that the settings name)')
    .option('--tuning <file>', 'a tuning file to check, too')
    .option('--data-dir <folder>', 'where the user’s rules are')
    .option('--config <file>', 'configuration file: it holds values for placeholders')
    .action(async (folders: readonly string[], flags: CheckFlags) => {
      process.exitCode = await check(folders, flags);
    });
}

async function check(folders: readonly string[], flags: CheckFlags): Promise<number> {
  try {
    const config = loadConfig(flags);
    const {set, places} = await loadCommandRules({...flags, ...(folders.length > 0 ? {rules: folders} : {})}, config);
    const rejected = set.rejected.filter(({isForeign}) => !isForeign);
    const output = new Output();
    for (const [word, rules] of [
      ['rejected', rejected],
      ['left out', set.duplicates],
      ['warning', set.warnings],
    ] as const)
      for (const rule of rules) await output.write(`${lineOf(word, rule)}\n`);
    await output.flush();
    const foreign = set.rejected.length - rejected.length;
    process.stderr.write(
      `${set.loaded.length} rules load, ${rejected.length} are rejected, ${set.duplicates.length} have another’s id` +
        `${foreign > 0 ? `; ${foreign} YAML documents are no rules` : ''} (${places.join(', ') || 'no folder of rules is there'}).\n`,
    );
    return rejected.length + set.duplicates.length > 0 ? 1 : 0;
  } catch (error) {
    return tellFailure(error);
  }
}

/** As compilers write it, so that editors can jump there. */
function lineOf(word: string, {file, line, reason, title}: RejectedRule): string {
  const path = relative('.', file);
  const shown = path.startsWith('..') ? file : path;
  return sanitizeLine(`${shown}:${line}: ${word}: ${reason}${title === undefined ? '' : ` (${title})`}`);
}
