import {LogChild, logCommand} from '../../capture/logs/macos/log-child.ts';
import {unifiedSource} from '../../capture/logs/macos/unified-batches.ts';
import {NoChannelError, Wevtutil} from '../../capture/logs/windows/wevtutil.ts';
import {wevtutilCommand} from '../../capture/logs/windows/wevtutil-child.ts';
import {wantedChannels} from '../../capture/logs/windows/windows-logs.ts';
import {SourceError} from '../../capture/source.ts';
import {type Check, fails, note, ok} from './check.ts';

export interface SystemLogParts {
  /** `sources` of [monitor]. */
  readonly sources: readonly string[];
  readonly platform: NodeJS.Platform;
  /** What stands in for `wevtutil` and `log` in tests. */
  readonly wevtutil?: string;
  readonly log?: string;
  /** ms that each look may take. */
  readonly limit?: number;
}

const usualLimit = 5_000;

/** Whether the event logs of Windows, and the log of macOS, can be read. Nothing where none of them is wanted. */
export async function systemLogChecks(parts: SystemLogParts): Promise<readonly Check[]> {
  const {sources, platform} = parts;
  const command = parts.wevtutil ?? wevtutilCommand(platform);
  const channels = await wantedChannels(sources, platform, command);
  const isMacWanted = sources.includes(unifiedSource) || (platform === 'darwin' && sources.includes('auto'));
  return [
    ...(await Promise.all(channels.map(channel => channelCheck(channel, new Wevtutil(command), parts)))),
    ...(isMacWanted ? [await macCheck(parts)] : []),
  ];
}

async function channelCheck(channel: string, tool: Wevtutil, {limit}: SystemLogParts): Promise<Check> {
  const check = `event log ${channel}`;
  const signal = AbortSignal.timeout(limit ?? usualLimit);
  try {
    const {records} = await tool.info(channel, signal);
    if (signal.aborted) return fails(check, 'wevtutil gave no answer in time', 'net start eventlog');
    return ok(check, `readable, ${records} events`);
  } catch (error) {
    if (error instanceof NoChannelError) return note(check, 'is not there yet: it is read once it is', 'wevtutil el');
    if (error instanceof SourceError) return fails(check, error.message, error.mend ?? `wevtutil gli "${channel}"`);
    throw error;
  }
}

async function macCheck({log, platform, limit}: SystemLogParts): Promise<Check> {
  const check = 'log of macOS';
  const child = new LogChild(log ?? logCommand(platform), ['show', '--style', 'ndjson', '--last', '1s']);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void child.end();
  }, limit ?? usualLimit);
  try {
    // Only whether it may be read is of interest.
    for await (const _ of child.lines());
    const {failure, code, complaint} = await child.result();
    if (isLate) return note(check, 'log show takes long here: the log is read, its past later');
    if (!failure && code === 0) return ok(check, 'readable');
    const said = complaint.split('\n', 1)[0] || failure?.message || `log show ended with ${code}`;
    return fails(check, said, 'sudo siem monitor; or run it as an administrator of this Mac');
  } finally {
    clearTimeout(timer);
    await child.end();
  }
}
