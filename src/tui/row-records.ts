import {isoTime} from '../event/ecs.ts';
import type {ConversationRow, PacketRow, TalkerRow} from '../pipeline/snapshot.ts';
import type {QueryRow} from '../query/request.ts';

/** Rows by ECS names: what filters ask and details show. */
export function packetRecord(row: PacketRow): QueryRow {
  return {
    '@timestamp': row.time,
    'source.ip': row.source,
    'source.port': row.sourcePort,
    'destination.ip': row.destination,
    'destination.port': row.destinationPort,
    'network.transport': row.protocol,
    'network.bytes': row.length,
    'network.vlan.id': row.vlan < 0 ? null : row.vlan,
    'observer.ingress.interface.name': row.interface,
    'error.code': row.problem,
  };
}

export function conversationRecord(row: ConversationRow): QueryRow {
  return {
    '@timestamp': row.time,
    'event.end': row.last,
    'source.ip': row.source,
    'source.port': row.sourcePort,
    'destination.ip': row.destination,
    'destination.port': row.destinationPort,
    'destination.domain': row.host,
    'network.transport': row.transport,
    'network.protocol': row.service,
    'process.name': row.process,
    'source.bytes': row.bytesOut,
    'source.packets': row.packetsOut,
    'destination.bytes': row.bytesIn,
    'destination.packets': row.packetsIn,
    'network.bytes': row.bytesOut + row.bytesIn,
    'network.packets': row.packetsOut + row.packetsIn,
    'network.connection.state': row.state,
    'network.connection.ended': row.ended,
    'observer.ingress.interface.name': row.interface,
  };
}

export function talkerRecord(row: TalkerRow): QueryRow {
  return {
    '@timestamp': row.last,
    'source.ip': row.address,
    'source.bytes': row.bytesOut,
    'source.packets': row.packetsOut,
    'destination.bytes': row.bytesIn,
    'destination.packets': row.packetsIn,
    'network.bytes': row.bytesOut + row.bytesIn,
    'network.packets': row.packetsOut + row.packetsIn,
  };
}

/** A record as details show it: times as text. */
export function shownRecord(record: QueryRow): QueryRow {
  const shown = {...record};
  for (const name of ['@timestamp', 'event.end']) {
    const time = shown[name];
    if (typeof time === 'number') shown[name] = isoTime(time);
  }
  return shown;
}
