import type {FieldValue, LogEvent} from '../../event/event.ts';
import {logEntry} from '../rules/log-entry.test-helper.ts';

type Json = Readonly<Record<string, unknown>>;

/** A Windows event in the JSON of `evtx_dump`, as the entry that a reader of event logs makes of it. */
export function windowsEntry(json: Json): LogEvent {
  const event = object(json.Event);
  const system = object(event.System);
  const id = object(system.EventID)['#text'] ?? system.EventID;
  const attribute = (name: string, key: string) => object(object(system[name])['#attributes'])[key];
  const time = Date.parse(String(attribute('TimeCreated', 'SystemTime'))) * 1000;
  const fields: Record<string, FieldValue> = {
    'winlog.channel': String(system.Channel),
    'winlog.computer_name': String(system.Computer),
    'winlog.provider_name': String(attribute('Provider', 'Name')),
    'winlog.record_id': Number(system.EventRecordID),
  };
  leaves(object(event.EventData), fields);
  for (const data of Object.values(object(event.UserData))) leaves(object(data), fields);
  return logEntry(time, {
    code: Number(id),
    provider: String(attribute('Provider', 'Name')),
    host: String(system.Computer),
    position: Number(system.EventRecordID),
    fields,
  });
}

/** Objects that follow one another in a text, with nothing but white space between. */
export function jsonObjects(text: string): Json[] {
  return text.split(/\n(?=\{)/).map(part => JSON.parse(part) as Json);
}

function leaves(data: Json, fields: Record<string, FieldValue>): void {
  for (const [name, value] of Object.entries(data)) {
    if (name === '#attributes' || value === null) continue;
    fields[`winlog.event_data.${name}`] = typeof value === 'object' ? JSON.stringify(value) : (value as FieldValue);
  }
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
