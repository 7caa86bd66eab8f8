import type {Correlated} from '../../detect/sigma/correlate/correlator.ts';
import {correlationReason} from '../../detect/sigma/correlation-reason.ts';
import type {Match} from '../../detect/sigma/engine.ts';
import type {ForwardedEvent} from '../../detect/sigma/forwarded-event.ts';
import {matchReason} from '../../detect/sigma/match-reason.ts';
import {matchedFields} from '../../detect/sigma/matched-fields.ts';
import type {RuleHead} from '../../detect/sigma/rule.ts';
import {valuesOf} from '../../detect/sigma/value.ts';
import type {AlertGroup} from '../../event/alert-group.ts';
import {alertFields, type EcsRecord, isoTime, toEcs} from '../../event/ecs.ts';
import type {Alert, Event} from '../../event/event.ts';

/** An event as hits show it. `file.path` is where it was read from. */
export function eventRecord(event: Event, path: string): EcsRecord {
  return {...toEcs(event), 'file.path': path};
}

/** What a rule found in one event: the rule, why, the event, and the fields that decided under the rule's names. */
export function hitRecord({indexed, event}: Match, path: string): EcsRecord {
  const {head} = indexed.rule;
  const matched: EcsRecord = {};
  for (const [name, value] of matchedFields(indexed.expression, event)) {
    matched[`sigma.match.${name}`] = typeof value === 'object' ? valuesOf(value).map(String) : value;
  }
  const record = {...eventRecord(event.event, path), ...matched};
  return assembled(headRecord(head), matchReason(indexed.expression, event), record);
}

export function correlationRecord(
  {node, verdict, group, time}: Correlated,
  host: string,
  last: ForwardedEvent | undefined,
): EcsRecord {
  const grouped = node.groupBy.map((name, index) => [`sigma.group.${name}`, group[index] ?? ''] as const);
  const record: EcsRecord = {
    '@timestamp': isoTime(time),
    'host.name': host,
    ...last?.record,
    ...Object.fromEntries(grouped),
    'event.count': Math.max(1, verdict.count),
  };
  return assembled(headRecord(node.head), correlationReason(node, group, verdict.count), record);
}

/** What a detector of packets or flows found in a file, from the first to the last of it. */
export type FoundAlert = Pick<
  AlertGroup,
  'rule' | 'ruleName' | 'level' | 'techniques' | 'first' | 'last' | 'host' | 'entity' | 'reason' | 'count' | 'event'
> &
  Partial<Pick<AlertGroup, 'id'>>;

/** One finding that stands for itself. */
export function asGroup(alert: Alert): FoundAlert {
  const {rule, time, host, entity, reason, count} = alert;
  const level = alert.level ?? rule.level;
  const {id, name, techniques} = rule;
  const times = {first: time, last: time};
  return {
    rule: id,
    ruleName: name,
    level,
    techniques,
    ...times,
    host,
    entity,
    reason,
    count,
    event: alertFields(alert),
  };
}

/** It stands in the timeline where it began. */
export function alertRecord(alert: FoundAlert, path: string): EcsRecord {
  const {rule, ruleName, level, techniques, first, last, host, reason, count, event} = alert;
  const record: EcsRecord = {
    'host.name': host,
    ...event,
    '@timestamp': isoTime(first),
    'event.start': isoTime(first),
    'event.end': isoTime(last),
    'file.path': path,
    'event.count': count,
  };
  const head = {'rule.id': rule, 'rule.name': ruleName, 'rule.level': level, 'threat.technique.id': techniques};
  return assembled(head, reason, record);
}

function headRecord({id, title, level, tags, techniques}: RuleHead): EcsRecord {
  return {
    'rule.id': id,
    'rule.name': title,
    'rule.level': level,
    'rule.tags': tags,
    'threat.technique.id': techniques,
  };
}

/** The time first, then the rule and its reason, then the event. */
function assembled(head: EcsRecord, reason: string, record: EcsRecord): EcsRecord {
  const {'@timestamp': time = '', ...rest} = record;
  return {'@timestamp': time, ...head, 'event.reason': reason, ...rest, 'event.kind': 'alert'};
}
