import {isCapture} from '../../capture/files/is-capture.ts';
import {openFile} from '../../capture/files/open-file.ts';
import {readCapture} from '../../capture/files/read-capture.ts';
import type {Settings} from '../../config/settings.ts';
import {SensorAlerts} from '../../detect/rules/sensor-alerts.ts';
import {systemClock} from '../../event/clock.ts';
import type {Alert, Event} from '../../event/event.ts';

/** Some hundreds of a file's events. */
export interface FilePart {
  readonly events: readonly Event[];
  /** What detectors of packets found in a capture: told again as more comes. */
  readonly alerts: readonly Alert[];
  /** What another detector says in its log, one an entry. */
  readonly warnings: readonly Alert[];
  readonly dropped: Readonly<Record<string, number>>;
  /** How far into the file, as well as can be told. */
  readonly bytes: number;
}

interface ReadSettings {
  readonly host: string;
  readonly settings: Pick<Settings, 'capture' | 'network'>;
  readonly maxLine: number;
}

const chunkSize = 65_536;

/** Reads any file that this program knows, part by part. Throws a SourceError. */
export async function* readTarget(
  path: string,
  {host, settings, maxLine}: ReadSettings,
  note: (text: string) => void,
): AsyncGenerator<FilePart> {
  // Whoever reads the same file gets the same ids, on any machine.
  const origin = {agent: 'read', host, clock: systemClock};
  if (isCapture(path)) {
    for await (const {batch, alerts = [], problem} of readCapture(path, {...origin, settings})) {
      yield {events: batch?.events ?? [], alerts, warnings: [], dropped: batch?.dropped ?? {}, bytes: 0};
      if (problem !== undefined) note(problem);
    }
    return;
  }
  const reader = await openFile(path);
  const problem = ({reason, line}: {readonly reason: string; readonly line: number}) =>
    note(`${reason} first at entry ${line}`);
  const isChunked = reader.format === 'Windows event log';
  const sensors = new SensorAlerts();
  let chunks = 0;
  for await (const {events, dropped = {}} of reader.read({...origin, maxLine, problem})) {
    chunks++;
    // A text's events stand at their offsets; a Windows log comes chunk by chunk.
    const bytes = isChunked ? chunks * chunkSize : (events.at(-1)?.position ?? 0);
    yield {events, alerts: [], warnings: sensors.onEvents(events), dropped, bytes};
  }
}
