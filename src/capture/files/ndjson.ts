import {stat} from 'node:fs/promises';
import type {Event, Micros} from '../../event/event.ts';
import {logKind} from '../logs/dataset.ts';
import {journalPlace, readJournalRecord} from '../logs/journal-entry.ts';
import {toLogEvent} from '../logs/parse/entry.ts';
import {type JsonRecord, parseObject, readJsonRecord} from '../logs/parse/json-line.ts';
import {isEventJson, readEventJson} from '../logs/windows/event-json.ts';
import {WindowsEntry} from '../logs/windows/windows-entry.ts';
import {datasetOf, winlogEvent} from '../logs/windows/winlog-event.ts';
import type {SourceBatch} from '../source.ts';
import {contentId, headSize} from './bytes.ts';
import {DropCounter} from './drop-counter.ts';
import {fromEcs, isEcsRecord, type RecordPlace} from './ecs-record.ts';
import type {FileContext, FileFormat} from './file-format.ts';
import {fileLines} from './file-lines.ts';
import {originMaker} from './origins.ts';

/** Lines of JSON objects: this program's own, journalctl's, and any program's with time and message by usual names. */
export const ndjson: FileFormat = {
  name: 'NDJSON',
  detects: head => {
    const text = head.toString('utf8').trimStart();
    const end = text.indexOf('\n');
    if (!/^\{\s*"/.test(text)) return false;
    return end < 0
      ? head.length >= headSize || parseObject(text) !== undefined
      : parseObject(text.slice(0, end)) !== undefined;
  },
  read: readNdjson,
};

/** A record may be many times as long as a text log's line: bytes of a journal message are a list of numbers. */
export const longestRecord = 4 * 2 ** 20;

async function* readNdjson(path: string, context: FileContext): AsyncGenerator<SourceBatch> {
  const changed = Math.round((await stat(path)).mtimeMs * 1000);
  const origin = originMaker(path, await contentId(path), context);
  const drops = new DropCounter(context);
  const {provider} = logKind(path);
  let newest: Micros = changed;
  for await (const lines of fileLines(path, longestRecord)) {
    const events: Event[] = [];
    for (const line of lines) {
      const record = line.cut ? undefined : parseObject(line.text);
      const place = {position: line.offset, ingested: context.clock(), origin};
      const event = record && readRecord(record, place, provider, newest);
      if (event) events.push(event);
      else drops.add(line.cut ? 'too-long' : 'unparsable', line.number);
      newest = event?.time ?? newest;
    }
    yield {events, dropped: drops.take(), historical: true};
  }
}

/** The event that one object is, in whichever of the known forms. `newest`: when it happened if it does not say. */
export function readRecord(
  record: JsonRecord,
  place: RecordPlace,
  provider: string,
  newest: Micros,
): Event | undefined {
  if (isEcsRecord(record)) return fromEcs(record, place);
  if (isEventJson(record)) return windowsEvent(record, place, newest);
  const {position, ingested} = place;
  if ('__REALTIME_TIMESTAMP' in record) {
    const fields = new Map(Object.entries(record));
    const time = journalPlace(fields)?.time;
    if (time === undefined) return undefined;
    return toLogEvent(readJournalRecord(fields, time), {
      origin: place.origin(undefined, 'journald'),
      position,
      time,
      ingested,
    });
  }
  const entry = readJsonRecord(record, provider);
  return toLogEvent(entry, {origin: place.origin(undefined, 'json'), position, time: entry.time ?? newest, ingested});
}

const windowsEntry = new WindowsEntry();

function windowsEvent(record: JsonRecord, {position, ingested, origin}: RecordPlace, newest: Micros): Event {
  windowsEntry.reset();
  readEventJson(record, windowsEntry);
  const {computer, channel, time = newest} = windowsEntry;
  const host = computer === '' ? undefined : computer;
  return winlogEvent(windowsEntry, {origin: origin(host, datasetOf(channel)), position, time, ingested});
}
