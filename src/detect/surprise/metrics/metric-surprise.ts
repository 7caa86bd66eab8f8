import {hour, minute} from '../../../event/clock.ts';
import type {Alert, Event, MetricEvent, Micros} from '../../../event/event.ts';
import {isWireRow} from '../../../event/wire-row.ts';
import {BoundedMap} from '../../bounded-map.ts';
import type {Detector} from '../../detector.ts';
import {Suppression} from '../suppression.ts';
import {baselineOf, isBaseline, kindOfName, type MetricBaseline} from './baseline.ts';
import {type HourlyCount, HourlyCounts, type HourlyCountsSnapshot} from './hourly-counts.ts';
import {hourlyCount, measureOf} from './measure.ts';
import {metricAlert} from './metric-finding.ts';
import {
  clearlyMore,
  hourlyKind,
  MetricStream,
  type MetricStreamSnapshot,
  metricKind,
  type Unexpected,
} from './metric-stream.ts';
import {thingOf} from './things.ts';

export interface MetricSurpriseOptions {
  /** The probability of an alert a point that is wanted now: alerts a day ÷ points a day. */
  readonly risk: () => number;
}

export interface MetricSurpriseStats {
  readonly streams: number;
  readonly streamsReady: number;
  /** Streams that there was no room for, points that were no number or came out of order, late events of closed hours. */
  readonly refused: number;
  readonly ignored: number;
  readonly late: number;
  /** Findings held back since the same was told within the hour. */
  readonly suppressed: number;
}

type Kind = 'metric' | 'count';

interface State {
  readonly version: typeof stateVersion | typeof versionBefore;
  readonly streams: readonly (readonly [
    kind: Kind,
    host: string,
    name: string,
    unit: string,
    stream: MetricStreamSnapshot,
  ])[];
  readonly counts: HourlyCountsSnapshot;
  readonly suppression: ReturnType<Suppression['snapshot']>;
  readonly causes: readonly (readonly [cause: string, time: Micros, score: number])[];
}

interface Place {
  readonly kind: Kind;
  readonly host: string;
  readonly name: string;
  readonly unit: string;
  readonly stream: MetricStream;
  /** The newest event of a metric: the last of the point that is judged when the next comes. */
  newest: MetricEvent | undefined;
}

/** Until 2 each stream had a limit of its own for its surprise; now all have one for a score. */
const stateVersion = 3;
const versionBefore = 2;
/** Of each kind; a stream takes some 100 kB. */
const maxStreams = 150;
/** A stream makes room for another when it had nothing for so long. */
const idle: Micros = 6 * hour;

/** What one cause moves on a machine, it moves within minutes: the first of its metrics is told of. */
const sameCause: Micros = 15 * minute;
/** Metrics that measure the same thing rest together, as each of them does. */
const sameThing: Micros = hour;
const maxCauses = 500;

/** The newest that was told of what has causes in common. */
interface Told {
  readonly time: Micros;
  readonly score: number;
}

/**
 * Learns the course of every metric of every host, and the number of entries of each program in a source and of flows
 * an hour, and says what was not expected. Called as every detector. Judges by event time only.
 */
export class MetricSurprise implements Detector {
  readonly id = 'metric-surprise';
  private readonly risk: () => number;
  private readonly streams: Readonly<Record<Kind, Map<string, Place>>> = {metric: new Map(), count: new Map()};
  private readonly counts = new HourlyCounts();
  private readonly suppression = new Suppression();
  /** What was told of, by host and what has causes in common. */
  private readonly causes = new BoundedMap<string, Told>(maxCauses);
  /** By machine and thing, what part of the wanted alerts each of its metrics has; emptied when metrics come or go. */
  private readonly parts = new Map<string, number>();
  private baseline: MetricBaseline | undefined;
  private refused = 0;
  private ignored = 0;
  private suppressed = 0;
  private found: Alert[] = [];

  constructor({risk}: MetricSurpriseOptions) {
    this.risk = risk;
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    this.found = [];
    for (const event of batch) this.observe(event);
    const newest = batch.at(-1);
    return newest ? [...this.found, ...this.suppression.takeOver(newest.time)] : this.found;
  }

  /** Streams that are new from now on begin from this, if it knows their kind. Says whether it is a baseline. */
  seed(baseline: unknown): boolean {
    if (!isBaseline(baseline)) return false;
    this.baseline = baseline;
    return true;
  }

  /** What the metrics' streams have learned, to be shipped as a baseline. */
  baselineOf(): MetricBaseline {
    return baselineOf([...this.streams.metric.values()].map(({name, stream}) => [name, stream] as const));
  }

  stats(): MetricSurpriseStats {
    const places = [...this.streams.metric.values(), ...this.streams.count.values()];
    return {
      streams: places.length,
      streamsReady: places.filter(({stream}) => stream.ready).length,
      refused: this.refused,
      ignored: this.ignored,
      late: this.counts.late,
      suppressed: this.suppressed,
    };
  }

  save(): State {
    const places = [...this.streams.metric.values(), ...this.streams.count.values()];
    return {
      version: stateVersion,
      streams: places.map(({kind, host, name, unit, stream}) => [kind, host, name, unit, stream.snapshot()]),
      counts: this.counts.snapshot(),
      suppression: this.suppression.snapshot(),
      causes: [...this.causes.entries()].map(([cause, {time, score}]) => [cause, time, score]),
    };
  }

  /**
   * Of the version before, what was learned is taken over, but not what was told of last, which was measured otherwise.
   * State of any other version is left aside: learning begins again.
   */
  restore(saved: unknown): void {
    if (!isState(saved)) return;
    const isOfNow = saved.version === stateVersion;
    for (const places of Object.values(this.streams)) places.clear();
    for (const [kind, host, name, unit, snapshot] of saved.streams) {
      this.add(kind, host, name, unit).stream.restore(isOfNow ? snapshot : {...snapshot, rest: [0, 0]});
    }
    this.counts.restore(saved.counts);
    this.suppression.restore(saved.suppression);
    if (!isOfNow) return;
    for (const [cause, time, score] of saved.causes) this.causes.set(cause, {time, score});
  }

  private observe(event: Event): void {
    if (isWireRow(event)) return;
    const host = event.kind === 'log' ? (event.host ?? event.origin.host) : event.origin.host;
    // A clock that is wrong by far would close all hours to come.
    if (!Number.isFinite(event.time) || event.time > event.ingested + hour) {
      this.ignored += 1;
      return;
    }
    for (const closed of this.counts.watch(host, event.time)) this.judgeCount(closed);
    switch (event.kind) {
      case 'metric':
        this.judgeMetric(host, event);
        break;
      case 'log':
        this.counts.count(host, `${event.provider} entries in ${event.origin.source}`, event.time);
        break;
      case 'flow':
        // A flow is reported several times, and ends once.
        if (event.ended) this.counts.count(host, 'flows', event.time);
        break;
      default:
        event satisfies never;
    }
  }

  private judgeMetric(host: string, event: MetricEvent): void {
    const place = this.placeOf('metric', host, event.name, event.unit, event.time);
    if (!place) return;
    const risk = this.risk() * this.partOf(place);
    const taken = place.stream.observe(event.time, event.value, risk, found => this.tell(place, found));
    if (taken) place.newest = event;
    else this.ignored += 1;
  }

  private judgeCount({host, what, hour: begin, count}: HourlyCount): void {
    const place = this.placeOf('count', host, what, 'count', begin);
    place?.stream.observePoint(begin, count, this.risk(), found => this.tell(place, found));
  }

  /**
   * Every thing on a machine may be told of equally often, however many metrics measure it: four cores and the load
   * would have most alerts. 1 at the most: what nothing else measures is not to be told of more often for that.
   */
  private partOf({host, name}: Place): number {
    const key = `${host}\n${thingOf(name)}`;
    if (this.parts.size === 0) this.countParts();
    return this.parts.get(key) ?? 1;
  }

  private countParts(): void {
    const things = new Map<string, Map<string, number>>();
    for (const {host, name} of this.streams.metric.values()) {
      const own = things.get(host) ?? new Map<string, number>();
      things.set(host, own.set(thingOf(name), (own.get(thingOf(name)) ?? 0) + 1));
    }
    for (const [host, own] of things) {
      const metrics = [...own.values()].reduce((sum, count) => sum + count, 0);
      for (const [thing, count] of own) this.parts.set(`${host}\n${thing}`, Math.min(1, metrics / own.size / count));
    }
  }

  private tell({kind, host, name, stream, newest}: Place, found: Unexpected): void {
    const [machine, thing] = [`${kind} ${host}`, `${host}\n${kind === 'count' ? name : thingOf(name)}`];
    const told = this.isKnown(machine, sameCause, found) || this.isKnown(thing, sameThing, found);
    const key = `${kind} ${host} ${name} ${found.direction}`;
    if (told || this.suppression.pass(key, found.time) === 0) {
      this.suppressed += 1;
      return;
    }
    const alert = metricAlert({rule: `surprise.${kind}`, host, name, found, stream, event: newest});
    this.suppression.note(key, alert);
    for (const cause of [machine, thing]) this.causes.set(cause, {time: found.time, score: found.score});
    this.found.push(alert);
  }

  /** Whether something with the same cause, that is not clearly less unexpected, was told of within so long. */
  private isKnown(cause: string, span: Micros, {time, score}: Unexpected): boolean {
    const told = this.causes.get(cause);
    return told !== undefined && time - told.time <= span && score <= told.score * clearlyMore;
  }

  private placeOf(kind: Kind, host: string, name: string, unit: string, time: Micros): Place | undefined {
    const known = this.streams[kind].get(`${host}\n${name}`);
    if (known) return known;
    if (this.streams[kind].size >= maxStreams && !this.dropIdle(kind, time)) {
      this.refused += 1;
      return undefined;
    }
    const place = this.add(kind, host, name, unit);
    const seed = kind === 'metric' ? this.baseline?.streams[kindOfName(name)] : undefined;
    if (seed) place.stream.seed(seed);
    return place;
  }

  private add(kind: Kind, host: string, name: string, unit: string): Place {
    const stream =
      kind === 'metric' ? new MetricStream(metricKind, measureOf(unit)) : new MetricStream(hourlyKind, hourlyCount);
    const place: Place = {kind, host, name, unit, stream, newest: undefined};
    this.streams[kind].set(`${host}\n${name}`, place);
    this.parts.clear();
    return place;
  }

  private dropIdle(kind: Kind, time: Micros): boolean {
    for (const [key, {stream}] of this.streams[kind]) {
      if (time - stream.last < idle) continue;
      this.streams[kind].delete(key);
      this.parts.clear();
      return true;
    }
    return false;
  }
}

function isState(saved: unknown): saved is State {
  if (typeof saved !== 'object' || saved === null || !('version' in saved)) return false;
  return saved.version === stateVersion || saved.version === versionBefore;
}
