import {idOf} from '../event/event-id.ts';
import {predicate, type Test, type Value} from '../query/test.ts';
import type {Database, SqlValue} from './engine.ts';

/**
 * Gives SQL the questions it cannot ask itself: `siem_test(value, test)`, `siem_json(json, test)` and
 * `siem_event_id(agent, source, epoch, position)`. They use the same predicates as `matches`, so both agree.
 */
export function registerQueryFunctions(database: Database): void {
  const predicates = new Map<string, (value: Value) => boolean>();
  const test = (text: SqlValue) => {
    const key = String(text);
    const known = predicates.get(key);
    if (known) return known;
    // A query has at most some hundred tests: a full cache is one of old queries.
    if (predicates.size >= 512) predicates.clear();
    const made = predicate(JSON.parse(key) as Test);
    predicates.set(key, made);
    return made;
  };
  database.function('siem_test', (value, wanted) => (test(wanted)(plain(value)) ? 1 : 0));
  database.function('siem_json', (json, wanted) => (test(wanted)(fromJson(json)) ? 1 : 0));
  database.function('siem_event_id', (agent, source, epoch, position) =>
    idOf({agent: String(agent), source: String(source), epoch: String(epoch)}, Number(position)),
  );
}

/** A JSON value as an answer shows it; null where there is none. */
export function fromJson(json: SqlValue | undefined): Value {
  if (typeof json !== 'string') return null;
  const value: unknown = JSON.parse(json);
  if (Array.isArray(value)) return value.map(String);
  return value === null || typeof value === 'object' ? null : (value as string | number | boolean);
}

function plain(value: SqlValue): Value {
  return value instanceof Uint8Array ? null : value;
}
