import type {Event, FieldValue, FlowEvent, FlowState, LogEvent, MetricEvent, Origin} from '../../event/event.ts';
import {Levels, parseLevel} from '../../event/level.ts';
import {flatten, type JsonRecord, readTime} from '../logs/parse/json-line.ts';

/** Where a record stands in its file, and how origins are made. */
export interface RecordPlace {
  readonly position: number;
  readonly ingested: number;
  origin(host: string | undefined, dataset: string): Origin;
}

/** True for a line that this program wrote (`siem read`, `siem query -o ndjson`). */
export function isEcsRecord(record: JsonRecord): boolean {
  return typeof record['@timestamp'] === 'string' && typeof record['event.kind'] === 'string';
}

/** The event that such a line was made of, or undefined where its time is missing. The opposite of `toEcs`. */
export function fromEcs(record: JsonRecord, place: RecordPlace): Event | undefined {
  const fields = flatten(record);
  const time = readTime(fields['@timestamp']);
  if (time === undefined) return undefined;
  const read = new FieldTaker(fields);
  for (const name of ['@timestamp', 'event.kind', 'event.id', 'event.sequence', 'agent.id']) read.skip(name);
  const host = read.text('host.name');
  const origin = place.origin(host, read.text('event.dataset') ?? 'ecs');
  const base = {origin, position: place.position, time, ingested: place.ingested};
  if (fields['metric.name'] !== undefined) return metric(base, read);
  if (fields['network.connection.state'] !== undefined) return flow(base, read);
  return log(base, read);
}

type Base = Pick<LogEvent, 'origin' | 'position' | 'time' | 'ingested'>;

function log(base: Base, read: FieldTaker): LogEvent {
  const level = parseLevel(read.text('log.level') ?? '') ?? Levels.information;
  const code = read.number('event.code');
  const provider = read.text('event.provider') ?? base.origin.dataset;
  const message = read.text('message') ?? read.text('event.reason') ?? '';
  const user = read.text('user.name');
  const pid = read.isNumber('process.pid') ? read.number('process.pid') : undefined;
  const fields = read.rest();
  return {
    ...base,
    kind: 'log',
    level,
    code,
    provider,
    message,
    ...(user === undefined ? undefined : {user}),
    ...(pid === undefined ? undefined : {pid}),
    ...(Object.keys(fields).length === 0 ? undefined : {fields}),
  };
}

function metric(base: Base, read: FieldTaker): MetricEvent {
  return {
    ...base,
    kind: 'metric',
    name: read.text('metric.name') ?? '',
    value: read.number('metric.value'),
    max: read.number('metric.max'),
    unit: read.text('metric.unit') ?? '',
  };
}

function flow(base: Base, read: FieldTaker): FlowEvent {
  const event: FlowEvent = {
    ...base,
    kind: 'flow',
    last: readTime(read.text('event.end')) ?? base.time,
    ended: read.flag('network.connection.ended'),
    transport: read.text('network.transport') ?? '',
    service: read.text('network.protocol') ?? '',
    sourceIp: read.text('source.ip') ?? '',
    sourcePort: read.number('source.port'),
    sourceMac: read.text('source.mac') ?? '',
    destinationIp: read.text('destination.ip') ?? '',
    destinationPort: read.number('destination.port'),
    destinationMac: read.text('destination.mac') ?? '',
    interface: read.text('observer.ingress.interface.name') ?? '',
    vlan: read.number('network.vlan.id'),
    packetsOut: read.number('source.packets'),
    bytesOut: read.number('source.bytes'),
    packetsIn: read.number('destination.packets'),
    bytesIn: read.number('destination.bytes'),
    state: flowState(read.text('network.connection.state')),
    history: read.text('network.connection.history') ?? '',
  };
  // What toEcs adds up is not a field of its own.
  for (const name of ['network.packets', 'network.bytes', 'event.duration']) read.skip(name);
  const fields = read.rest();
  return Object.keys(fields).length === 0 ? event : {...event, fields};
}

const flowStates: readonly FlowState[] = ['S0', 'S1', 'SF', 'REJ', 'RSTO', 'RSTR', 'SH', 'SHR', 'OTH'];

function flowState(text: string | undefined): FlowState {
  return flowStates.find(state => state === text) ?? 'OTH';
}

/** Takes fields by name and type; what was not taken is the rest. */
class FieldTaker {
  readonly #fields: Record<string, FieldValue>;

  constructor(fields: Record<string, FieldValue>) {
    this.#fields = fields;
  }

  skip(name: string): void {
    delete this.#fields[name];
  }

  text(name: string): string | undefined {
    const value = this.#fields[name];
    delete this.#fields[name];
    return value === undefined ? undefined : String(value);
  }

  isNumber(name: string): boolean {
    return typeof this.#fields[name] === 'number';
  }

  number(name: string): number {
    const value = Number(this.#fields[name]);
    delete this.#fields[name];
    return Number.isFinite(value) ? value : 0;
  }

  flag(name: string): boolean {
    const value = this.#fields[name] === true;
    delete this.#fields[name];
    return value;
  }

  rest(): Record<string, FieldValue> {
    return this.#fields;
  }
}
