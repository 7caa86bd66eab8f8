import {day, hour, minute} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';
import {SecondChanceMap} from '../../second-chance-map.ts';
import {daysOf, FadedCount} from '../values/faded-count.ts';

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

/** Within what a value is looked for: a destination among those that this source has for this service. */
export interface Fact {
  readonly kind: NoveltyKind;
  /** A number that names the kind and the scope. */
  readonly scope: number;
  /** What was looked up for it last, so that it is not for every flow of a peer; blank to begin with. */
  readonly found: {scope: Scope | undefined; value: number | undefined};
}

/** A value that never came in its scope. */
export interface New {
  readonly kind: NoveltyKind;
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

export interface Scope {
  seen: number;
  fresh: number;
  first: Micros;
  last: Micros;
  newest: Micros;
  burst: number;
  burstFrom: Micros;
  /** Times that something new came, however much at once, after the first day; half forgotten after three days. */
  readonly arrivals: FadedCount;
}

type ScopeRow = readonly [
  key: number,
  seen: number,
  fresh: number,
  first: Micros,
  last: Micros,
  newest: Micros,
  burst: number,
  burstFrom: Micros,
  arrivals: readonly [number, Micros],
];

export interface NoveltySnapshot {
  readonly scopes: readonly ScopeRow[];
  /** The values of each kind, as hashes. */
  readonly values: readonly (readonly number[])[];
}

const maxScopes = 2_000;
const maxValues = 4_096;
const memory: Micros = 7 * day;
/** Counts are aged in steps of this at least. */
const agedEvery: Micros = minute;
const burstTime: Micros = 10 * minute;
/** The first day is for learning what there is: how often something new comes is counted from then on. */
const learningTime: Micros = day;
/** What comes once in so many flows is worth telling: after an hour or a day without any. */
const hourNats = 4;
const dayNats = 5;
/** And so many new ones are expected in such an hour, or in such a day, at most. */
const mostAnHour = 0.05;
const mostADay = 0.5;

/**
 * Which values ever came, and how likely a new one is: the share of flows that brought one (as Good and Turing estimate
 * what is unseen), older flows counted less, and how often one came of late. New destinations are nothing for who
 * browses, and news for a server.
 */
export class Novelty {
  private readonly scopes = new SecondChanceMap<number, Scope>(maxScopes);
  private readonly values = noveltyKinds.map(() => new SecondChanceMap<number, true>(maxValues));

  /**
   * Learns the value; says what is to be said where it is new. Without a value, the flow could have brought one. A fact
   * that is observed again and again is to be `renewed` now and then: else what it uses counts as unused.
   */
  observe(fact: Fact, value: number | undefined, time: Micros, renewed: boolean): New | undefined {
    const {kind, found} = fact;
    if (renewed) {
      found.scope = undefined;
      found.value = undefined;
    }
    found.scope ??= this.scopes.get(fact.scope) ?? this.addScope(fact.scope, time);
    const {scope} = found;
    age(scope, time);
    scope.seen += 1;
    if (value === undefined || value === found.value) return undefined;
    found.value = value;
    const known = this.values[noveltyKinds.indexOf(kind)];
    if (!known || known.get(value)) return undefined;
    const news = judge(kind, scope, time);
    known.set(value, true);
    noteNew(scope, time, news);
    return {...news, burst: scope.burst};
  }

  snapshot(): NoveltySnapshot {
    return {
      scopes: [...this.scopes.entries()].map(([key, scope]) => {
        const {seen, fresh, first, last, newest, burst, burstFrom, arrivals} = scope;
        return [key, seen, fresh, first, last, newest, burst, burstFrom, arrivals.snapshot()];
      }),
      values: this.values.map(known => [...known.entries()].map(([key]) => key)),
    };
  }

  restore(snapshot: NoveltySnapshot): void {
    for (const [key, seen, fresh, first, last, newest, burst, burstFrom, counted] of snapshot.scopes) {
      const arrivals = new FadedCount();
      arrivals.restore(counted);
      this.scopes.set(key, {seen, fresh, first, last, newest, burst, burstFrom, arrivals});
    }
    this.values.forEach((known, at) => {
      for (const key of snapshot.values[at] ?? []) known.set(key, true);
    });
  }

  private addScope(name: number, time: Micros): Scope {
    const arrivals = new FadedCount();
    const scope = {seen: 0, fresh: 0, first: time, last: time, newest: time, burst: 0, burstFrom: time, arrivals};
    this.scopes.set(name, scope);
    return scope;
  }
}

function judge(kind: NoveltyKind, scope: Scope, time: Micros): New {
  const nats = Math.max(0, -Math.log((scope.fresh + 0.5) / (scope.seen + 0.5)));
  const quiet = time - scope.newest;
  return {kind, nats, settled: settledFor(scope, nats, quiet, time), quiet, burst: 1, seen: scope.seen};
}

function settledFor(scope: Scope, nats: number, quiet: Micros, time: Micros): New['settled'] {
  if (!isSilent(scope, nats, quiet, time)) return 'no';
  const perDay = arrivalsADay(scope, time);
  if (quiet > day && nats >= dayNats && perDay <= mostADay) return 'day';
  return (perDay * hour) / day <= mostAnHour ? 'hour' : 'no';
}

function isSilent({first}: Scope, nats: number, quiet: Micros, time: Micros): boolean {
  return time - first > learningTime && quiet > hour && nats >= hourNats;
}

/** Of a scope that was watched for long and had none, less is expected than of one that was not watched yet. */
function arrivalsADay({arrivals, first}: Scope, time: Micros): number {
  return (arrivals.at(time) + 0.5) / daysOf(time - first - learningTime);
}

/**
 * A burst is many new values soon after one that broke a scope's silence; one that comes now and then is no surprise,
 * many at once are.
 */
function noteNew(scope: Scope, time: Micros, {quiet, nats}: New): void {
  if (time - scope.first > learningTime && time - scope.newest >= burstTime) scope.arrivals.add(time);
  const goesOn = scope.burst > 0 && time - scope.burstFrom < burstTime;
  if (goesOn) scope.burst += 1;
  else {
    scope.burst = isSilent(scope, nats, quiet, time) ? 1 : 0;
    scope.burstFrom = time;
  }
  scope.fresh += 1;
  scope.newest = Math.max(scope.newest, time);
}

function age(scope: Scope, time: Micros): void {
  const passed = time - scope.last;
  if (passed < agedEvery) return;
  const kept = Math.exp(-passed / memory);
  scope.seen *= kept;
  scope.fresh *= kept;
  scope.last = time;
}
