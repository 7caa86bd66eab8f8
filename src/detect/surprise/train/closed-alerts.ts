import type {AlertChange} from '../../../event/alert-group.ts';
import {minute} from '../../../event/clock.ts';
import type {EcsRecord} from '../../../event/ecs.ts';
import type {Micros} from '../../../event/event.ts';
import {isoMicros} from '../../../event/iso-micros.ts';
import type {JudgedAlert} from '../verdict-head.ts';
import type {HistoryEvent} from './corpus.ts';

/** An alert that an analyst closed with a verdict. */
export interface ClosedAlert {
  readonly rule: string;
  readonly host: string;
  readonly verdict: NonNullable<AlertChange['verdict']>;
  /** The newest triggering event's own fields, with what the detector said of it. */
  readonly event: EcsRecord;
  /** One a minute in which it gained something: what came last in it. */
  readonly findings: readonly {readonly minute: Micros; readonly provider: string; readonly message: string}[];
}

/** What an analyst said of an entry. `alert` where the entry is the newest of a learned alert. */
export interface Verdict {
  readonly isTrue: boolean;
  readonly alert?: JudgedAlert;
}

interface Judged {
  readonly since: Micros;
  readonly until: Micros;
  readonly isTrue: boolean;
  readonly alert: JudgedAlert | undefined;
  used: boolean;
}

/** Finds the entries that closed alerts were raised on, by host, program, text and time. */
export class VerdictBook {
  /** By host, provider and message. */
  private readonly entries = new Map<string, Judged[]>();

  constructor(alerts: readonly ClosedAlert[]) {
    for (const alert of alerts) this.add(alert);
  }

  of(event: HistoryEvent): Verdict | undefined {
    if (this.entries.size === 0) return undefined;
    const found = this.entries.get(keyOf(event.host, event.provider, event.message));
    const matching = found?.filter(({since, until}) => since <= event.time && event.time < until) ?? [];
    if (matching.length === 0) return undefined;
    const isTrue = matching.some(judged => judged.isTrue);
    const own = matching.find(judged => judged.alert !== undefined && !judged.used && judged.isTrue === isTrue);
    if (!own?.alert) return {isTrue};
    own.used = true;
    return {isTrue, alert: own.alert};
  }

  private add({rule, host, verdict, event, findings}: ClosedAlert): void {
    const isTrue = verdict === 'true-positive';
    const since = isoMicros(String(event['@timestamp'] ?? ''));
    if (!Number.isNaN(since)) {
      const alert = rule.startsWith('surprise.') ? {rule, fields: event} : undefined;
      const judged = {since, until: since + 1, isTrue, alert, used: false};
      this.put(String(event['host.name'] ?? host), event['event.provider'], event.message, judged);
    }
    for (const finding of findings) {
      const judged = {since: finding.minute, until: finding.minute + minute, isTrue, alert: undefined, used: false};
      this.put(host, finding.provider, finding.message, judged);
    }
  }

  private put(host: string, provider: unknown, message: unknown, judged: Judged): void {
    if (typeof provider !== 'string' || typeof message !== 'string') return;
    const key = keyOf(host, provider, message);
    const known = this.entries.get(key);
    if (known) known.push(judged);
    else this.entries.set(key, [judged]);
  }
}

function keyOf(host: string, provider: string, message: string): string {
  return `${host}\n${provider}\n${message}`;
}
