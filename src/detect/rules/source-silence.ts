import type {Settings} from '../../config/settings.ts';
import {day, hour, minute, second} from '../../event/clock.ts';
import type {Alert, Event, LogEvent, Micros, Rule} from '../../event/event.ts';
import {isWireRow} from '../../event/wire-row.ts';
import {BoundedMap} from '../bounded-map.ts';
import type {Detector} from '../detector.ts';
import {hostOf} from './log-field.ts';
import {Gaps, type SavedGaps} from './usual-gaps.ts';

/**
 * A source, or one program in it, that used to write regularly and writes no more. Judged by when entries arrive, on
 * the wall clock: only the passing of time shows a silence. Backfill teaches it nothing.
 */
export class SourceSilence implements Detector {
  readonly id = 'source.silence';
  readonly #settings: Pick<Settings['detect'], 'silence_gaps' | 'silence_minutes'>;
  readonly #voices = new BoundedMap<string, Voice>(2_000);
  #lastTick: Micros | undefined;

  constructor(settings: Pick<Settings['detect'], 'silence_gaps' | 'silence_minutes'>) {
    this.#settings = settings;
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const event of batch) {
      if (event.kind !== 'log' || event.provider === 'siem' || isWireRow(event)) continue;
      if (event.ingested - event.time > liveDelay) continue;
      this.#hear(this.#voice(event, ''), event.ingested, alerts);
      this.#hear(this.#voice(event, event.provider), event.ingested, alerts);
    }
    return alerts;
  }

  onTick(now: Micros): readonly Alert[] {
    this.#skipSleep(now);
    this.#lastTick = now;
    const alerts: Alert[] = [];
    for (const [, voice] of this.#voices.entries()) {
      if (voice.silent || now - voice.last < this.#patience(voice) || this.#isSourceSilent(voice, now)) continue;
      voice.silent = true;
      voice.told = now;
      alerts.push(silenceAlert(voice, now));
    }
    return alerts;
  }

  save(): unknown {
    return [...this.#voices.entries()].map(([key, {host, source, provider, gaps}]) => {
      return {key, host, source, provider, gaps: gaps.toJson()} satisfies SavedVoice;
    });
  }

  restore(state: unknown): void {
    if (!Array.isArray(state)) return;
    for (const {key, gaps, ...named} of state as SavedVoice[]) {
      this.#voices.set(key, {...named, last: 0, silent: false, told: 0, gaps: new Gaps(gaps)});
    }
  }

  #voice(event: LogEvent, provider: string): Voice {
    const host = hostOf(event);
    const {source} = event.origin;
    const make = () => ({host, source, provider, last: 0, silent: false, told: 0, gaps: new Gaps()});
    return this.#voices.getOrAdd(`${host}\0${source}\0${provider}`, make);
  }

  #hear(voice: Voice, at: Micros, alerts: Alert[]): void {
    const gap = at - voice.last;
    // What comes within a second is one utterance: sources hand over in batches.
    if (gap >= 0 && gap < second) return;
    if (voice.silent) {
      voice.gaps.remember(gap);
      // Later it would begin an alert of its own, of the same cause.
      if (at - voice.told < hour) alerts.push(endAlert(voice, at, gap));
    } else if (voice.last > 0 && gap > 0) {
      voice.gaps.learn(gap);
    }
    voice.silent = false;
    voice.last = at;
  }

  /** How long a voice may be silent; for ever where it was never regular or is not heard yet in this run. */
  #patience({gaps, last}: Voice): Micros {
    if (last === 0 || !gaps.areRegular()) return Number.POSITIVE_INFINITY;
    const {silence_gaps: times, silence_minutes: minutes} = this.#settings;
    return Math.max(times * gaps.mean, minutes * minute, 2 * gaps.longest);
  }

  // Where the whole source is silent, one finding says so, not one for each of its programs.
  #isSourceSilent(voice: Voice, now: Micros): boolean {
    if (voice.provider === '') return false;
    const whole = this.#voices.peek(`${voice.host}\0${voice.source}\0`);
    return whole !== undefined && now - whole.last >= this.#settings.silence_minutes * minute;
  }

  // While the machine slept, or its clock was set, nothing could be heard.
  #skipSleep(now: Micros): void {
    const passed = now - (this.#lastTick ?? now);
    if (passed >= 0 && passed < asleep) return;
    for (const [, voice] of this.#voices.entries()) if (voice.last > 0) voice.last += passed;
  }
}

interface Voice {
  readonly host: string;
  readonly source: string;
  /** '' for the source as a whole. */
  readonly provider: string;
  readonly gaps: Gaps;
  last: Micros;
  silent: boolean;
  /** When its silence was told last. */
  told: Micros;
}

interface SavedVoice {
  readonly key: string;
  readonly host: string;
  readonly source: string;
  readonly provider: string;
  readonly gaps: SavedGaps;
}

const liveDelay = 2 * minute;
const asleep = 30 * second;

function silenceAlert(voice: Voice, now: Micros): Alert {
  const usual = duration(voice.gaps.mean);
  return {
    ...subject(voice),
    level: voice.provider === '' ? 'medium' : 'low',
    time: now,
    reason: `${entityOf(voice)} wrote nothing for ${duration(now - voice.last)}; usually something comes every ${usual}.`,
    count: 1,
  };
}

function endAlert(voice: Voice, at: Micros, gap: Micros): Alert {
  const reason = `${entityOf(voice)} writes again after ${duration(gap)} of silence.`;
  return {...subject(voice), level: 'informational', time: at, reason, count: 1};
}

function subject(voice: Voice): Pick<Alert, 'rule' | 'host' | 'entity' | 'fields'> {
  const provider = voice.provider || voice.source;
  return {rule: silenceRule, host: voice.host, entity: entityOf(voice), fields: {'event.provider': provider}};
}

function entityOf({provider, source}: Voice): string {
  return provider === '' ? source : `${provider} in ${source}`;
}

function duration(time: Micros): string {
  if (time < 2 * minute) return `${Math.max(1, Math.round(time / second))} s`;
  if (time < 2 * day) return `${Math.round(time / minute)} minutes`;
  return `${Math.round(time / day)} days`;
}

const silenceRule: Rule = {
  id: 'source.silence',
  name: 'Source fell silent',
  level: 'medium',
  category: 'System Log',
  techniques: [],
};
