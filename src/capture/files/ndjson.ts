import {stat} from 'node:fs/promises';
import type {Event, Micros} from '../../event/event.ts';
import {logKind} from '../logs/dataset.ts';
import {journalPlace, readJournalRecord} from '../logs/journal-entry.ts';
import {toLogEvent} from '../logs/parse/entry.ts';
import {type JsonRecord, parseObject, readJsonRecord} from '../logs/parse/json-line.ts';
import {SensorLines} from '../logs/sensors/sensor-lines.ts';
import {sensorEvent} from '../logs/sensors/sensor-record.ts';
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

/** Lines of JSON objects: this program's own, journalctl's, Suricata's, Zeek's, and any program's with usual names. */
export const ndjson: FileFormat = {
  name: 'NDJSON',
  detects: head => {
    const text = head.toString('utf8').trimStart();
    if (!/^\{\s*"/.test(text)) return false;
    const [first = '', second, third] = text.split('\n', 4);
    if (second === undefined && head.length >= headSize) return true;
    // A first line that is damaged costs no more than itself.
    return isObject(first) || (third !== undefined && isObject(second) && isObject(third));
  },
  read: readNdjson,
};

function isObject(line: string | undefined): boolean {
  return line !== undefined && parseObject(line) !== undefined;
}

/** A record may be many times as long as a text log's line: bytes of a journal message are a list of numbers. */
export const longestRecord = 4 * 2 ** 20;

async function* readNdjson(path: string, context: FileContext): AsyncGenerator<SourceBatch> {
  const changed = Math.round((await stat(path)).mtimeMs * 1000);
  const origin = originMaker(path, await contentId(path), context);
  const drops = new DropCounter(context);
  const known = {provider: logKind(path).provider, sensors: new SensorLines(path)};
  let newest: Micros = changed;
  for await (const lines of fileLines(path, longestRecord)) {
    const events: Event[] = [];
    for (const line of lines) {
      const record = line.cut ? undefined : parseObject(line.text);
      const place = {position: line.offset, ingested: context.clock(), origin};
      const event = record && readRecord(record, place, known, newest);
      if (event) events.push(event);
      else drops.add(line.cut ? 'too-long' : 'unparsable', line.number);
      newest = event?.time ?? newest;
    }
    yield {events, dropped: drops.take(), historical: true};
  }
}

/** What is known of a file before its records are read. */
export interface RecordFile {
  /** The program's name for records that name none. */
  readonly provider: string;
  readonly sensors: SensorLines;
}

/** The event that one object is, in whichever of the known forms. `newest`: when it happened if it does not say. */
export function readRecord(
  record: JsonRecord,
  place: RecordPlace,
  {provider, sensors}: RecordFile,
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
  const sensed = sensors.readObject(record);
  if (sensed === 'damaged') return undefined;
  if (sensed) {
    const origin = (dataset: string) => place.origin(undefined, dataset);
    return sensorEvent(sensed, {position, ingested, newest, origin});
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
