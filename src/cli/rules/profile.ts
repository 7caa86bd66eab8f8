import {randomUUID} from 'node:crypto';
import {rmSync} from 'node:fs';
import {hostname, tmpdir} from 'node:os';
import {join} from 'node:path';
import type {LoadedConfig} from '../../config/load.ts';
import type {QueryRow} from '../../query/request.ts';
import type {CommandRules} from '../load-rules.ts';
import {findFiles} from '../scan/find-files.ts';
import {Scanner} from '../scan/scanner.ts';
import {selectRules} from '../scan/select-rules.ts';

export interface Profile {
  readonly costs: ReadonlyMap<string, QueryRow>;
  /** Files that could not be read, and why. */
  readonly failures: readonly string[];
}

/** Runs rules over files in this thread and measures each. What hits is counted and not kept. Throws as findFiles does. */
export async function profileRules(
  files: readonly string[],
  {set, tuning}: CommandRules,
  {settings}: LoadedConfig,
): Promise<Profile> {
  const {targets, failures: notFound} = await findFiles(files);
  const {rules, choice} = selectRules(set, {minLevel: 'informational', include: [], exclude: []});
  const folder = join(tmpdir(), `siem-profile-${randomUUID()}`);
  const scanner = new Scanner(
    {
      rules: {...rules, correlations: []},
      shown: new Set(),
      choice,
      tuning,
      since: undefined,
      until: undefined,
      folder,
      host: hostname(),
      settings,
      maxLine: settings.sources.max_line,
      profiling: true,
    },
    'profile',
  );
  const failures = [...notFound];
  try {
    for (const [number, target] of targets.entries()) {
      const {failure} = await scanner.scan({...target, number}, () => {});
      if (failure !== undefined) failures.push(failure);
    }
    return {costs: new Map(scanner.end().profile.map(({id, ...cost}) => [id, rowOf(cost)])), failures};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

function rowOf({millis, evaluations, hits}: {millis: number; evaluations: number; hits: number}): QueryRow {
  return {'rule.millis': Math.round(millis * 1_000) / 1_000, 'rule.evaluations': evaluations, 'rule.hits': hits};
}
