import type {Source} from '../../source.ts';
import {logCommand} from './log-child.ts';
import {unifiedSource} from './unified-batches.ts';
import {unifiedLog} from './unified-log.ts';

export interface MacosLogsOptions {
  readonly platform?: NodeJS.Platform;
  /** What stands in for `log` in tests. */
  readonly log?: string;
}

/** The unified log, where `sources` of [monitor] names it, and on macOS with `auto`. */
export function macosLogs(wanted: readonly string[], options: MacosLogsOptions = {}): readonly Source[] {
  const platform = options.platform ?? process.platform;
  const isWanted = wanted.includes(unifiedSource) || (platform === 'darwin' && wanted.includes('auto'));
  return isWanted ? [unifiedLog({command: options.log ?? logCommand(platform)})] : [];
}
