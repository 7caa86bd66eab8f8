import type {FieldValue, LogEvent, Micros, Origin} from '../../event/event.ts';
import {Levels} from '../../event/level.ts';
import {addressText} from './decode/address.ts';
import {communityId} from './decode/community-id.ts';
import {transportName} from './decode/names.ts';
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
  const {number: position, time, message} = row;
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
    fields: fieldsOf(row),
  };
}

/** Both ends, as every row has them, then its own. */
function fieldsOf({ends, fields: own}: SensorRow): NonNullable<LogEvent['fields']> {
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, d0 = 0, d1 = 0, d2 = 0, d3 = 0] = ends.words;
  const fields: Record<string, FieldValue> = {
    'source.ip': addressText(ends.family, s0, s1, s2, s3),
    'source.port': ends.sourcePort,
    'destination.ip': addressText(ends.family, d0, d1, d2, d3),
    'destination.port': ends.destinationPort,
    'network.transport': transportName(ends.protocol),
    'network.community_id': communityId(ends),
  };
  // One by one: spreading an object of so many kinds takes V8 twenty times as long.
  for (const name in own) fields[name] = own[name] ?? '';
  return fields;
}
