import {randomUUID} from 'node:crypto';
import {rmSync} from 'node:fs';
import {hostname, tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Forwarded} from '../../detect/sigma/forwarded-event.ts';
import type {RuleHead} from '../../detect/sigma/rule.ts';
import {sanitizeLine} from '../../event/sanitize.ts';
import {timeText} from '../output/table.ts';
import {correlate} from '../scan/correlate.ts';
import type {Hit} from '../scan/entry.ts';
import {foldCopies} from '../scan/fold-copies.ts';
import {mergeEntries} from '../scan/merge-entries.ts';
import {Scanner} from '../scan/scanner.ts';
import {selectRules} from '../scan/select-rules.ts';
import {block} from '../scan/summary.ts';
import {Tally} from '../scan/tally.ts';
import type {TestContext} from './test-context.ts';

/** Shows what a correlation's rules find and when it fires. Gives whether it does. */
export async function testCorrelation(head: RuleHead, context: TestContext): Promise<boolean> {
  const {rules, config, targets, output, most, utc} = context;
  const selected = selectRules(rules.set, {minLevel: 'informational', include: [head.id], exclude: []});
  const folder = join(tmpdir(), `siem-test-${randomUUID()}`);
  const {settings} = config;
  const reading = {host: hostname(), settings, maxLine: settings.sources.max_line};
  const setup = {...selected, ...reading, tuning: rules.tuning, since: undefined, until: undefined, folder};
  const scanner = new Scanner({...setup, profiling: false}, 'test');
  try {
    for (const [number, target] of targets.entries()) await scanner.scan({...target, number}, () => {});
    const result = scanner.end();
    const {hits} = correlate([result], {...selected, tuning: rules.set.tuning, folder});
    const fired = [...foldCopies<Hit>(mergeEntries([hits]))].map(({value, entry}) => ({entry, record: value.record}));
    const lines = fired
      .slice(0, most)
      .map(({entry, record}) => `  ${timeText(entry.time / 1_000, utc)}  ${record['event.reason']}`);
    const fed = new Tally();
    for (const {value} of foldCopies<Forwarded & {readonly key: string}>(mergeEntries([result.feeds])))
      for (const {id} of value.fed) fed.add(titleOf(id, context));
    const parts = [
      `${head.title} (${head.level}, ${head.id})`,
      `Fires ${fired.length} times.`,
      ...lines.map(sanitizeLine),
      ...(fed.size > 0
        ? block('Events of the rules that it counts', fed)
        : ['No event fits any of the rules that it counts.']),
    ];
    await output.write(`${parts.join('\n')}\n`);
    return fired.length > 0;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

function titleOf(id: string, {rules: {set}}: TestContext): string {
  const own = id.replace(/#counted$/, '');
  return set.loaded.find(({rule}) => rule.head.id === own)?.rule.head.title ?? own;
}
