import {Command} from 'commander';
import {loadConfig} from '../../config/load.ts';
import type {LoadedRule} from '../../detect/sigma/resolve.ts';
import type {RuleSet} from '../../detect/sigma/rule-set.ts';
import {alertLevels} from '../../event/level.ts';
import {sanitizeLine} from '../../event/sanitize.ts';
import type {QueryRow} from '../../query/request.ts';
import {tellFailure, UsageError} from '../failure.ts';
import {loadCommandRules, type RuleFlags} from '../load-rules.ts';
import {Output} from '../output/output.ts';
import {type Column, type OutputForm, outputForms} from '../output/writer.ts';
import {writerFor} from '../query-output.ts';
import {gather} from '../repeated-option.ts';
import {choiceOf, type ScanFlags} from '../scan/scan-options.ts';
import {ruleTest} from '../scan/select-rules.ts';
import {profileRules} from './profile.ts';

interface ListFlags extends RuleFlags, Pick<ScanFlags, 'minLevel' | 'include' | 'exclude' | 'config' | 'dataDir'> {
  readonly output: string;
  readonly profile?: readonly string[];
}

export function rulesListCommand(): Command {
  return new Command('list')
    .description('the rules that load; with --profile, what each costs')
    .option('--profile <files...>', 'run the rules over these files and give time, evaluations and hits of each')
    .option('--rules <folder>', 'rules instead of those that ship and the user’s own; may be repeated', gather)
    .option('--min-level <level>', 'informational, low, medium, high or critical', 'informational')
    .option('--include <pattern>', 'only rules whose id, title, tag or technique fits; may be repeated', gather)
    .option('--exclude <pattern>', 'no rules whose id, title, tag or technique fits; may be repeated', gather)
    .option('--tuning <file>', 'rules to disable or to give another level')
    .option('-o, --output <form>', 'table, json, ndjson or csv', 'table')
    .option('--data-dir <folder>', 'where the user’s rules are')
    .option('--config <file>', 'configuration file')
    .action(async (flags: ListFlags) => {
      process.exitCode = await list(flags);
    });
}

async function list(flags: ListFlags): Promise<number> {
  try {
    const form = formOf(flags.output);
    const isWanted = ruleTest(choiceOf(flags));
    const config = loadConfig(flags);
    const rules = await loadCommandRules(flags, config);
    const wanted = rules.set.loaded.filter(({rule}) => isWanted(rule.head)).sort(bySeverity);
    const {costs, failures = []} = flags.profile ? await profileRules(flags.profile, rules, config) : {};
    const rows = wanted.map(loaded => ({...rowOf(loaded), ...costs?.get(loaded.rule.head.id)}));
    if (costs) rows.sort((left, right) => Number(right['rule.millis'] ?? 0) - Number(left['rule.millis'] ?? 0));
    await write(rows, form, costs === undefined ? listColumns : profileColumns);
    process.stderr.write(`${countsOf(rules.set, wanted.length)}\n`);
    for (const failure of failures) process.stderr.write(`Not read: ${sanitizeLine(failure)}\n`);
    if (failures.length > 0) return 3;
    return rows.length > 0 ? 0 : 1;
  } catch (error) {
    return tellFailure(error);
  }
}

const listColumns: readonly Column[] = [
  {name: 'rule.level', title: 'level'},
  {name: 'rule.id', title: 'id', enough: 8},
  {name: 'rule.name', title: 'title'},
  {name: 'rule.logsource', title: 'logs'},
  {name: 'threat.technique.id', title: 'techniques'},
  {name: 'file.path', title: 'file'},
];

const profileColumns: readonly Column[] = [
  {name: 'rule.millis', title: 'ms', align: 'right'},
  {name: 'rule.evaluations', title: 'evaluations', align: 'right'},
  {name: 'rule.hits', title: 'hits', align: 'right'},
  ...listColumns,
];

function rowOf({file, rule}: LoadedRule): QueryRow {
  const {id, title, level, status, tags, techniques, line} = rule.head;
  return {
    'rule.id': id,
    'rule.name': title,
    'rule.level': level,
    'rule.kind': rule.kind,
    'rule.status': status ?? '',
    'rule.logsource': logsourceOf(rule),
    'rule.tags': tags,
    'threat.technique.id': techniques,
    'file.path': file,
    'file.line': line,
  };
}

function logsourceOf(rule: LoadedRule['rule']): string {
  if (rule.kind === 'correlation') return `${rule.rules.length} rules`;
  const {product, category, service} = rule.logsource;
  return [product, category, service].filter(part => part !== undefined).join(' ');
}

function bySeverity({rule: {head: left}}: LoadedRule, {rule: {head: right}}: LoadedRule): number {
  return alertLevels.indexOf(right.level) - alertLevels.indexOf(left.level) || left.title.localeCompare(right.title);
}

function countsOf({loaded, rejected, duplicates, disabled}: RuleSet, shown: number): string {
  const rules = rejected.filter(({isForeign}) => !isForeign).length;
  return `${shown} of ${loaded.length} rules; ${rules} rejected, ${duplicates.length} with another’s id, ${disabled.length} disabled.`;
}

async function write(rows: readonly QueryRow[], form: OutputForm, columns: readonly Column[]): Promise<void> {
  const output = new Output();
  const writer = writerFor({output: form}, columns, undefined, true);
  if (rows.length > 0 || form === 'json') await output.write(writer.begin(rows));
  for (const row of rows) await output.write(writer.row(row));
  await output.write(writer.end());
  await output.flush();
}

function formOf(text: string): OutputForm {
  const form = outputForms.find(known => known === text.toLowerCase());
  if (form) return form;
  throw new UsageError(`Expected --output to be one of ${outputForms.join(', ')}; got "${text}".`);
}
