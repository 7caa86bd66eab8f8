import type {Settings} from '../../config/settings.ts';
import {AlertGrouping, mostGroups} from '../../detect/alerts/grouping.ts';
import type {AlertGroup} from '../../event/alert-group.ts';
import type {Alert} from '../../event/event.ts';

/** More than grouping holds: what is beyond them can't change any more. */
const mostHeld = 2 * mostGroups;

/**
 * What was found in one file. A detector tells of one thing again and again, with how often it came since; here that is one
 * alert with its whole count. It is grouped as the monitor does, but nothing is folded: causes and entities stand alone.
 */
export class FileAlerts {
  readonly #grouping: AlertGrouping;
  /** The newest state of each, in the order in which they changed last. */
  readonly #held = new Map<string, AlertGroup>();

  constructor(settings: Settings['alerts']) {
    const limits = {fold_entities: Number.POSITIVE_INFINITY, storm_groups: Number.POSITIVE_INFINITY};
    // Groups are forgotten by their number alone: how long reading takes must not change what comes of it.
    this.#grouping = new AlertGrouping({...settings, ...limits}, () => 0, {causesApart: true});
  }

  /** Gives those that must make room; they are over. */
  add(alerts: readonly Alert[]): readonly AlertGroup[] {
    if (alerts.length === 0) return [];
    this.#grouping.add(alerts, 'read');
    const {alerts: changed, begun} = this.#grouping.takeChanges();
    const over: AlertGroup[] = [];
    // Grouping forgets sooner than is held here: what it begins anew may have the id of one that it has forgotten.
    for (const {id} of begun) {
      const other = this.#held.get(id);
      if (other) over.push(other);
    }
    for (const group of changed) {
      this.#held.delete(group.id);
      this.#held.set(group.id, group);
    }
    for (const [id, group] of this.#held) {
      if (this.#held.size <= mostHeld) break;
      this.#held.delete(id);
      over.push(group);
    }
    return over;
  }

  /** Gives all others, when the file is read. */
  end(): readonly AlertGroup[] {
    const rest = [...this.#held.values()];
    this.#held.clear();
    return rest;
  }
}
