import type {SensorAlert} from '../../capture/packets/messages.ts';
import type {FieldValue, Micros, Rule} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';
import {Crowds} from './crowds.ts';

/** One more packet (or flow, port, host) that a rule is about. */
export interface Finding {
  readonly rule: Rule;
  /** Where it is more or less serious than the rule usually is. */
  readonly level?: AlertLevel;
  readonly time: Micros;
  /** Whose network it is, where findings of several hosts come together. */
  readonly host?: string;
  /** What it is about; one alert a rule, host, entity and cause. */
  readonly entity: string;
  /** Tells causes apart that one entity gives under one rule. */
  readonly cause?: string;
  /** How many packets it stands for; 1 where absent. */
  readonly count?: number;
  /** The sentence, told how many there were so far. */
  readonly reason: (total: number) => string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

interface Tally<Kind> {
  finding: Kind;
  total: number;
  raised: number;
  /** Place in the list of pauses. */
  step: number;
}

export interface FindingsOptions {
  /** Tallies kept at once. */
  readonly limit?: number;
  /**
   * After pauses of these lengths what is left over is raised, so that the counts add up; after the last one the next
   * finding is a new alert.
   */
  readonly pauses?: readonly Micros[];
  /** Further things of one rule are told as one alert about whom they strike: whoever forges senders has a million. */
  readonly crowds?: boolean;
}

/** Given the newest finding, its sentence and how many findings the alert stands for. */
export type Raise<Kind> = (finding: Kind, reason: string, count: number) => void;

const minute: Micros = 60_000_000;
const usualPauses = [minute, 10 * minute, 60 * minute];

/**
 * Makes one alert of each (rule, host, cause, entity): raised at the first finding and again at each power of ten, with
 * how many came since, and with what is left over once it is quiet. Bounded: the entity that was quiet longest makes room.
 */
export class Findings<Kind extends Finding = Finding> {
  readonly #raise: Raise<Kind>;
  readonly #limit: number;
  readonly #pauses: readonly Micros[];
  readonly #crowds: Crowds | undefined;
  readonly #tallies = new Map<string, Tally<Kind>>();

  constructor(raise: Raise<Kind>, {limit = 4096, pauses = usualPauses, crowds = false}: FindingsOptions = {}) {
    this.#raise = raise;
    this.#limit = limit;
    this.#pauses = pauses;
    this.#crowds = crowds ? new Crowds() : undefined;
  }

  add(finding: Kind): void {
    const key = keyOf(finding);
    const tally = this.#tallies.get(key);
    if (tally) this.#count(key, tally, finding);
    else if (this.#crowds?.isCrowded(finding)) this.#addFolded(this.#crowds, finding);
    else this.#begin(key, finding);
  }

  /** Raises what is left over of entities that are quiet at this time. */
  onTick(now: Micros): void {
    const last = this.#pauses.length - 1;
    for (const [key, tally] of this.#tallies) {
      const idle = now - tally.finding.time;
      if (idle >= (this.#pauses[tally.step] ?? 0) && tally.total > tally.raised) {
        this.#send(tally);
        tally.step = Math.min(last, tally.step + 1);
      }
      if (idle >= (this.#pauses[last] ?? 0)) this.#tallies.delete(key);
    }
  }

  finish(): void {
    this.onTick(Number.POSITIVE_INFINITY);
  }

  #addFolded(crowds: Crowds, finding: Kind): void {
    const folded = crowds.fold(finding, one => this.#tallies.has(keyOf(one)));
    const key = keyOf(folded);
    const tally = this.#tallies.get(key);
    if (tally) this.#count(key, tally, folded);
    else this.#begin(key, folded);
  }

  #count(key: string, tally: Tally<Kind>, finding: Kind): void {
    if (this.#tallies.size * 2 > this.#limit) {
      this.#tallies.delete(key);
      this.#tallies.set(key, tally);
    }
    const before = tally.total;
    tally.finding = finding;
    tally.total += finding.count ?? 1;
    if (passesPowerOfTen(before, tally.total)) this.#send(tally);
  }

  #begin(key: string, finding: Kind): void {
    const [oldest] = this.#tallies;
    if (oldest && this.#tallies.size >= this.#limit) {
      this.#send(oldest[1]);
      this.#tallies.delete(oldest[0]);
    }
    const tally = {finding, total: finding.count ?? 1, raised: 0, step: 0};
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
  return ({rule, level, time, entity, cause, fields}, reason, count) =>
    raise({rule, ...(level && {level}), time, entity, ...(cause && {cause}), reason, count, fields});
}

function keyOf({rule, host = '', cause = '', entity}: Finding): string {
  return `${rule.id} ${host} ${cause} ${entity}`;
}

/** A count that went from `before` to `now` reached another power of ten. */
export function passesPowerOfTen(before: number, now: number): boolean {
  if (before >= now) return false;
  return before < 1 || 10 ** Math.floor(Math.log10(now)) > before;
}
