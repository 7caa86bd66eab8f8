import {systemClock} from '../event/clock.ts';
import type {EcsRecord} from '../event/ecs.ts';
import {type Bound, bind} from './bind.ts';
import type {Expression} from './expression.ts';
import type {QueryKind, QueryRow} from './request.ts';
import {predicate} from './test.ts';

/**
 * Whether a record, as an answer shows it, satisfies an expression: the same as the store would say. For many records,
 * make a `matcher` once.
 */
export function matches(
  expression: Expression,
  record: EcsRecord | QueryRow,
  kind: QueryKind = kindOf(record),
): boolean {
  return matcher(expression, kind)(record);
}

/** Throws a QueryError on a field the kind does not have. */
export function matcher(expression: Expression, kind: QueryKind): (record: EcsRecord | QueryRow) => boolean {
  return carryOut(bind(expression, kind, {now: systemClock(), utc: false}));
}

function carryOut(bound: Bound): (record: EcsRecord | QueryRow) => boolean {
  switch (bound.type) {
    case 'and': {
      const terms = bound.terms.map(carryOut);
      return record => terms.every(term => term(record));
    }
    case 'or': {
      const terms = bound.terms.map(carryOut);
      return record => terms.some(term => term(record));
    }
    case 'not': {
      const term = carryOut(bound.term);
      return record => !term(record);
    }
    case 'test': {
      const holds = predicate(bound.test);
      const {name} = bound.field;
      return record => holds(record[name]);
    }
    default:
      return bound satisfies never;
  }
}

function kindOf(record: EcsRecord | QueryRow): QueryKind {
  if (record['event.kind'] === 'metric') return 'traffic.flows' in record ? 'traffic' : 'metrics';
  if (record['event.kind'] === 'alert') return 'alerts';
  if (record['event.kind'] === 'signal') return 'anomalies';
  // A log line about a connection has a message as well.
  return record.message === undefined && 'network.connection.ended' in record ? 'flows' : 'logs';
}
