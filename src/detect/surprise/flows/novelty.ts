import {day, hour, minute} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';
import {BoundedMap} from '../../bounded-map.ts';
import {hash52} from './hash.ts';

/** What of a flow can be new. */
export const noveltyKinds = [
  'service',
  'listener',
  'pair',
  'port',
  'destination',
  'network',
  'client',
  'rhythm',
  'size',
] as const;
export type NoveltyKind = (typeof noveltyKinds)[number];

/** A value, and within what it is looked for: a destination among those that this source has for this service. */
export interface Fact {
  readonly kind: NoveltyKind;
  readonly scope: string;
  /** Undefined for a flow that could have brought a value and did not. */
  readonly value: string | undefined;
}

/** A value that never came in its scope. */
export interface New {
  readonly fact: Fact;
  /** −ln of the chance that a flow of the scope brings something new. */
  readonly nats: number;
  /** Whether the scope, known for a day, had stopped to bring new values: for an hour, or for a day. */
  readonly settled: 'no' | 'hour' | 'day';
  /** How long nothing new had come. */
  readonly quiet: Micros;
  /** New values of this scope within ten minutes, this one counted, where it was settled before them; else 1. */
  readonly burst: number;
  /** Flows of the scope that were seen, the older ones counted less. */
  readonly seen: number;
}

interface Scope {
  seen: number;
  fresh: number;
  first: Micros;
  last: Micros;
  newest: Micros;
  burst: number;
  burstFrom: Micros;
}

type ScopeRow = readonly [number, number, number, Micros, Micros, Micros, number, Micros];

export interface NoveltySnapshot {
  readonly scopes: readonly ScopeRow[];
  /** The values of each kind, as hashes. */
  readonly values: readonly (readonly number[])[];
}

const maxScopes = 2_000;
const maxValues = 4_096;
const memory: Micros = 7 * day;
const burstTime: Micros = 10 * minute;
/** What comes once in so many flows is worth telling: after an hour or a day without any. */
const hourNats = 4;
const dayNats = 5;

/**
 * Which values ever came, and how likely a new one is: the share of flows that brought one (as Good and Turing estimate
 * what is unseen), older flows counted less. New destinations are nothing for who browses, and news for a server.
 */
export class Novelty {
  private readonly scopes = new BoundedMap<number, Scope>(maxScopes);
  private readonly values = new Map(noveltyKinds.map(kind => [kind, new BoundedMap<number, true>(maxValues)] as const));

  /** Learns the value; says what is to be said where it is new. */
  observe(fact: Fact, time: Micros): New | undefined {
    const name = `${fact.kind} ${fact.scope}`;
    const scope = this.scopes.getOrAdd(hash52(name), () => newScope(time));
    age(scope, time);
    scope.seen += 1;
    if (fact.value === undefined) return undefined;
    const key = hash52(`${name}\n${fact.value}`);
    const known = this.values.get(fact.kind);
    if (!known || known.get(key)) return undefined;
    const news = judge(fact, scope, time);
    known.set(key, true);
    noteNew(scope, time, news.settled);
    return {...news, burst: scope.burst};
  }

  snapshot(): NoveltySnapshot {
    return {
      scopes: [...this.scopes.entries()].map(([key, {seen, fresh, first, last, newest, burst, burstFrom}]) => [
        key,
        seen,
        fresh,
        first,
        last,
        newest,
        burst,
        burstFrom,
      ]),
      values: noveltyKinds.map(kind => [...(this.values.get(kind)?.entries() ?? [])].map(([key]) => key)),
    };
  }

  restore(snapshot: NoveltySnapshot): void {
    for (const [key, seen, fresh, first, last, newest, burst, burstFrom] of snapshot.scopes) {
      this.scopes.set(key, {seen, fresh, first, last, newest, burst, burstFrom});
    }
    noveltyKinds.forEach((kind, at) => {
      for (const key of snapshot.values[at] ?? []) this.values.get(kind)?.set(key, true);
    });
  }
}

function judge(fact: Fact, scope: Scope, time: Micros): New {
  const nats = Math.max(0, -Math.log((scope.fresh + 0.5) / (scope.seen + 0.5)));
  const quiet = time - scope.newest;
  return {fact, nats, settled: settledFor(nats, quiet, time - scope.first), quiet, burst: 1, seen: scope.seen};
}

function settledFor(nats: number, quiet: Micros, known: Micros): New['settled'] {
  if (known <= day || quiet <= hour || nats < hourNats) return 'no';
  return quiet > day && nats >= dayNats ? 'day' : 'hour';
}

/** A burst is many new values soon after one that broke a settled scope's silence. */
function noteNew(scope: Scope, time: Micros, settled: New['settled']): void {
  const goesOn = scope.burst > 0 && time - scope.burstFrom < burstTime;
  if (goesOn) scope.burst += 1;
  else {
    scope.burst = settled === 'no' ? 0 : 1;
    scope.burstFrom = time;
  }
  scope.fresh += 1;
  scope.newest = Math.max(scope.newest, time);
}

function age(scope: Scope, time: Micros): void {
  const passed = time - scope.last;
  if (passed <= 0) return;
  const kept = Math.exp(-passed / memory);
  scope.seen *= kept;
  scope.fresh *= kept;
  scope.last = time;
}

function newScope(time: Micros): Scope {
  return {seen: 0, fresh: 0, first: time, last: time, newest: time, burst: 0, burstFrom: time};
}
