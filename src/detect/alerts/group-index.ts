import type {Micros} from '../../event/event.ts';
import type {OpenGroup} from './open-group.ts';

/**
 * The groups that may still grow, found by key and event time. Several groups of one key may be open at once: backfill
 * adds to last Tuesday's while live adds to today's.
 */
export class GroupIndex {
  readonly #quiet: Micros;
  readonly #byKey = new Map<string, OpenGroup[]>();
  /** In the order of their newest addition. */
  readonly #byId = new Map<string, OpenGroup>();

  constructor(quiet: Micros) {
    this.#quiet = quiet;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): OpenGroup | undefined {
    return this.#byId.get(id);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** The group nearest in time that `time` is less than a quiet period away from. Closed groups are never given. */
  find(key: string, time: Micros): OpenGroup | undefined {
    let nearest: OpenGroup | undefined;
    let least = this.#quiet;
    for (const group of this.#byKey.get(key) ?? []) {
      if (group.status === 'closed') continue;
      const distance = distanceTo(group, time);
      if (distance >= least) continue;
      nearest = group;
      least = distance;
    }
    return nearest;
  }

  insert(group: OpenGroup): void {
    const {id, key} = group.identity;
    const same = this.#byKey.get(key);
    if (same) same.push(group);
    else this.#byKey.set(key, [group]);
    this.#byId.set(id, group);
  }

  touch(group: OpenGroup, now: Micros): void {
    group.touched = now;
    this.#byId.delete(group.identity.id);
    this.#byId.set(group.identity.id, group);
  }

  /** Forgets groups that nothing was added to since `before`, and the oldest of those beyond `most`. */
  forget(before: Micros, most: number, now: Micros): void {
    for (const group of this.#byId.values()) {
      const crowded = this.#byId.size > most;
      if (!crowded && group.touched >= before) return;
      if (!crowded && group.suppressedUntil > now) continue;
      this.#remove(group);
    }
  }

  *changed(): Generator<OpenGroup> {
    for (const group of this.#byId.values()) if (group.changed) yield group;
  }

  #remove(group: OpenGroup): void {
    const {id, key} = group.identity;
    this.#byId.delete(id);
    const rest = (this.#byKey.get(key) ?? []).filter(other => other !== group);
    if (rest.length > 0) this.#byKey.set(key, rest);
    else this.#byKey.delete(key);
  }
}

function distanceTo(group: OpenGroup, time: Micros): Micros {
  if (time < group.first) return group.first - time;
  if (time <= group.last || time < group.suppressedUntil) return 0;
  return time - group.last;
}
