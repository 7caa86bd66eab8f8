import {eventJson} from '../capture/files/evtx/event-json.ts';
import {eventTrees} from '../capture/files/evtx/event-trees.ts';
import {eventXml} from '../capture/files/evtx/event-xml.ts';
import {evtx} from '../capture/files/evtx/evtx.ts';
import type {FileContext} from '../capture/files/file-format.ts';
import {openFile} from '../capture/files/open-file.ts';

export const readForms = ['ndjson', 'xml', 'json'] as const;

export type ReadForm = (typeof readForms)[number];

/** The events of a Windows event log as XML, or as one JSON object a line. Throws SourceError for any other file. */
export async function* windowsTexts(
  path: string,
  form: Exclude<ReadForm, 'ndjson'>,
  problem: FileContext['problem'],
): AsyncGenerator<readonly string[]> {
  await openFile(path, [evtx]);
  for await (const trees of eventTrees(path, {problem})) {
    yield trees.map(tree => (form === 'xml' ? eventXml(tree) : `${JSON.stringify(eventJson(tree))}\n`));
  }
}
