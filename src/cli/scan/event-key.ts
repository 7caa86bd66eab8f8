import {createHash} from 'node:crypto';
import type {Event, LogEvent} from '../../event/event.ts';

/**
 * The same for one event in every copy of its log, whatever the copy's name and form: of Windows' logs by host, channel,
 * record and content, of others by their place in a file that begins so, and content.
 */
export function eventKey(event: Event): string {
  const parts = event.kind === 'log' ? logParts(event) : [event.origin.epoch, event.position];
  return createHash('sha1').update(JSON.stringify(parts)).digest('base64url');
}

function logParts(event: LogEvent): readonly unknown[] {
  const {fields, origin, time, code} = event;
  const channel = fields?.['winlog.channel'];
  const record = fields?.['winlog.record_id'];
  if (channel === undefined || record === undefined) {
    return [origin.epoch, event.position, origin.dataset, time, event.message];
  }
  const content = Object.entries(fields ?? {})
    .filter(([name]) => name.startsWith('winlog.event_data.'))
    // Other tools write GUIDs without their braces, and leave out spaces at a value's ends.
    .map(([name, value]) => `${name}=${String(value).replace(/[{}]/g, '').trim()}`)
    .sort();
  return [event.host ?? origin.host, channel, String(record), time, code, content];
}
