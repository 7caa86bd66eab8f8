import {hostname} from 'node:os';
import {openFile} from '../capture/files/open-file.ts';
import type {LoadedConfig} from '../config/load.ts';
import type {Settings} from '../config/settings.ts';
import type {ClosedAlert} from '../detect/surprise/train/closed-alerts.ts';
import type {HistoryEvent} from '../detect/surprise/train/corpus.ts';
import {historyEvent} from '../detect/surprise/train/history.ts';
import {systemClock} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {storedHistory} from '../pipeline/stored-history.ts';
import {openReader} from '../store/open-reader.ts';

/** What to learn from, oldest first. */
export interface HistorySource {
  readonly history: Iterable<HistoryEvent>;
  readonly alerts: readonly ClosedAlert[];
  /** Where it is from: an interrupted training goes on with history from the same place only. */
  readonly origin: string;
  close(): void;
}

/** Entries that training reads at most, the newest. */
const maxHistory = 500_000;

/**
 * The store's newest entries and the alerts that analysts closed. Where a training of the model at `resumeFrom` was
 * interrupted: the same entries as then.
 */
export async function historyOfStore(
  {settings, dataDir}: LoadedConfig,
  since: Micros,
  resumeFrom: string | undefined,
): Promise<HistorySource> {
  const reader = await openReader(dataDir, settings.store.engine, settings.screen.time === 'utc');
  return {...storedHistory(reader, {since, limit: maxHistory, resumeFrom}), close: () => reader.close()};
}

/** The entries of files, in the order of their times whatever order the files come in. Throws a SourceError. */
export async function historyOfFiles(
  files: readonly string[],
  since: Micros,
  settings: Settings,
): Promise<HistorySource> {
  let events: HistoryEvent[] = [];
  for (const file of files) {
    for await (const event of entriesOf(file, settings)) {
      if (event.time < since) continue;
      events.push(event);
      if (events.length >= 2 * maxHistory) events = newest(events);
    }
  }
  return {history: newest(events), alerts: [], origin: `files ${files.join(' ')}`, close: () => {}};
}

async function* entriesOf(file: string, settings: Settings): AsyncGenerator<HistoryEvent> {
  const reader = await openFile(file);
  const context = {agent: 'read', host: hostname(), clock: systemClock, maxLine: settings.sources.max_line};
  const problem = ({reason, line}: {reason: string; line: number}) =>
    process.stderr.write(`${file}: ${reason} first at line ${line}\n`);
  for await (const {events} of reader.read({...context, problem})) {
    for (const event of events) if (event.kind === 'log') yield historyEvent(event);
  }
}

function newest(events: readonly HistoryEvent[]): HistoryEvent[] {
  return [...events].sort((a, b) => a.time - b.time).slice(-maxHistory);
}
