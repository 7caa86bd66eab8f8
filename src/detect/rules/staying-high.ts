import {MetricNames, mountOfMetric} from '../../capture/system/sample.ts';
import type {Settings} from '../../config/settings.ts';
import {minute} from '../../event/clock.ts';
import type {Alert, Event, MetricEvent, Micros, Rule} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';
import type {Detector} from '../detector.ts';
import {HourCount, type SavedHourCount} from '../hour-count.ts';
import {type SavedMost, UsualMost} from '../usual-most.ts';

type HighSettings = Pick<Settings['detect'], 'high_cpu' | 'high_memory' | 'high_disk' | 'high_minutes'>;

/**
 * Processor, memory or a file system above its limit for `high_minutes`: one finding when it has been so long, and one
 * each time it has lasted twice as long as at the last. Where the processor or memory was high on three occasions
 * lately, one is told when it has lasted twice as long as any of them: a machine that computes is busy every day.
 */
export class StayingHigh implements Detector {
  readonly id = 'system.high';
  readonly #settings: HighSettings;
  readonly #episodes = new BoundedMap<string, Episode>(1_000);
  readonly #habits = new BoundedMap<string, Habit>(1_000);

  constructor(settings: HighSettings) {
    this.#settings = settings;
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const event of batch) {
      if (event.kind !== 'metric') continue;
      const watched = this.#watched(event);
      const alert = watched && this.#follow(event, watched);
      if (alert) alerts.push(alert);
    }
    return alerts;
  }

  save(): unknown {
    const habits = [...this.#habits.entries()].map(([key, {hours, most}]) => [key, hours.toJson(), most.toJson()]);
    return {episodes: [...this.#episodes.entries()], habits};
  }

  restore(state: unknown): void {
    // Before there were habits there was nothing but the list.
    const {episodes = [], habits = []} = (Array.isArray(state) ? {episodes: state} : (state ?? {})) as SavedState;
    for (const [key, episode] of episodes) this.#episodes.set(key, episode);
    for (const [key, hours, most] of habits) {
      const habit = this.#habitOf(key);
      habit.hours.restore(hours);
      habit.most.restore(most);
    }
  }

  #watched({name}: MetricEvent): Watched | undefined {
    const {high_cpu, high_memory, high_disk} = this.#settings;
    if (name === MetricNames.cpu) return {rule: cpuRule, entity: 'processor', limit: high_cpu, mayPause: false};
    if (name === MetricNames.memory) return {rule: memoryRule, entity: 'memory', limit: high_memory, mayPause: false};
    const mount = mountOfMetric(name);
    // A disk is as full after a restart as before it.
    return mount === undefined ? undefined : {rule: diskRule, entity: mount, limit: high_disk, mayPause: true};
  }

  #follow(event: MetricEvent, watched: Watched): Alert | undefined {
    const key = `${event.origin.host}\0${event.name}`;
    if (event.value < watched.limit) {
      this.#end(key, event.time);
      return undefined;
    }
    const episode = this.#episodes.get(key);
    const broken = episode && !watched.mayPause && Math.abs(event.time - episode.last) > longestPause;
    const current = episode && !broken ? episode : this.#begin(event.time);
    current.last = Math.max(current.last, event.time);
    this.#episodes.set(key, current);
    if (current.last - current.began < current.next) return undefined;
    const lasted = current.last - current.began;
    if (!watched.mayPause && this.#isUsual(key, current, lasted)) return undefined;
    current.next = 2 * lasted;
    return finding(event, watched, lasted);
  }

  #end(key: string, time: Micros): void {
    const episode = this.#episodes.get(key);
    if (!episode) return;
    this.#episodes.delete(key);
    if (episode.counted) this.#habitOf(key).most.note(time, episode.last - episode.began);
  }

  /** Whether such came again and again, and none lately lasted less than half as long. Counts the occasion. */
  #isUsual(key: string, episode: Episode, lasted: Micros): boolean {
    const {hours, most} = this.#habitOf(key);
    const before = hours.at(episode.began);
    if (!episode.counted) hours.note(episode.last);
    episode.counted = true;
    episode.usual ??= before >= usualOccasions;
    return episode.usual && !most.isFarExceeded(episode.last, lasted);
  }

  #habitOf(key: string): Habit {
    return this.#habits.getOrAdd(key, () => ({hours: new HourCount(), most: new UsualMost(0)}));
  }

  #begin(time: Micros): Episode {
    return {began: time, last: time, next: this.#settings.high_minutes * minute};
  }
}

interface Watched {
  readonly rule: Rule;
  readonly entity: string;
  readonly limit: number;
  readonly mayPause: boolean;
}

interface Episode {
  began: Micros;
  last: Micros;
  /** How long it must last for the next finding. */
  next: Micros;
  /** It lasted long enough to be an occasion, and whether there were as many before as make a habit. */
  counted?: boolean;
  usual?: boolean;
}

interface Habit {
  readonly hours: HourCount;
  /** How long the longest lasted. */
  readonly most: UsualMost;
}

interface SavedState {
  readonly episodes?: readonly [string, Episode][];
  readonly habits?: readonly [string, SavedHourCount, SavedMost][];
}

/** In so many different hours lately, with what came three days ago counted half. */
const usualOccasions = 3;

const longestPause = 5 * minute;

function finding(event: MetricEvent, {rule, entity, limit}: Watched, lasted: Micros): Alert {
  const subject = rule === diskRule ? `The file system ${entity}` : `The ${entity}`;
  const minutes = Math.round((lasted / minute) * 10) / 10;
  const now = `now ${event.value.toFixed(0)} %`;
  const reason = `${subject} has been at ${limit} % or more for ${minutes} minutes (${now}).`;
  return {rule, time: event.time, host: event.origin.host, entity, reason, count: 1, event};
}

const cpuRule = performance('system.cpu.high', 'Processor stays busy');
const memoryRule = performance('system.memory.high', 'Memory stays full');
const diskRule = performance('system.disk.full', 'File system nearly full');

function performance(id: string, name: string): Rule {
  return {id, name, level: 'medium', category: 'Performance', techniques: []};
}
