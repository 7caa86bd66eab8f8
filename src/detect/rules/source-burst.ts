import type {Settings} from '../../config/settings.ts';
import {day, minute} from '../../event/clock.ts';
import type {Alert, Event, LogEvent, Rule} from '../../event/event.ts';
import {isWireRow} from '../../event/wire-row.ts';
import {BoundedMap} from '../bounded-map.ts';
import type {Detector} from '../detector.ts';
import {hostOf} from './log-field.ts';

/**
 * A program that suddenly writes far more than it does: more in a minute than `burst_factor` times its usual rate, by
 * half more than it ever did lately, and more than a floor below which nobody minds. The usual rate is an exponential mean over minutes.
 */
export class SourceBurst implements Detector {
  readonly id = 'source.burst';
  readonly #factor: number;
  readonly #rates = new BoundedMap<string, Rate>(2_000);

  constructor(settings: Pick<Settings['detect'], 'burst_factor'>) {
    this.#factor = settings.burst_factor;
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const event of batch) {
      if (event.kind !== 'log' || event.provider === 'siem' || isWireRow(event)) continue;
      const rate = this.#rateOf(event);
      this.#moveTo(rate, Math.floor(event.time / minute));
      rate.count++;
      if (rate.count > rate.limit) alerts.push(report(rate, event));
    }
    return alerts;
  }

  save(): unknown {
    return [...this.#rates.entries()].map(([key, {minute: at, mean, minutes, peak}]) => [key, at, mean, minutes, peak]);
  }

  restore(state: unknown): void {
    if (!Array.isArray(state)) return;
    for (const [key, at, mean, minutes, peak] of state as [string, number, number, number, number][]) {
      this.#rates.set(key, this.#withLimit({...unknownRate(at), mean, minutes, peak}));
    }
  }

  #rateOf(event: LogEvent): Rate {
    const key = `${hostOf(event)}\0${event.origin.source}\0${event.provider}`;
    return this.#rates.getOrAdd(key, () => unknownRate(Math.floor(event.time / minute)));
  }

  #moveTo(rate: Rate, now: number): void {
    if (now > rate.minute) {
      learn(rate, now - rate.minute);
    } else if (now >= rate.minute - lateMinutes) {
      return;
    }
    // A clock that was set back begins a new minute, or a date far in the future would hold the old one for ever.
    rate.minute = now;
    rate.count = 0;
    rate.reported = 0;
    this.#withLimit(rate);
  }

  #withLimit(rate: Rate): Rate {
    const usual = Math.max(floorAMinute, this.#factor * rate.mean, beyondPeak * rate.peak);
    rate.limit = rate.minutes >= learnedMinutes ? usual : Number.POSITIVE_INFINITY;
    return rate;
  }
}

interface Rate {
  minute: number;
  count: number;
  /** How many of the minute's entries findings stand for. */
  reported: number;
  /** Entries a minute that make the next finding. */
  limit: number;
  mean: number;
  minutes: number;
  /** The most in a minute, halved each week. */
  peak: number;
}

const floorAMinute = 60;
/** Of many minutes some must be the loudest: a new peak by a little is none. */
const beyondPeak = 1.5;
const learnedMinutes = 60;
const lateMinutes = 5;

function unknownRate(at: number): Rate {
  return {minute: at, count: 0, reported: 0, limit: Number.POSITIVE_INFINITY, mean: 0, minutes: 0, peak: 0};
}

function learn(rate: Rate, elapsed: number): void {
  const weight = 1 / Math.min(rate.minutes + 1, learnedMinutes);
  rate.mean += weight * (rate.count - rate.mean);
  rate.mean *= (1 - 1 / learnedMinutes) ** (elapsed - 1);
  rate.peak = Math.max(rate.count, rate.peak * 0.5 ** ((elapsed * minute) / (7 * day)));
  rate.minutes += elapsed;
}

function report(rate: Rate, event: LogEvent): Alert {
  const added = rate.count - rate.reported;
  rate.reported = rate.count;
  rate.limit = rate.count * 2;
  const usual = rate.mean < 1 ? 'less than one' : rate.mean.toFixed(0);
  return {
    rule: burstRule,
    time: event.time,
    host: hostOf(event),
    entity: `${event.provider} in ${event.origin.source}`,
    reason: `${event.provider} wrote ${rate.count} entries within a minute; usual are ${usual}, and lately ${Math.ceil(rate.peak)} at the most.`,
    count: added,
    event,
  };
}

const burstRule: Rule = {
  id: 'source.burst',
  name: 'Source writes far more than usual',
  level: 'low',
  category: 'System Log',
  techniques: [],
};
