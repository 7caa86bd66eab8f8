import type {SensorAlert} from '../../capture/packets/messages.ts';
import type {FieldValue, Micros, Rule} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';

/** One more packet (or port, or host) that a rule is about. */
export interface Finding {
  readonly rule: Rule;
  /** Where it is more or less serious than the rule usually is. */
  readonly level?: AlertLevel;
  readonly time: Micros;
  /** What it is about; one alert a rule and entity. */
  readonly entity: string;
  /** Tells causes apart that one entity gives under one rule. */
  readonly cause?: string;
  /** How many packets it stands for; 1 where absent. */
  readonly count?: number;
  /** The sentence, told how many there were so far. */
  readonly reason: (total: number) => string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

interface Tally {
  finding: Finding;
  total: number;
  raised: number;
  /** What is left over is raised after so long a pause: a minute, then ten, then an hour. */
  pause: Micros;
}

const firstPause = 60_000_000;
const longestPause = 3_600_000_000;

/**
 * Makes one alert of each (rule, entity): raised at the first finding and again at each power of ten, with how many
 * came since. What is left is raised once it was quiet for a minute, so the counts add up; if it goes on after that, once
 * it was quiet for longer. Forgotten after an hour. Bounded: the entity that was quiet longest makes room.
 */
export class Findings {
  readonly #raise: (alert: SensorAlert) => void;
  readonly #limit: number;
  readonly #tallies = new Map<string, Tally>();

  constructor(raise: (alert: SensorAlert) => void, limit = 4096) {
    this.#raise = raise;
    this.#limit = limit;
  }

  add(finding: Finding): void {
    const key = `${finding.rule.id} ${finding.cause ?? ''} ${finding.entity}`;
    const count = finding.count ?? 1;
    const tally = this.#tallies.get(key);
    if (!tally) {
      this.#begin(key, finding, count);
      return;
    }
    if (this.#tallies.size * 2 > this.#limit) {
      this.#tallies.delete(key);
      this.#tallies.set(key, tally);
    }
    const before = tally.total;
    tally.finding = finding;
    tally.total += count;
    if (passesPowerOfTen(before, tally.total)) this.#send(tally);
  }

  /** Raises what is left over of entities that are quiet at this time. */
  onTick(now: Micros): void {
    for (const [key, tally] of this.#tallies) {
      const idle = now - tally.finding.time;
      if (idle >= tally.pause && tally.total > tally.raised) {
        this.#send(tally);
        tally.pause = Math.min(longestPause, tally.pause * 10);
      }
      if (idle >= longestPause) this.#tallies.delete(key);
    }
  }

  finish(): void {
    this.onTick(Number.POSITIVE_INFINITY);
  }

  #begin(key: string, finding: Finding, count: number): void {
    const [oldest] = this.#tallies;
    if (oldest && this.#tallies.size >= this.#limit) {
      this.#send(oldest[1]);
      this.#tallies.delete(oldest[0]);
    }
    const tally: Tally = {finding, total: count, raised: 0, pause: firstPause};
    this.#tallies.set(key, tally);
    this.#send(tally);
  }

  #send(tally: Tally): void {
    const count = tally.total - tally.raised;
    if (count === 0) return;
    tally.raised = tally.total;
    const {rule, level, time, entity, reason, fields} = tally.finding;
    this.#raise({rule, ...(level && {level}), time, entity, reason: reason(tally.total), count, fields});
  }
}

/** A count that went from `before` to `now` reached another power of ten. */
export function passesPowerOfTen(before: number, now: number): boolean {
  if (before >= now) return false;
  return before < 1 || 10 ** Math.floor(Math.log10(now)) > before;
}
