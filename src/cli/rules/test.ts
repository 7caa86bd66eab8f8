import {statSync} from 'node:fs';
import {Command} from 'commander';
import {SourceError} from '../../capture/source.ts';
import {loadConfig} from '../../config/load.ts';
import type {LoadedRule} from '../../detect/sigma/resolve.ts';
import type {RuleSet} from '../../detect/sigma/rule-set.ts';
import {wildcard} from '../../query/wildcard.ts';
import {tellFailure, UsageError} from '../failure.ts';
import {type CommandRules, loadCommandRules, type RuleFlags} from '../load-rules.ts';
import {Output} from '../output/output.ts';
import {gather} from '../repeated-option.ts';
import {findFiles} from '../scan/find-files.ts';
import {explainDetection} from './explain-detection.ts';
import {testCorrelation} from './test-correlation.ts';

interface TestFlags extends RuleFlags {
  readonly lines: string;
  readonly utc?: boolean;
  readonly config?: string;
  readonly dataDir?: string;
}

/** Exit status: 0 the rule fired, 1 it did not, 2 wrong use, 3 a file could not be read. */
export function rulesTestCommand(): Command {
  return new Command('test')
    .description('why a rule fires on the events of files or does not, part by part')
    .argument('<rule>', 'its file, id or title')
    .argument('<files...>', 'files, folders and patterns, as for siem scan')
    .option('-n, --lines <n>', 'explain at most so many events that fire, and so many that do not', '5')
    .option('--rules <folder>', 'rules instead of those that ship and the user’s own; may be repeated', gather)
    .option('--tuning <file>', 'a tuning file')
    .option('--utc', 'show times in UTC')
    .option('--data-dir <folder>', 'where the user’s rules are')
    .option('--config <file>', 'configuration file')
    .action(async (rule: string, files: readonly string[], flags: TestFlags) => {
      process.exitCode = await test(rule, files, flags);
    });
}

async function test(name: string, files: readonly string[], flags: TestFlags): Promise<number> {
  try {
    const most = /^\d{1,6}$/.test(flags.lines) ? Number(flags.lines) : undefined;
    if (most === undefined) throw new UsageError(`Expected --lines to be a whole number; got "${flags.lines}".`);
    const config = loadConfig(flags);
    const isFile = statSync(name, {throwIfNoEntry: false})?.isFile() === true;
    const rules = await loadCommandRules(isFile ? {...flags, rules: [name, ...(flags.rules ?? [])]} : flags, config);
    const wanted = isFile ? rulesOfFile(name, rules) : [ruleNamed(name, rules.set)];
    const {targets, failures} = await findFiles(files);
    if (failures.length > 0) throw new SourceError(failures.join('\n'));
    const output = new Output();
    let fired = false;
    for (const {rule} of wanted) {
      const context = {targets, rules, config, utc: flags.utc ?? config.settings.screen.time === 'utc', output, most};
      if (rule.kind === 'detection') fired = (await explainDetection(rule, context)) || fired;
      if (rule.kind === 'correlation' || (rule.kind === 'detection' && rule.aggregation))
        fired = (await testCorrelation(rule.head, context)) || fired;
    }
    await output.flush();
    return process.exitCode === 3 ? 3 : fired ? 0 : 1;
  } catch (error) {
    return tellFailure(error);
  }
}

function rulesOfFile(path: string, {set, places}: CommandRules): readonly LoadedRule[] {
  const found = set.loaded.filter(({file, rule}) => file === places[0] && rule.kind !== 'filter');
  if (found.length > 0) return found;
  const reasons = set.rejected
    .filter(({file}) => file === places[0])
    .map(({line, reason}) => `${path}:${line}: ${reason}`);
  throw new UsageError(reasons.join('\n') || `Expected a rule in ${path}, found none.`);
}

function ruleNamed(name: string, {loaded, rejected}: RuleSet): LoadedRule {
  const fits = wildcard(name, false);
  const found = loaded.find(({rule}) => rule.kind !== 'filter' && (fits(rule.head.id) || fits(rule.head.title)));
  if (found) return found;
  const refused = rejected.find(({id = '', title = ''}) => fits(id) || fits(title));
  throw new UsageError(
    refused
      ? `The rule is rejected: ${refused.file}:${refused.line}: ${refused.reason}`
      : `Expected a rule's file, id or title, got "${name}"; siem rules list shows those that load.`,
  );
}
