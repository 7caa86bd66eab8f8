import type {LoadedConfig} from '../../config/load.ts';
import type {CommandRules} from '../load-rules.ts';
import type {Output} from '../output/output.ts';
import type {ScanTarget} from '../scan/find-files.ts';

/** What testing a rule takes. */
export interface TestContext {
  readonly targets: readonly ScanTarget[];
  readonly rules: CommandRules;
  readonly config: LoadedConfig;
  readonly utc: boolean;
  readonly output: Output;
  /** So many events are explained that fire, and so many that do not. */
  readonly most: number;
}
