import type {FieldValue} from '../../../event/event.ts';
import {sanitize} from '../../../event/sanitize.ts';
import {type JsonRecord, jsonText} from '../parse/json-line.ts';
import type {WindowsEntry} from './windows-entry.ts';

/** Whether an object is a Windows event in the JSON that tools for event logs share: `{"Event": {"System": …}}`. */
export function isEventJson(record: JsonRecord): boolean {
  return isObject(record.Event) && isObject(record.Event.System);
}

const prefix = 'winlog.event_data.';
const deepest = 8;
const mostFields = 2_000;

/** Fills an entry, new or reset, with what such an object says, as if it had been read from the log itself. */
export function readEventJson(record: JsonRecord, entry: WindowsEntry): void {
  const event = objectOf(record.Event);
  for (const [name, value] of Object.entries(objectOf(event.System))) readSystem(name, value, entry);
  readData(objectOf(event.EventData), entry);
  for (const wrapped of Object.values(objectOf(event.UserData))) readLeaves(objectOf(wrapped), prefix, entry, 0);
  entry.finish();
}

function readSystem(name: string, value: unknown, entry: WindowsEntry): void {
  const text = scalarOf(isObject(value) ? value['#text'] : value);
  if (isObject(value)) {
    for (const [attribute, inner] of Object.entries(objectOf(value['#attributes']))) {
      const found = scalarOf(inner);
      if (found !== undefined) entry.system(`${name}_${attribute}`, found);
    }
  }
  if (text !== undefined) entry.system(name, text);
}

/** Data without names stands together under `Data`. */
function readData(data: JsonRecord, entry: WindowsEntry): void {
  const {Data: unnamed, ...named} = data;
  const values = isObject(unnamed) ? unnamed['#text'] : unnamed;
  for (const value of Array.isArray(values) ? values : values === undefined ? [] : [values])
    entry.positional(scalarOf(value));
  readLeaves(named, prefix, entry, 0);
}

function readLeaves(leaves: JsonRecord, path: string, entry: WindowsEntry, depth: number): void {
  for (const [name, value] of Object.entries(leaves)) {
    if (entry.fields.count >= mostFields) return;
    if (name === '#attributes' || name === '#text') continue;
    const field = sanitize(path + name.replace(/\s+/g, ''));
    if (!isObject(value)) add(entry, field, value);
    else if (depth < deepest) {
      for (const [attribute, inner] of Object.entries(objectOf(value['#attributes'])))
        if (!attribute.startsWith('xmlns')) add(entry, `${field}.${sanitize(attribute)}`, inner);
      add(entry, field, value['#text']);
      readLeaves(value, `${field}.`, entry, depth + 1);
    }
  }
}

function add(entry: WindowsEntry, field: string, value: unknown): void {
  const scalar = scalarOf(value);
  if (scalar !== undefined) entry.fields.add(field, scalar);
}

function scalarOf(value: unknown): FieldValue | undefined {
  if (typeof value === 'string') return sanitize(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value)
    ? sanitize(value.map(item => (typeof item === 'string' ? item : jsonText(item))).join('\n'))
    : undefined;
}

function objectOf(value: unknown): JsonRecord {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
