/** Channels that are read where a machine has them. */
export const usualChannels = [
  'Security',
  'System',
  'Application',
  'Windows PowerShell',
  'Microsoft-Windows-PowerShell/Operational',
  'Microsoft-Windows-Sysmon/Operational',
  'Microsoft-Windows-Windows Defender/Operational',
] as const;

/** Channels that every Windows has: asked for even where their names cannot be had. */
const certain = new Set<string>(['Security', 'System', 'Application']);

const prefix = 'windows:';

/** Those of the usual channels that are there. Names are equal without case. Undefined: it could not be found out. */
export function presentChannels(present: readonly string[] | undefined): readonly string[] {
  if (!present) return usualChannels.filter(name => certain.has(name));
  const lower = new Set(present.map(name => name.trim().toLowerCase()));
  return usualChannels.filter(name => lower.has(name.toLowerCase()));
}

/** The channel that `windows:CHANNEL` in the settings names. */
export function channelName(source: string): string | undefined {
  return source.startsWith(prefix) && source.length > prefix.length ? source.slice(prefix.length) : undefined;
}

export function channelSource(channel: string): string {
  return `${prefix}${channel}`;
}
