import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {settingsSchema} from '../../config/settings.ts';
import {buildRuleSet} from '../../detect/sigma/rule-set.ts';
import {readTuning} from '../../detect/sigma/tuning.ts';
import type {EcsRecord} from '../../event/ecs.ts';
import {correlate} from './correlate.ts';
import type {Hit} from './entry.ts';
import {findFiles} from './find-files.ts';
import {type Folded, foldCopies} from './fold-copies.ts';
import {mergeEntries} from './merge-entries.ts';
import {Progress} from './progress.ts';
import {scanFiles} from './scan-files.ts';
import type {FileReport} from './scanner.ts';
import {type RuleChoice, selectRules} from './select-rules.ts';

const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'siem-scan-test-'));
  folders.push(folder);
  return folder;
}

/** For `afterEach`. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true});
}

export interface Scan {
  readonly hits: readonly Folded<Hit>[];
  readonly records: readonly EcsRecord[];
  readonly reports: readonly FileReport[];
  readonly suppressed: number;
}

/** Scans files in this thread with the rules of a text. */
export async function scanWith(
  rules: string,
  files: readonly string[],
  more: Partial<RuleChoice> & {readonly tuning?: string} = {},
): Promise<Scan> {
  const tuning = readTuning(more.tuning ?? '').tuning;
  const set = buildRuleSet([{path: 'test.yml', text: rules}], {tuning});
  if (set.rejected.length > 0) throw new Error(set.rejected[0]?.reason);
  const choice: RuleChoice = {minLevel: 'informational', include: [], exclude: [], ...more};
  const selected = selectRules(set, choice);
  const settings = settingsSchema.parse({});
  const folder = join(temporaryFolder(), 'spilled');
  const setup = {
    ...selected,
    choice,
    ...{tuning: more.tuning ?? '', since: undefined, until: undefined, folder, host: 'here'},
    ...{settings, maxLine: settings.sources.max_line, profiling: false},
  };
  const {targets} = await findFiles(files);
  const numbered = targets.map((target, number) => ({...target, number}));
  const {reports, results} = await scanFiles(
    numbered,
    setup,
    1,
    new Progress(
      numbered,
      () => {},
      () => 0,
    ),
  );
  const correlated = correlate(results, {...selected, tuning, folder});
  const hits = [...foldCopies<Hit>(mergeEntries([...results, correlated].map(result => result.hits)))];
  const suppressed = results.reduce((sum, result) => sum + result.suppressed, correlated.suppressed);
  return {hits, records: hits.map(({value}) => value.record), reports, suppressed};
}
