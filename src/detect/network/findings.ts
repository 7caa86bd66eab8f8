import type {SensorAlert} from '../../capture/packets/messages.ts';
import type {FieldValue, Micros, Rule} from '../../event/event.ts';

/** One more packet (or port, or host) that a rule is about. */
export interface Finding {
  readonly rule: Rule;
  readonly time: Micros;
  /** What it is about; one alert a rule and entity. */
  readonly entity: string;
  /** The sentence, told how many there were so far. */
  readonly reason: (total: number) => string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

interface Tally {
  finding: Finding;
  total: number;
  raised: number;
}

const quiet = 60_000_000;

/**
 * Makes one alert of each (rule, entity): raised at the first finding and again at each power of ten, with how many
 * came since. What is left is raised once it was quiet for a minute, so the counts add up. Bounded: the entity that was
 * quiet longest makes room.
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
    const key = `${finding.rule.id} ${finding.entity}`;
    const tally = this.#tallies.get(key);
    if (!tally) {
      this.#begin(key, finding);
      return;
    }
    tally.finding = finding;
    tally.total++;
    if (isPowerOfTen(tally.total)) this.#send(tally);
  }

  /** Raises what is left over of entities that are quiet at this time. */
  onTick(now: Micros): void {
    for (const [key, tally] of this.#tallies) {
      if (tally.finding.time + quiet > now) continue;
      this.#send(tally);
      this.#tallies.delete(key);
    }
  }

  finish(): void {
    this.onTick(Number.POSITIVE_INFINITY);
  }

  #begin(key: string, finding: Finding): void {
    const [oldest] = this.#tallies;
    if (oldest && this.#tallies.size >= this.#limit) {
      this.#send(oldest[1]);
      this.#tallies.delete(oldest[0]);
    }
    const tally = {finding, total: 1, raised: 0};
    this.#tallies.set(key, tally);
    this.#send(tally);
  }

  #send(tally: Tally): void {
    const count = tally.total - tally.raised;
    if (count === 0) return;
    tally.raised = tally.total;
    const {rule, time, entity, reason, fields} = tally.finding;
    this.#raise({rule, time, entity, reason: reason(tally.total), count, fields});
  }
}

export function isPowerOfTen(count: number): boolean {
  return Number.isInteger(Math.log10(count));
}
