import type {AlertGroup} from '../../event/alert-group.ts';
import type {Micros} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';

/**
 * What the log says of an alert, in the original program's words (its logger puts `WARNING | where:line - ` before).
 *
 * @example
 * logLine(group, 'utc') // 'Anomaly detected at 2024-09-25 01:38:01 - Event ID: 701, Level: Warning, Source: Win32k.'
 */
export function logLine(group: AlertGroup, zone: 'local' | 'utc'): string {
  const time = zone === 'utc' ? utc(group.last) : local(group.last);
  return `Anomaly detected at ${time} - Event ID: ${group.code}, Level: ${levelOf(group)}, Source: ${group.provider}.`;
}

// The entry's own level where an entry triggered it; packets and metrics have none, so the alert's stands for it.
function levelOf(group: AlertGroup): string {
  const own = group.event['log.level'];
  return typeof own === 'string' && own !== '' ? capitalised(own) : words[group.level];
}

const words: Readonly<Record<AlertLevel, string>> = {
  informational: 'Information',
  low: 'Notice',
  medium: 'Warning',
  high: 'Error',
  critical: 'Critical',
};

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function utc(time: Micros): string {
  return new Date(time / 1000).toISOString().slice(0, 19).replace('T', ' ');
}

function local(time: Micros): string {
  const date = new Date(time / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
