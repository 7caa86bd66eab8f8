import {hour, minute} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';

/** A closed hour of one counted thing of one host. */
export interface HourlyCount {
  readonly host: string;
  readonly what: string;
  /** The hour's begin. */
  readonly hour: Micros;
  readonly count: number;
}

export interface HourlyCountsSnapshot {
  readonly hosts: readonly HostSnapshot[];
  readonly late: number;
}

interface HostSnapshot {
  readonly host: string;
  readonly hour: Micros;
  readonly last: Micros;
  readonly gap: Micros;
  readonly counts: readonly (readonly [what: string, count: number, since: Micros])[];
}

interface Host {
  /** Begin of the hour that is counted. */
  hour: Micros;
  /** Newest event of any kind, and the longest time without one within the hour. */
  last: Micros;
  gap: Micros;
  readonly counts: Map<string, {count: number; since: Micros}>;
}

/** Events of one source may be so late. */
const lateness = minute;
/** An hour with a longer time without any event of the host was not watched, and counts for nothing. */
const longestGap = 20 * minute;
const maxHosts = 50;
const maxCounted = 100;
/** Longer than this without an entry, and a thing is no longer expected. */
const forgottenAfter = 14 * 24 * hour;

/**
 * Counts by hour of event time. An hour is closed when the host's events are a minute beyond it; what had no entry in it
 * counts 0, but an hour in which the host was not watched throughout gives nothing, for nobody knows what happened in it.
 */
export class HourlyCounts {
  private readonly hosts = new Map<string, Host>();
  private lateCount = 0;

  /** Events that came for an hour already closed. */
  get late(): number {
    return this.lateCount;
  }

  /** Notes that the host was watched at this time, and gives the hours that this closes. */
  watch(host: string, time: Micros): readonly HourlyCount[] {
    const known = this.hosts.get(host);
    if (!known) {
      if (this.hosts.size < maxHosts) this.hosts.set(host, begun(time));
      return [];
    }
    const closed = time >= known.hour + hour + lateness ? this.close(host, known, time) : [];
    known.gap = Math.max(known.gap, time - known.last);
    known.last = Math.max(known.last, time);
    return closed;
  }

  /** Counts one event; after `watch` for the same. */
  count(host: string, what: string, time: Micros): void {
    const known = this.hosts.get(host);
    if (!known) return;
    if (time < known.hour) {
      this.lateCount += 1;
      return;
    }
    // The minute after the hour: what belongs to the next is put there when the hour is closed.
    const name = time < known.hour + hour ? what : nextHour(what);
    const counted = known.counts.get(name);
    if (counted) counted.count += 1;
    else if (known.counts.size < 2 * maxCounted) known.counts.set(name, {count: 1, since: time});
  }

  snapshot(): HourlyCountsSnapshot {
    const hosts = [...this.hosts].map(([host, {hour: begin, last, gap, counts}]) => ({
      host,
      hour: begin,
      last,
      gap,
      counts: [...counts].map(([what, {count, since}]) => [what, count, since] as const),
    }));
    return {hosts, late: this.lateCount};
  }

  restore({hosts, late}: HourlyCountsSnapshot): void {
    this.hosts.clear();
    for (const {host, hour: begin, last, gap, counts} of hosts) {
      const kept = new Map(counts.map(([what, count, since]) => [what, {count, since}]));
      this.hosts.set(host, {hour: begin, last, gap, counts: kept});
    }
    this.lateCount = late;
  }

  private close(host: string, known: Host, time: Micros): HourlyCount[] {
    const end = known.hour + hour;
    const watched = Math.max(known.gap, Math.min(end, time) - known.last) <= longestGap;
    const closed: HourlyCount[] = [];
    for (const [what, counted] of known.counts) {
      if (isNextHour(what)) continue;
      // Something that began within the hour has not been there for all of it, unless the host had been watched before.
      if (watched) closed.push({host, what, hour: known.hour, count: counted.count});
      if (counted.count === 0 && end - counted.since > forgottenAfter) known.counts.delete(what);
      else if (counted.count > 0) known.counts.set(what, {count: 0, since: end});
    }
    const begin = Math.floor(time / hour) * hour;
    this.moveOn(known, begin === end);
    known.hour = begin;
    // A silence that reaches into the new hour is one of that hour too.
    known.gap = Math.max(0, time - Math.max(begin, known.last));
    known.last = Math.max(known.last, begin);
    return closed;
  }

  private moveOn({counts}: Host, follows: boolean): void {
    for (const [name, early] of [...counts]) {
      if (!isNextHour(name)) continue;
      counts.delete(name);
      const what = name.slice(mark.length);
      const count = follows ? early.count : 0;
      const known = counts.get(what);
      if (known) known.count += count;
      else if (counts.size < maxCounted) counts.set(what, {count, since: early.since});
    }
  }
}

const mark = '\u0000';

function nextHour(what: string): string {
  return `${mark}${what}`;
}

function isNextHour(name: string): boolean {
  return name.startsWith(mark);
}

/** The hour in which watching begins is not watched from its begin: the gap says so. */
function begun(time: Micros): Host {
  const begin = Math.floor(time / hour) * hour;
  return {hour: begin, last: time, gap: time - begin, counts: new Map()};
}
