import type {LogEvent, Micros, Origin} from '../../event/event.ts';
import {Levels} from '../../event/level.ts';
import type {SensorRow} from './messages.ts';

/** The origins of a capture's rows, one a dataset: their positions count apart from the flows'. */
export function rowOrigins(flows: Origin): (dataset: SensorRow['dataset']) => Origin {
  const known = new Map<string, Origin>();
  return dataset => {
    const before = known.get(dataset);
    if (before) return before;
    const origin: Origin = {...flows, epoch: `${flows.epoch}/rows`, dataset};
    known.set(dataset, origin);
    return origin;
  };
}

/** What an application said on the wire, as an entry of a log whose provider is the protocol. */
export function rowEvent(row: SensorRow, origin: Origin, ingested: Micros): LogEvent {
  const {number: position, time, message, fields} = row;
  return {
    kind: 'log',
    origin,
    position,
    time,
    ingested,
    level: Levels.information,
    code: 0,
    provider: row.dataset,
    message,
    fields,
  };
}
