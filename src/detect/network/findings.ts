import type {SensorAlert} from '../../capture/packets/messages.ts';
import type {FieldValue, Micros, Rule} from '../../event/event.ts';

/** One more packet (or port, or host) that a rule is about. */
export interface Finding {
  readonly rule: Rule;
  readonly time: Micros;
  /** Whose network it is, where findings of several hosts come together. */
  readonly host?: string;
  /** What it is about; one alert a rule, host and entity. */
  readonly entity: string;
  /** The sentence, told how many there were so far. */
  readonly reason: (total: number) => string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

interface Tally<Kind> {
  finding: Kind;
  total: number;
  raised: number;
}

export interface FindingsOptions {
  /** Tallies kept at once. */
  readonly limit?: number;
  /** After so long without another finding of its kind the next one is a new alert. */
  readonly quiet?: Micros;
}

/** Given the newest finding, its sentence and how many findings the alert stands for. */
export type Raise<Kind> = (finding: Kind, reason: string, count: number) => void;

const usualQuiet = 60_000_000;

/**
 * Makes one alert of each (rule, host, entity): raised at the first finding and again at each power of ten, with how
 * many came since. What is left is raised once it was quiet for a minute, so the counts add up. Bounded: the entity that
 * was quiet longest makes room.
 */
export class Findings<Kind extends Finding = Finding> {
  readonly #raise: Raise<Kind>;
  readonly #limit: number;
  readonly #quiet: Micros;
  readonly #tallies = new Map<string, Tally<Kind>>();

  constructor(raise: Raise<Kind>, {limit = 4096, quiet = usualQuiet}: FindingsOptions = {}) {
    this.#raise = raise;
    this.#limit = limit;
    this.#quiet = quiet;
  }

  add(finding: Kind): void {
    const {rule, host = '', entity} = finding;
    const key = `${rule.id} ${host} ${entity}`;
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
      if (tally.finding.time + this.#quiet > now) continue;
      this.#send(tally);
      this.#tallies.delete(key);
    }
  }

  finish(): void {
    this.onTick(Number.POSITIVE_INFINITY);
  }

  #begin(key: string, finding: Kind): void {
    const [oldest] = this.#tallies;
    if (oldest && this.#tallies.size >= this.#limit) {
      this.#send(oldest[1]);
      this.#tallies.delete(oldest[0]);
    }
    const tally = {finding, total: 1, raised: 0};
    this.#tallies.set(key, tally);
    this.#send(tally);
  }

  #send(tally: Tally<Kind>): void {
    const count = tally.total - tally.raised;
    if (count === 0) return;
    tally.raised = tally.total;
    this.#raise(tally.finding, tally.finding.reason(tally.total), count);
  }
}

/** Of findings in the sensor, which knows no host. */
export function asSensorAlerts(raise: (alert: SensorAlert) => void): Raise<Finding> {
  return ({rule, time, entity, fields}, reason, count) => raise({rule, time, entity, reason, count, fields});
}

export function isPowerOfTen(count: number): boolean {
  return Number.isInteger(Math.log10(count));
}
