import {hour} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

const quiet: Micros = hour;
const maxKept = 2_000;

/** After an alert, the same (entity, symbol) is counted instead of told again, until an hour of event time is over. */
export class Suppression {
  private readonly kept = new Map<string, {until: Micros; count: number}>();

  /** How many findings an alert now stands for; 0 where it is to be held back. */
  pass(key: string, time: Micros): number {
    const known = this.kept.get(key);
    if (known && time < known.until) {
      known.count += 1;
      return 0;
    }
    const count = 1 + (known?.count ?? 0);
    this.kept.delete(key);
    if (this.kept.size >= maxKept) this.dropOldest();
    this.kept.set(key, {until: time + quiet, count: 0});
    return count;
  }

  snapshot(): readonly (readonly [string, Micros, number])[] {
    return [...this.kept].map(([key, {until, count}]) => [key, until, count]);
  }

  restore(snapshot: ReturnType<Suppression['snapshot']>): void {
    this.kept.clear();
    for (const [key, until, count] of snapshot) this.kept.set(key, {until, count});
  }

  private dropOldest(): void {
    const [oldest] = this.kept.keys();
    if (oldest !== undefined) this.kept.delete(oldest);
  }
}
