import type {Alert, Event, FieldValue} from './event.ts';
import {eventId} from './event-id.ts';
import {levelName} from './level.ts';

export type EcsRecord = Record<string, FieldValue | readonly string[]>;

/** One event as a flat record of ECS names: what `siem read`, `siem query -o ndjson` and an alert's fields show. */
export function toEcs(event: Event): EcsRecord {
  const {origin} = event;
  const record: EcsRecord = {
    'event.id': eventId(event),
    '@timestamp': isoTime(event.time),
    'event.kind': event.kind === 'metric' ? 'metric' : 'event',
    'event.dataset': origin.dataset,
    'host.name': (event.kind === 'log' ? event.host : undefined) ?? origin.host,
    'agent.id': origin.agent,
  };
  switch (event.kind) {
    case 'log':
      record['log.level'] = levelName(event.level);
      record['event.code'] = event.code;
      record['event.provider'] = event.provider;
      if (event.user !== undefined) record['user.name'] = event.user;
      if (event.pid !== undefined) record['process.pid'] = event.pid;
      record.message = event.message;
      break;
    case 'metric':
      record['metric.name'] = event.name;
      record['metric.value'] = event.value;
      record['metric.max'] = event.max;
      record['metric.unit'] = event.unit;
      return record;
    case 'flow':
      Object.assign(record, {
        'event.end': isoTime(event.last),
        'event.duration': (event.last - event.time) * 1000,
        'network.transport': event.transport,
        'network.protocol': event.service,
        'source.ip': event.sourceIp,
        'source.port': event.sourcePort,
        'source.mac': event.sourceMac,
        'source.packets': event.packetsOut,
        'source.bytes': event.bytesOut,
        'destination.ip': event.destinationIp,
        'destination.port': event.destinationPort,
        'destination.mac': event.destinationMac,
        'destination.packets': event.packetsIn,
        'destination.bytes': event.bytesIn,
        'network.packets': event.packetsOut + event.packetsIn,
        'network.bytes': event.bytesOut + event.bytesIn,
        'network.vlan.id': event.vlan,
        'observer.ingress.interface.name': event.interface,
        'network.connection.state': event.state,
        'network.connection.history': event.history,
        'network.connection.ended': event.ended,
      });
      break;
    default:
      return event satisfies never;
  }
  return event.fields ? Object.assign(record, event.fields) : record;
}

/** The triggering event's own fields of an alert, or the fields the detector named. */
export function alertFields(alert: Alert): EcsRecord {
  return {...(alert.event ? toEcs(alert.event) : undefined), ...alert.fields};
}

/** ISO 8601 in UTC with as many of the six fractional digits as are not zero, three at least. */
export function isoTime(time: number): string {
  const iso = new Date(Math.floor(time / 1000)).toISOString();
  const rest = ((time % 1000) + 1000) % 1000;
  return rest === 0 ? iso : `${iso.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}
