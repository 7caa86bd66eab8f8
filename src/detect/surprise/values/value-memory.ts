import type {LogEvent} from '../../../event/event.ts';
import {packInts, unpackInts} from '../packed.ts';
import {networkOf} from './network-of.ts';
import {Statement} from './statement.ts';
import {maxWords, valueHash, Words} from './words.ts';

/** What is unusual about the values of an entry, apart from which statement wrote it and after what. */
export interface Unusual {
  /** How surprising its values are, in nats; 0 where none is new. */
  readonly valueNats: number;
  /** The most surprising of them, as a person reads it; '' where there is none. */
  readonly value: string;
  /** How surprising its hour of the day is, in nats. */
  readonly hourNats: number;
  readonly hour: string;
}

/** Host, statement, user ('' for all of them), then numbers. */
export type ValuesSnapshot = readonly (readonly [host: string, symbol: number, user: string, packed: string])[];

const maxStatements = 8_000;
const maxValues = 200_000;
const maxKnownLines = 20_000;
/** The place of the network that the entry names, after those of the words. */
const networkSlot = maxWords;
/** A user is known to a statement from here on: names that strangers make up are not worth remembering. */
const knownUser = 3;
const none: Unusual = {valueNats: 0, value: '', hourNats: 0, hour: ''};

interface Family {
  readonly all: Statement;
  readonly users: Map<string, Statement>;
}

/**
 * What values the statements of every machine's logs have: the words of the message place by place, the network of the
 * address, and the hour of the day, of everybody and of each user. New values are common in some places and news in
 * others; each place tells by how often it had new ones lately. Lines that differ in long numbers only are looked at
 * once.
 */
export class ValueMemory {
  private readonly hosts = new Map<string, Map<number, Family>>();
  private readonly words = new Words();
  private known = new Set<number>();
  private knownBefore = new Set<number>();
  private statements = 0;
  private values = 0;
  private clock = 0;

  get size(): {readonly statements: number; readonly values: number} {
    return {statements: this.statements, values: this.values};
  }

  /** Learns the entry's values; says what is unusual about them. */
  observe(host: string, symbol: number, event: LogEvent): Unusual {
    const {all, users} = this.family(host, symbol);
    const own = event.user === undefined ? undefined : this.userPart(users, event.user, all);
    const parts = own ? [all, own] : [all];
    for (const part of parts) {
      part.count += 1;
      part.used = ++this.clock;
    }
    const hours = own && own.count > all.count / 50 ? own : all;
    const hourNats = hours.hours.nats(event.time);
    const hour = hourNats > 0 ? hourText(hours, event, own !== undefined) : '';
    for (const part of parts) part.hours.learn(event.time);
    const value = this.newValue(parts, symbol, event);
    if (!value && hourNats === 0) return none;
    return {valueNats: value?.nats ?? 0, value: value?.text ?? '', hourNats, hour};
  }

  snapshot(): ValuesSnapshot {
    const rows: [string, number, string, string][] = [];
    for (const [host, families] of this.hosts) {
      for (const [symbol, {all, users}] of families) {
        rows.push([host, symbol, '', packInts(all.snapshot())]);
        for (const [user, part] of users) rows.push([host, symbol, user, packInts(part.snapshot())]);
      }
    }
    return rows;
  }

  restore(snapshot: ValuesSnapshot): void {
    this.hosts.clear();
    this.forgetLines();
    this.statements = 0;
    this.values = 0;
    for (const [host, symbol, user, packed] of snapshot) {
      const {all, users} = this.family(host, symbol);
      const part = user === '' ? all : this.addUser(users, user);
      part.restore(unpackInts(packed));
      this.values += part.size;
    }
  }

  private newValue(
    parts: readonly Statement[],
    symbol: number,
    event: LogEvent,
  ): {readonly nats: number; readonly text: string} | undefined {
    const {words} = this;
    const address = event.fields?.['source.ip'];
    const network = typeof address === 'string' ? networkOf(address) : undefined;
    words.read(event.message, saltOf(symbol, network, event.user));
    if (this.known.has(words.whole) || this.knownBefore.has(words.whole)) return undefined;
    this.rememberLine(words.whole);
    let best: {readonly nats: number; readonly text: string} | undefined;
    for (const part of parts) {
      const whose = part === parts[0] ? '' : ` for ${event.user}`;
      const before = part.size;
      for (let index = 0; index < words.count; index++) {
        const nats = part.slot(index).learn(words.hashes[index] ?? 0, part.count);
        if (nats > (best?.nats ?? 0)) best = {nats, text: newText(shortened(words.word(index)), whose, part)};
      }
      if (network !== undefined) {
        const nats = part.slot(networkSlot).learn(valueHash(network), part.count);
        if (nats > (best?.nats ?? 0)) best = {nats, text: newText(`the network ${network}`, whose, part)};
      }
      this.values += part.size - before;
    }
    if (this.values > maxValues) this.evict();
    return best;
  }

  private family(host: string, symbol: number): Family {
    const families = this.hosts.get(host) ?? new Map<number, Family>();
    if (families.size === 0) this.hosts.set(host, families);
    const known = families.get(symbol);
    if (known) return known;
    if (this.statements >= maxStatements) this.evict();
    const family = {all: new Statement(), users: new Map<string, Statement>()};
    family.all.used = ++this.clock;
    families.set(symbol, family);
    this.statements += 1;
    return family;
  }

  /** The user's part of the statement; undefined for one who is a stranger to it. */
  private userPart(users: Map<string, Statement>, user: string, all: Statement): Statement | undefined {
    const known = users.get(user);
    if (known) return known;
    // Where users are few, each has a part from the first time on.
    if (users.size >= Math.max(knownUser, all.count / 10)) return undefined;
    if (this.statements >= maxStatements) this.evict();
    return this.addUser(users, user);
  }

  private addUser(users: Map<string, Statement>, user: string): Statement {
    const part = new Statement();
    part.used = ++this.clock;
    users.set(user, part);
    this.statements += 1;
    return part;
  }

  private rememberLine(key: number): void {
    if (this.known.size >= maxKnownLines) {
      this.knownBefore = this.known;
      this.known = new Set();
    }
    this.known.add(key);
  }

  private forgetLines(): void {
    this.known.clear();
    this.knownBefore.clear();
  }

  /** Drops the quarter of the statements that were met longest ago. */
  private evict(): void {
    const times: number[] = [];
    for (const families of this.hosts.values()) {
      for (const {all, users} of families.values()) times.push(all.used, ...[...users.values()].map(({used}) => used));
    }
    const limit = Float64Array.from(times).sort()[Math.floor(times.length / 4)] ?? 0;
    this.statements = 0;
    this.values = 0;
    for (const [host, families] of this.hosts) {
      for (const [symbol, {all, users}] of families) {
        if (all.used <= limit) {
          families.delete(symbol);
          continue;
        }
        for (const [user, part] of users) if (part.used <= limit) users.delete(user);
        for (const part of [all, ...users.values()]) this.values += part.size;
        this.statements += 1 + users.size;
      }
      if (families.size === 0) this.hosts.delete(host);
    }
    this.forgetLines();
  }
}

function saltOf(symbol: number, network: string | undefined, user: string | undefined): number {
  return Math.imul(valueHash(network ?? ''), 0x9e3779b1) ^ valueHash(user ?? '') ^ Math.imul(symbol, 0x85ebca6b);
}

function newText(value: string, whose: string, {count}: Statement): string {
  return `${value} is new at its place${whose}, in ${count.toLocaleString('en')} entries`;
}

function hourText({hours}: Statement, {time, user}: LogEvent, own: boolean): string {
  const {here, ever} = hours.seen(time);
  const whose = own ? ` for ${user}` : '';
  return `around this hour it came ${here} of ${ever.toLocaleString('en')} times before${whose}`;
}

function shortened(word: string): string {
  return `“${word.length > 60 ? `${word.slice(0, 59)}…` : word}”`;
}
