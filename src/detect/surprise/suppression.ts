import {hour} from '../../event/clock.ts';
import type {Alert, Micros} from '../../event/event.ts';

/** Of an alert, what stands for those that were held back after it. */
type Told = Omit<Alert, 'event'>;

interface Kept {
  until: Micros;
  /** Held back since, and when the newest of them came. */
  count: number;
  last: Micros;
  told: Told | undefined;
}

export type SuppressionSnapshot = readonly (readonly [
  key: string,
  until: Micros,
  count: number,
  last: Micros,
  told: Told | null,
])[];

const quiet: Micros = hour;
const maxKept = 2_000;
const none: readonly Alert[] = [];

/**
 * After an alert, the same (entity, symbol) is counted instead of told again, until an hour of event time is over. Then
 * the count is handed over as one more finding of that alert, at the time of the newest that it stands for: the alert
 * that an analyst sees ends up with the exact number, and no second one begins.
 */
export class Suppression {
  private readonly kept = new Map<string, Kept>();
  /** Findings that stand for what was held back in hours that are over. */
  private due: Alert[] = [];

  /** Whether a finding is to be told: 1, or 0 where it is held back and counted. */
  pass(key: string, time: Micros): 0 | 1 {
    const known = this.kept.get(key);
    if (known && time < known.until) {
      known.count += 1;
      known.last = Math.max(known.last, time);
      return 0;
    }
    this.end(key);
    if (this.kept.size >= maxKept) this.dropOldest();
    this.kept.set(key, {until: time + quiet, count: 0, last: time, told: undefined});
    return 1;
  }

  /** The alert that was told for this key. */
  note(key: string, {event: _, ...told}: Alert): void {
    const known = this.kept.get(key);
    if (known) known.told = told;
    else this.kept.set(key, {until: told.time + quiet, count: 0, last: told.time, told});
  }

  /** What was held back in hours that are over at this event time, a finding an alert. Cheap where there is none. */
  takeOver(time: Micros): readonly Alert[] {
    for (const [key, {until}] of this.kept) {
      if (until > time) break;
      this.end(key);
    }
    if (this.due.length === 0) return none;
    const found = this.due;
    this.due = [];
    return found;
  }

  snapshot(): SuppressionSnapshot {
    return [...this.kept].map(([key, {until, count, last, told}]) => [key, until, count, last, told ?? null]);
  }

  restore(snapshot: SuppressionSnapshot): void {
    this.kept.clear();
    for (const [key, until, count, last, told] of snapshot) {
      this.kept.set(key, {until, count, last, told: told ?? undefined});
    }
  }

  private end(key: string): void {
    const known = this.kept.get(key);
    this.kept.delete(key);
    if (known?.told && known.count > 0) this.due.push({...known.told, time: known.last, count: known.count});
  }

  private dropOldest(): void {
    const [oldest] = this.kept.keys();
    if (oldest !== undefined) this.end(oldest);
  }
}
