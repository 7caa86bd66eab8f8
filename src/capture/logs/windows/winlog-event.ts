import type {FieldValue, LogEvent} from '../../../event/event.ts';
import {auditOutcome, windowsLevel} from './levels.ts';
import {messageOf} from './messages/message-of.ts';
import {attemptOf, pidOf, userOf} from './who.ts';
import type {WindowsEntry} from './windows-entry.ts';

export type EventPlace = Pick<LogEvent, 'origin' | 'position' | 'time' | 'ingested'>;

/** The event that an entry of a Windows log is: its values as `winlog.*`, who did what and how it ended, a sentence. */
export function winlogEvent(entry: WindowsEntry, place: EventPlace): LogEvent {
  const outcome = auditOutcome(entry.keywords);
  if (outcome) entry.fields.add('event.outcome', outcome);
  const fields = entry.fields.toRecord();
  const {provider, code} = entry;
  const attempt = attemptOf(provider, code, fields);
  if (attempt) Object.assign(fields, attempt);
  return assembled(entry, place, fields);
}

function assembled(entry: WindowsEntry, place: EventPlace, fields: Record<string, FieldValue>): LogEvent {
  const {provider, code} = entry;
  const user = userOf(provider, code, fields);
  const pid = pidOf(provider, code, fields);
  return {
    kind: 'log',
    origin: place.origin,
    position: place.position,
    time: place.time,
    ingested: place.ingested,
    level: windowsLevel(entry.level),
    code,
    provider,
    message: messageOf(provider, code, fields),
    ...(entry.computer === '' || entry.computer === place.origin.host ? undefined : {host: entry.computer}),
    ...(user === undefined ? undefined : {user}),
    ...(pid === undefined ? undefined : {pid}),
    fields,
  };
}

/** `event.dataset` of a channel: `winlog.security`, `winlog.microsoft-windows-sysmon/operational`. */
export function datasetOf(channel: string): string {
  return `winlog.${channel === '' ? 'unknown' : channel.slice(0, longestChannel).toLowerCase().replaceAll(' ', '-')}`;
}

const longestChannel = 128;
