import {stat} from 'node:fs/promises';
import type {Event, Micros} from '../../event/event.ts';
import {logKind} from '../logs/dataset.ts';
import {parseObject} from '../logs/parse/json-line.ts';
import {SensorLines} from '../logs/sensors/sensor-lines.ts';
import type {SourceBatch} from '../source.ts';
import {contentId, readBytes} from './bytes.ts';
import {DropCounter} from './drop-counter.ts';
import type {FileContext, FileFormat} from './file-format.ts';
import {longestRecord, readRecord} from './ndjson.ts';
import {ObjectSplitter} from './object-splitter.ts';
import {originMaker} from './origins.ts';

/** JSON objects over several lines, one after another or in a list: what tools make of event logs. */
export const jsonObjects: FileFormat = {
  name: 'JSON',
  detects: head => /^\s*(?:\[\s*)?\{\s*["}]/.test(head.toString('utf8').replace(/^\uFEFF/, '')),
  read: readObjects,
};

async function* readObjects(path: string, context: FileContext): AsyncGenerator<SourceBatch> {
  const changed = Math.round((await stat(path)).mtimeMs * 1000);
  const origin = originMaker(path, await contentId(path), context);
  const drops = new DropCounter(context);
  const splitter = new ObjectSplitter(longestRecord);
  const known = {provider: logKind(path).provider, sensors: new SensorLines(path)};
  let newest: Micros = changed;
  let number = 0;
  let events: Event[] = [];
  const onObject = (text: string, offset: number, cut: boolean) => {
    number++;
    const record = cut ? undefined : parseObject(text);
    const place = {position: offset, ingested: context.clock(), origin};
    const event = record && readRecord(record, place, known, newest);
    if (event) events.push(event);
    else drops.add(cut ? 'too-long' : 'unparsable', number);
    newest = event?.time ?? newest;
  };
  for await (const piece of readBytes(path)) {
    splitter.push(piece, onObject);
    if (events.length === 0) continue;
    yield {events, dropped: drops.take(), historical: true};
    events = [];
  }
  splitter.flush(onObject);
  yield {events, dropped: drops.take(), historical: true};
}
