import {stat} from 'node:fs/promises';
import type {Event, Micros} from '../../event/event.ts';
import {logKind} from '../logs/dataset.ts';
import {type Entry, toLogEvent} from '../logs/parse/entry.ts';
import {LineParser} from '../logs/parse/line-parser.ts';
import {SensorLines} from '../logs/sensors/sensor-lines.ts';
import {recordTime, sensorEvent} from '../logs/sensors/sensor-record.ts';
import type {SourceBatch} from '../source.ts';
import {contentId, readHead} from './bytes.ts';
import {DropCounter} from './drop-counter.ts';
import type {FileContext, FileFormat} from './file-format.ts';
import {fileLines} from './file-lines.ts';
import {originMaker} from './origins.ts';

/** Any text log: each line is read in the format it has. */
export const textLog: FileFormat = {
  name: 'text log',
  detects: head => head.length > 0 && isText(head),
  read: readTextLog,
};

/** Zeek's TSV, told by its first line: one with damaged bytes is still that. */
export const zeekLog: FileFormat = {
  name: 'Zeek log',
  detects: head => head.toString('latin1', 0, 11) === '#separator ',
  read: readTextLog,
};

async function* readTextLog(path: string, context: FileContext): AsyncGenerator<SourceBatch> {
  const kind = logKind(path);
  const parser = new LineParser({provider: kind.provider, host: context.host});
  const changed = Math.round((await stat(path)).mtimeMs * 1000);
  const dataset = kind.dataset === 'text' ? await datasetOf(path, parser, changed) : kind.dataset;
  const origins = originMaker(path, await contentId(path), context);
  const origin = origins(undefined, dataset);
  const ofSensor = (name: string) => origins(undefined, name);
  const sensors = new SensorLines(path);
  const drops = new DropCounter(context);
  let newest: Micros = 0;
  for await (const lines of fileLines(path, context.maxLine)) {
    const events: Event[] = [];
    for (const {text, offset, number, cut} of lines) {
      const sensed = sensors.read(text);
      if (sensed === 'damaged') drops.add(cut ? 'too-long' : 'unparsable', number);
      else if (sensed && sensed !== 'header') {
        const place = {position: offset, ingested: context.clock(), newest: newest || changed, origin: ofSensor};
        newest = recordTime(sensed) ?? place.newest;
        events.push(sensorEvent(sensed, place));
      }
      if (sensed !== undefined) continue;
      const entry = parser.parse(text, changed);
      // A line without a time was written after the one before it.
      newest = entry.time ?? (newest === 0 ? changed : newest);
      if (cut) entry.fields = {...entry.fields, 'log.flags': 'cut'};
      events.push(toLogEvent(entry, {origin, position: offset, time: newest, ingested: context.clock()}));
    }
    yield {events, dropped: drops.take(), historical: true};
  }
}

/** What most of the first lines are. */
async function datasetOf(path: string, parser: LineParser, reference: Micros): Promise<string> {
  const lines = (await readHead(path)).toString('utf8').split('\n').slice(0, 20);
  const votes = new Map<string, number>();
  for (const line of lines.filter(text => text !== '')) {
    const vote = datasetOfEntry(parser.parse(line, reference));
    votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'text';
}

function datasetOfEntry(entry: Entry): string {
  if (entry.provider === 'auditd') return 'auditd';
  if (entry.provider === 'dpkg') return 'dpkg';
  if (entry.fields?.['http.response.status_code'] !== undefined) return 'web.access';
  return entry.host === undefined ? 'text' : 'syslog';
}

/** Text has no NUL bytes and few other control characters. */
function isText(head: Buffer): boolean {
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27) controls++;
  }
  return controls * 20 <= head.length;
}
