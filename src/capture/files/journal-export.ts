import type {LogEvent} from '../../event/event.ts';
import {type JournalRecord, journalPlace, readJournalRecord} from '../logs/journal-entry.ts';
import {toLogEvent} from '../logs/parse/entry.ts';
import type {SourceBatch} from '../source.ts';
import {contentId, readBytes} from './bytes.ts';
import {DropCounter} from './drop-counter.ts';
import {ExportParser} from './export-parser.ts';
import type {FileContext, FileFormat} from './file-format.ts';
import {originMaker} from './origins.ts';

/** `journalctl -o export` (systemd, Journal Export Formats). */
export const journalExport: FileFormat = {
  name: 'journal export',
  detects: head =>
    /^[A-Z_][A-Z0-9_]{0,63}=/.test(head.toString('latin1', 0, 80)) && head.includes('__REALTIME_TIMESTAMP='),
  read: readJournalExport,
};

async function* readJournalExport(path: string, context: FileContext): AsyncGenerator<SourceBatch> {
  const origin = originMaker(path, await contentId(path), context)(undefined, 'journald');
  const drops = new DropCounter(context);
  const parser = new ExportParser();
  let events: LogEvent[] = [];
  let number = 0;
  const onRecord = (record: JournalRecord | undefined, position: number) => {
    number++;
    const place = record && journalPlace(record);
    if (!record || !place) {
      drops.add(record ? 'unparsable' : 'too-long', number);
      return;
    }
    const {time} = place;
    events.push(toLogEvent(readJournalRecord(record, time), {origin, position, time, ingested: context.clock()}));
  };
  for await (const piece of readBytes(path)) {
    parser.push(piece, onRecord);
    yield {events, dropped: drops.take(), historical: true};
    events = [];
  }
  parser.end(onRecord);
  yield {events, dropped: drops.take(), historical: true};
}
