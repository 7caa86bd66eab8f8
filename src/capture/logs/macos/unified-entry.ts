import {basename} from 'node:path';
import {type Level, Levels} from '../../../event/level.ts';
import {sanitize} from '../../../event/sanitize.ts';
import type {Entry, Fields} from '../parse/entry.ts';
import type {JsonRecord} from '../parse/json-line.ts';
import {finishProgramEntry} from '../parse/program.ts';

/** os_log's types; its default is what syslog calls a notice. */
const levels: ReadonlyMap<unknown, Level> = new Map([
  ['Default', Levels.notice],
  ['Info', Levels.information],
  ['Debug', Levels.debug],
  ['Error', Levels.error],
  ['Fault', Levels.critical],
]);

const named = Object.entries({
  processImagePath: 'process.executable',
  subsystem: 'macos.subsystem',
  category: 'macos.category',
  senderImagePath: 'macos.sender',
  messageType: 'macos.message_type',
  traceID: 'macos.trace_id',
  activityIdentifier: 'macos.activity_id',
  threadID: 'process.thread.id',
  userID: 'user.id',
});

/** What a message of the unified log says. */
export function unifiedEntry(record: JsonRecord): Entry {
  const text = (name: string) => (typeof record[name] === 'string' ? sanitize(record[name]) : '');
  const path = text('processImagePath');
  const provider = basename(path) || text('subsystem') || 'macos';
  const level = levels.get(record.messageType) ?? Levels.information;
  const entry: Entry = {level, provider, message: text('eventMessage'), fields: fieldsOf(record)};
  if (path !== '' && entry.fields) entry.fields['process.name'] = provider;
  const pid = record.processID;
  if (typeof pid === 'number' && Number.isSafeInteger(pid) && pid >= 0) entry.pid = pid;
  return isTrusted(path) ? finishProgramEntry(entry, level) : entry;
}

function fieldsOf(record: JsonRecord): Fields {
  const fields: Fields = {};
  for (const [name, field] of named) {
    const value = record[name];
    if (typeof value === 'string' && value !== '') fields[field] = sanitize(value);
    // 0 is the number of no activity.
    else if (typeof value === 'number' && (value !== 0 || name === 'userID')) fields[field] = value;
  }
  return fields;
}

const systemFolders = /^\/(?:usr\/(?:s?bin|libexec)|s?bin|System)\//;

/** Who logged in is believed of programs that macOS protects from everybody. */
function isTrusted(path: string): boolean {
  return systemFolders.test(path);
}
