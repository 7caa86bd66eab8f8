import {day, minute} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';
import {BoundedMap} from '../../bounded-map.ts';
import {packInts, unpackInts} from '../packed.ts';
import {daysOf, FadedCount} from '../values/faded-count.ts';
import {valueHash} from '../values/words.ts';
import {type Entity, type EntityKind, familyOf} from './entity.ts';

/** What a machine has when watching begins is no news: for so long names are taken down only. */
const inventory: Micros = day;
/** New ones of a kind within such a time are one occasion: a package brings several units, a start of the machine all. */
const occasion: Micros = 10 * minute;
const maxHosts = 200;
/** A kind with more names than this says nothing by a new one. */
const maxNames = 4_000;
/** New accounts that no key opened yet. */
const maxWithoutKey = 50;

/** Host, first time, then kind, new ones lately, newest of them, packed names; last the new accounts that had no key yet. */
export type EntitiesSnapshot = readonly (readonly [
  host: string,
  first: Micros,
  kinds: readonly (readonly [EntityKind, readonly [number, Micros], Micros, string])[],
  withoutKey?: readonly string[],
])[];

interface Kind {
  readonly names: Set<number>;
  readonly fresh: FadedCount;
  newest: Micros;
}

interface Host {
  readonly first: Micros;
  readonly kinds: Map<EntityKind, Kind>;
  /** Accounts that were new here and that no key opened yet. */
  readonly withoutKey: Set<string>;
}

/** Something that was never met on its machine before. */
export interface NewEntity {
  /** The logarithm of the days between two occasions on which something of the kind was new. */
  readonly seldom: number;
  /** How many of the kind are known. */
  readonly known: number;
}

/**
 * Which units, jobs, accounts, modules and the like each machine has. A new one is judged among its own kind, by how
 * often that had new ones lately, so that it does not drown in a program that writes much.
 */
export class EntityMemory {
  private readonly hosts = new BoundedMap<string, Host>(maxHosts);

  /**
   * Notes that the host is watched; `found` is what its entry names, `isHere` that it was there before it was named.
   * Says what there is to say of one that is new.
   */
  note(host: string, time: Micros, found: Entity | undefined, isHere = false): NewEntity | undefined {
    const place = this.hosts.getOrAdd(host, () => ({first: time, kinds: new Map(), withoutKey: new Set()}));
    if (!found) return undefined;
    const kind = kindOf(place, familyOf(found.kind));
    const name = identityOf(found);
    if (kind.names.has(name) || kind.names.size >= maxNames) return undefined;
    kind.names.add(name);
    const age = time - place.first - inventory;
    if (age < 0 || isHere || opensNewAccount(place, found)) return undefined;
    const before = kind.newest;
    kind.newest = Math.max(before, time);
    if (Math.abs(time - before) < occasion) return undefined;
    const seldom = -Math.log((0.5 + kind.fresh.at(time)) / daysOf(age));
    kind.fresh.add(time);
    return {seldom, known: kind.names.size - 1};
  }

  knows(host: string, {kind, name}: Entity): boolean {
    const known = this.hosts.peek(host)?.kinds.get(familyOf(kind));
    return known?.names.has(identityOf({kind, name})) ?? false;
  }

  snapshot(): EntitiesSnapshot {
    return [...this.hosts.entries()].map(([host, {first, kinds, withoutKey}]) => [
      host,
      first,
      [...kinds].map(
        ([kind, {names, fresh, newest}]) => [kind, fresh.snapshot(), newest, packInts(Int32Array.from(names))] as const,
      ),
      [...withoutKey],
    ]);
  }

  restore(snapshot: EntitiesSnapshot): void {
    for (const [host, first, kinds, withoutKey] of snapshot) {
      const place: Host = {first, kinds: new Map(), withoutKey: new Set(withoutKey)};
      for (const [name, fresh, newest, names] of kinds) {
        const kind: Kind = {names: new Set(unpackInts(names)), fresh: new FadedCount(), newest};
        kind.fresh.restore(fresh);
        place.kinds.set(name, kind);
      }
      this.hosts.set(host, place);
    }
  }
}

/** What is run daily and weekly is one job: a machine's weekly ones first show after days. */
function identityOf({kind, name}: Entity): number {
  return valueHash(`${kind} ${kind === 'job' ? name.replace(times, '*') : name}`);
}

const times = /(?<![\w-])(?:hourly|daily|weekly|monthly|quarterly|yearly)(?![\w-])/g;

/** A new account is given its first key: that is no more news than the account was. */
function opensNewAccount({withoutKey}: Host, {kind, name, owner}: Entity): boolean {
  if (kind === 'account' && withoutKey.size < maxWithoutKey) withoutKey.add(name);
  return kind === 'key' && owner !== undefined && withoutKey.delete(owner);
}

function kindOf({kinds}: Host, name: EntityKind): Kind {
  const known = kinds.get(name);
  if (known) return known;
  const kind: Kind = {names: new Set(), fresh: new FadedCount(), newest: 0};
  kinds.set(name, kind);
  return kind;
}
