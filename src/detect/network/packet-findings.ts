import type {SensorAlert} from '../../capture/packets/messages.ts';
import type {FieldValue, Micros, Rule} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';

/** One more packet (or port, or host) that a rule is about. */
export interface PacketFinding {
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
  finding: PacketFinding;
  total: number;
  raised: number;
  /** What is left over is raised after so long a pause: a minute, then ten, then an hour. */
  pause: Micros;
}

/** Of one rule within ten minutes: more things than this are told as one, for whoever forges senders has a million. */
const mostEntities = 20;
const crowdWindow = 600_000_000;

interface Crowd {
  begun: Micros;
  entities: number;
}

const firstPause = 60_000_000;
const longestPause = 3_600_000_000;

/**
 * Of the sensor: makes one alert of each (rule, cause, entity): raised at the first finding and again at each power of ten, with how many
 * came since. What is left is raised once it was quiet for a minute, so the counts add up; if it goes on after that, once
 * it was quiet for longer. Forgotten after an hour. When one rule is about ever more things, the further ones are one
 * alert about whom they strike. Bounded: the entity that was quiet longest makes room.
 */
export class PacketFindings {
  readonly #raise: (alert: SensorAlert) => void;
  readonly #limit: number;
  readonly #tallies = new Map<string, Tally>();
  readonly #crowds = new Map<string, Crowd>();

  constructor(raise: (alert: SensorAlert) => void, limit = 4096) {
    this.#raise = raise;
    this.#limit = limit;
  }

  add(finding: PacketFinding): void {
    const key = keyOf(finding);
    const tally = this.#tallies.get(key);
    if (tally) this.#count(key, tally, finding);
    else if (this.#isCrowded(finding)) this.#addToCrowd(finding);
    else this.#begin(key, finding);
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

  #count(key: string, tally: Tally, finding: PacketFinding): void {
    if (this.#tallies.size * 2 > this.#limit) {
      this.#tallies.delete(key);
      this.#tallies.set(key, tally);
    }
    const before = tally.total;
    tally.finding = finding;
    tally.total += finding.count ?? 1;
    if (passesPowerOfTen(before, tally.total)) this.#send(tally);
  }

  #isCrowded({rule, time}: PacketFinding): boolean {
    const crowd = this.#crowds.get(rule.id);
    if (!crowd || Math.abs(time - crowd.begun) > crowdWindow) {
      this.#crowds.set(rule.id, {begun: time, entities: 1});
      return false;
    }
    crowd.entities++;
    return crowd.entities > mostEntities;
  }

  /** About the receiver where there is one; where receivers are many too, about the interface. */
  #addToCrowd(finding: PacketFinding): void {
    const {fields, entity} = finding;
    const place = String(fields['observer.ingress.interface.name'] ?? 'the network');
    const struck = fields['destination.ip'];
    const reason = (total: number) => `One of many: ${finding.reason(total)}`;
    const about = (thing: string): PacketFinding => ({...finding, entity: thing, cause: 'many', reason});
    const byVictim = about(typeof struck === 'string' && struck !== entity ? struck : place);
    const isKnown = this.#tallies.has(keyOf(byVictim));
    const crowd = this.#crowds.get(finding.rule.id);
    const folded = isKnown || (crowd?.entities ?? 0) <= mostEntities * 2 ? byVictim : about(place);
    const tally = this.#tallies.get(keyOf(folded));
    if (tally) this.#count(keyOf(folded), tally, folded);
    else this.#begin(keyOf(folded), folded);
  }

  #begin(key: string, finding: PacketFinding): void {
    const [oldest] = this.#tallies;
    if (oldest && this.#tallies.size >= this.#limit) {
      this.#send(oldest[1]);
      this.#tallies.delete(oldest[0]);
    }
    const tally: Tally = {finding, total: finding.count ?? 1, raised: 0, pause: firstPause};
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

function keyOf({rule, cause, entity}: PacketFinding): string {
  return `${rule.id} ${cause ?? ''} ${entity}`;
}

/** A count that went from `before` to `now` reached another power of ten. */
export function passesPowerOfTen(before: number, now: number): boolean {
  if (before >= now) return false;
  return before < 1 || 10 ** Math.floor(Math.log10(now)) > before;
}
