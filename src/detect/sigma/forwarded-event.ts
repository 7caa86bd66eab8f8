import type {EcsRecord} from '../../event/ecs.ts';
import type {FieldValue} from '../../event/event.ts';
import {CorrelatedEvent} from './correlate/correlated-event.ts';
import type {CorrelationNode} from './correlate/nodes.ts';
import {withoutPrefix} from './logsource/raw-fields.ts';
import {fold} from './match/fold.ts';
import type {SigmaEvent, SigmaValue} from './value.ts';

/** What correlations need of one event that a rule found, as plain data. */
export interface Forwarded {
  readonly time: number;
  readonly host: string;
  readonly fed: readonly {readonly id: string; readonly fields: Readonly<Record<string, SigmaValue>>}[];
  /** The event as it is shown. */
  readonly record: EcsRecord;
}

/** The fields that correlations group by, count or measure, in lower case. */
export function correlationFields(nodes: readonly CorrelationNode[]): readonly string[] {
  const names = nodes.flatMap(({groupBy, aliases, measure}) => [
    ...groupBy,
    ...aliases.flatMap(fields => [...fields.values()]),
    ...('fields' in measure ? measure.fields : 'field' in measure ? [measure.field] : []),
  ]);
  return [...new Set(names.map(fold))];
}

export function forward(
  feeds: readonly {readonly id: string; readonly event: SigmaEvent}[],
  names: readonly string[],
  record: EcsRecord,
): Forwarded {
  const fed = feeds.map(({id, event}) => ({id, fields: picked(event, names)}));
  return {time: feeds[0]?.event.time ?? 0, host: feeds[0]?.event.host ?? '', fed, record};
}

/** An event that another thread or another time found, as correlations take it. */
export class ForwardedEvent implements SigmaEvent {
  readonly time: number;
  readonly host: string;
  readonly record: EcsRecord;
  readonly #fields: Readonly<Record<string, SigmaValue>>;
  #rest: ReadonlyMap<string, FieldValue> | undefined;

  constructor({time, host, record}: Forwarded, fields: Readonly<Record<string, SigmaValue>>) {
    this.time = time;
    this.host = host;
    this.record = record;
    this.#fields = fields;
  }

  get(field: string): SigmaValue | undefined {
    return this.#fields[field] ?? this.#all().get(field);
  }

  texts(): readonly string[] {
    return [];
  }

  /** What tuning may ask for besides: the record's own fields. */
  #all(): ReadonlyMap<string, FieldValue> {
    this.#rest ??= new Map(
      Object.entries(this.record).flatMap(([name, value]) =>
        typeof value === 'object' ? [] : [[withoutPrefix(fold(name)), value] as const],
      ),
    );
    return this.#rest;
  }
}

/** The single event behind what a correlation found, where it ended with one. */
export function forwardedOf(event: SigmaEvent | undefined): ForwardedEvent | undefined {
  if (event instanceof ForwardedEvent) return event;
  return event instanceof CorrelatedEvent ? forwardedOf(event.last) : undefined;
}

function picked(event: SigmaEvent, names: readonly string[]): Record<string, SigmaValue> {
  const fields: Record<string, SigmaValue> = {};
  for (const name of names) {
    const value = event.get(name);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}
