import {Command} from 'commander';
import {loadConfig} from '../../config/load.ts';
import {userRules} from '../../config/rule-places.ts';
import {placeholdersOf} from '../../detect/sigma/placeholder-values.ts';
import {tellFailure, UsageError} from '../failure.ts';
import {Output} from '../output/output.ts';
import {type TakenRules, takeRules} from './take-rules.ts';

interface UpdateFlags {
  readonly config?: string;
  readonly dataDir?: string;
}

/** Exit status: 0 taken, 1 nothing is new, 2 wrong use, 3 the data folder could not be written. */
export function rulesUpdateCommand(): Command {
  return new Command('update')
    .description('take the rules of a folder, such as a checkout of SigmaHQ’s repository; nothing is downloaded')
    .argument('<folder>', 'its rules* folders are taken; all of its YAML files where it has none')
    .option('--data-dir <folder>', 'where the user’s rules are kept')
    .option('--config <file>', 'configuration file: it holds values for placeholders')
    .action(async (folder: string, flags: UpdateFlags) => {
      process.exitCode = await update(folder, flags);
    });
}

async function update(folder: string, flags: UpdateFlags): Promise<number> {
  try {
    const {settings, dataDir} = loadConfig(flags);
    const taken = await takeRules(folder, userRules(dataDir), placeholdersOf(settings.placeholders));
    const output = new Output();
    await output.write(told(taken));
    await output.flush();
    return taken.added.length + taken.changed.length + taken.removed.length > 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error) || !('code' in error)) return tellFailure(error);
    process.stderr.write(`Expected to write the rules below the data folder: ${error.message}\n`);
    return 3;
  }
}

const mostNamed = 20;

function told({added, changed, removed, rejected, loaded, place}: TakenRules): string {
  const block = (word: string, titles: readonly string[]) => [
    `${word}: ${titles.length}`,
    ...titles.slice(0, mostNamed).map(title => `  ${title}`),
    ...(titles.length > mostNamed ? [`  and ${titles.length - mostNamed} more`] : []),
  ];
  const reasons = rejected.map(({file, line, reason}) => `${file}:${line}: ${reason}`);
  return `${[
    ...block('Added', added),
    ...block('Changed', changed),
    ...block('Removed', removed),
    ...block('Rejected', reasons),
    `${place} now has ${loaded} rules that load.`,
  ].join('\n')}\n`;
}
