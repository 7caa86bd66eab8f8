import {day} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

/** Events, first time, events and time at the newest new program; then the programs. */
export type HostNoveltySnapshot = readonly [number, Micros, number, Micros, readonly string[]];

const leastEvents = 5_000;
const settledEvents = 2_000;
const settledTime: Micros = day;
const maxPrograms = 4_000;

/** Which programs ever wrote on one machine: a new one is news once a day passed without any. */
export class HostNovelty {
  private events = 0;
  private first: Micros = 0;
  private newestAt = 0;
  private newestTime: Micros = 0;
  private readonly programs = new Set<string>();

  count(time: Micros): void {
    if (this.events === 0) this.first = time;
    this.events += 1;
  }

  /** How long no new program had come, where this one is new and that is unusual; else undefined. */
  note(program: string, time: Micros): Micros | undefined {
    if (this.programs.has(program) || this.programs.size >= maxPrograms) return undefined;
    this.programs.add(program);
    const quiet = time - this.newestTime;
    const settled = this.events - this.newestAt > settledEvents && quiet > settledTime;
    const known = this.events >= leastEvents && time - this.first > settledTime;
    this.newestAt = this.events;
    this.newestTime = Math.max(this.newestTime, time);
    return settled && known ? quiet : undefined;
  }

  snapshot(): HostNoveltySnapshot {
    return [this.events, this.first, this.newestAt, this.newestTime, [...this.programs]];
  }

  restore([events, first, newestAt, newestTime, programs]: HostNoveltySnapshot): void {
    this.events = events;
    this.first = first;
    this.newestAt = newestAt;
    this.newestTime = newestTime;
    for (const program of programs) this.programs.add(program);
  }
}
