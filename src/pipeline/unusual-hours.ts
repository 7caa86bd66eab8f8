import type {AlertGroup} from '../event/alert-group.ts';
import {hour} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';

const keptHours = 48;
const mostShown = 3;
const mostKept = 50;

/** In which hours the learned model found something, and what: for the marks in the chart of anomalies. */
export class UnusualHours {
  /** What was found, by alert, by hour. */
  private readonly hours = new Map<Micros, Map<string, string>>();

  /** Takes an alert of the learned model as it now stands, and says whether it was one. */
  note(alert: AlertGroup): boolean {
    const {id, rule, first, last} = alert;
    if (!rule.startsWith('surprise.')) return false;
    const text = textOf(alert);
    for (const time of [first, last]) {
      // What is measured is told of when its minute or hour is over.
      const start = Math.floor((isMeasured(rule) ? time - 1 : time) / hour) * hour;
      const found = this.hours.get(start) ?? new Map<string, string>();
      if (found.size < mostKept) this.hours.set(start, found.set(id, text));
    }
    this.forget();
    return true;
  }

  /** Why an hour is marked, in a few words; '' where it is not. */
  why(start: Micros): string {
    const found = [...(this.hours.get(start)?.values() ?? [])];
    if (found.length === 0) return '';
    const more = found.length > mostShown ? `; ${found.length - mostShown} more` : '';
    return found.slice(0, mostShown).join('; ') + more;
  }

  private forget(): void {
    if (this.hours.size <= keptHours) return;
    const oldest = Math.min(...this.hours.keys());
    this.hours.delete(oldest);
  }
}

/** What came, for what is measured; for all else what it is. */
function textOf({rule, ruleName, entity, reason}: AlertGroup): string {
  if (isMeasured(rule)) return reason.split('. Expected', 1)[0] ?? '';
  return `${entity}: ${ruleName.charAt(0).toLowerCase()}${ruleName.slice(1)}`;
}

function isMeasured(rule: string): boolean {
  return rule === 'surprise.metric' || rule === 'surprise.count';
}
