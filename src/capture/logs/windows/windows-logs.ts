import type {Source} from '../../source.ts';
import {windowsChannel} from './channel.ts';
import {channelName, presentChannels} from './channels.ts';
import {Wevtutil} from './wevtutil.ts';
import {wevtutilCommand} from './wevtutil-child.ts';

export interface WindowsLogsOptions {
  readonly platform?: NodeJS.Platform;
  /** What stands in for `wevtutil` in tests. */
  readonly wevtutil?: string;
}

/** ms that the list of channels may take. */
const longestWait = 10_000;

/** The channels that `sources` of [monitor] name, and on Windows with `auto` the usual ones that are there. */
export async function windowsLogs(
  wanted: readonly string[],
  options: WindowsLogsOptions = {},
): Promise<readonly Source[]> {
  const platform = options.platform ?? process.platform;
  const command = options.wevtutil ?? wevtutilCommand(platform);
  return (await wantedChannels(wanted, platform, command)).map(channel => windowsChannel({channel, command}));
}

/** Their names, each once whatever its case. */
export async function wantedChannels(
  wanted: readonly string[],
  platform: NodeJS.Platform,
  command: string,
): Promise<readonly string[]> {
  const named = wanted.flatMap(source => channelName(source) ?? []);
  const usual = platform === 'win32' && wanted.includes('auto') ? presentChannels(await list(command)) : [];
  return [...new Map([...usual, ...named].map(channel => [channel.toLowerCase(), channel])).values()];
}

/** Undefined where it cannot be had; why, the channels themselves will say. */
async function list(command: string): Promise<readonly string[] | undefined> {
  try {
    const signal = AbortSignal.timeout(longestWait);
    const found = await new Wevtutil(command).channels(signal);
    return signal.aborted ? undefined : found;
  } catch {
    return undefined;
  }
}
