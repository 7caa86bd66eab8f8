import type {LogEvent, Micros} from '../../../event/event.ts';
import {packInts, unpackInts} from '../packed.ts';
import {type EventValue, eventSlots, eventValues} from './event-values.ts';
import {hourSurprise} from './hour-profile.ts';
import {Statement} from './statement.ts';
import {valueHash, Words} from './words.ts';

/** What is unusual about the values of an entry, apart from which statement wrote it and after what. */
export interface Unusual {
  /** How surprising its values are, in nats; 0 where none is new. */
  readonly valueNats: number;
  /** The most surprising of them, as a person reads it; '' where there is none. */
  readonly value: string;
  /** How much rarer its hour of the day is than an hour is on average, in nats. */
  readonly hourNats: number;
  readonly hour: string;
}

/** Host, place (a program's number, or a statement's), user ('' for all of them), then packed numbers. */
export type ValuesSnapshot = readonly (readonly [host: string, place: number, user: string, packed: string])[];

const maxStatements = 8_000;
const maxValues = 200_000;
const maxKnownLines = 20_000;
/** Programs' numbers are made larger than any statement's. */
const programs = 2 ** 33;
/** A user is known to a statement from here on: names that strangers make up are not worth remembering. */
const fewUsers = 3;

/** A statement or a program, as a whole and by user. */
interface Family {
  readonly all: Statement;
  readonly users: Map<string, Statement>;
}

interface Best {
  nats: number;
  text: () => string;
}

/**
 * What values the entries of every machine's logs have: the words of a statement's message place by place, who, from
 * where and with what for each program, and the hour of the day; of everybody and of each user. New values are common
 * in some places and news in others: each place tells by how often it had new ones lately. Lines that differ in long
 * numbers only are looked at once.
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

  /** Learns the values of an entry of this program (any 32-bit number) and statement; says what is unusual about them. */
  observe(host: string, program: number, symbol: number, event: LogEvent): Unusual {
    const {time, user} = event;
    const around = this.family(host, program + programs);
    const own = this.family(host, symbol);
    const parts = [around.all, this.userPart(around, user), own.all, this.userPart(own, user)] as const;
    const best: Best = {nats: 0, text: () => ''};
    this.learnValues(parts, symbol, event, best);
    const hourNats = hourSurprise(hourProbability(parts, time));
    const hour = hourNats > 0 ? hourText(parts[3] ?? own.all, event, parts[3] !== undefined) : '';
    for (const part of parts) part?.note(time);
    return {valueNats: best.nats, value: best.text(), hourNats, hour};
  }

  snapshot(): ValuesSnapshot {
    const rows: [string, number, string, string][] = [];
    for (const [host, families] of this.hosts) {
      for (const [place, {all, users}] of families) {
        rows.push([host, place, '', packInts(all.snapshot())]);
        for (const [user, part] of users) rows.push([host, place, user, packInts(part.snapshot())]);
      }
    }
    return rows;
  }

  restore(snapshot: ValuesSnapshot): void {
    this.hosts.clear();
    this.forgetLines();
    this.statements = 0;
    this.values = 0;
    for (const [host, place, user, packed] of snapshot) {
      const family = this.family(host, place);
      const part = user === '' ? family.all : this.addUser(family, user);
      part.restore(unpackInts(packed));
      this.values += part.size;
    }
  }

  private learnValues(parts: Parts, symbol: number, event: LogEvent, best: Best): void {
    const {words} = this;
    const values = eventValues(event);
    words.read(event.message, saltOf(symbol, values));
    if (this.known.has(words.whole) || this.knownBefore.has(words.whole)) return;
    this.rememberLine(words.whole);
    const [program, programUser, statement, statementUser] = parts;
    for (const part of [program, programUser]) {
      if (!part) continue;
      const whose = part === programUser ? ` for ${event.user}` : '';
      const before = part.size;
      for (const {slot, what, value} of values) {
        const nats = part.learn(slot, valueHash(value), event.time);
        if (nats > best.nats)
          note(best, nats, () => newText(`${what} ${shortened(value)}`, event.provider, whose, part));
      }
      this.values += part.size - before;
    }
    for (const part of [statement, statementUser]) {
      if (!part) continue;
      const whose = part === statementUser ? ` for ${event.user}` : '';
      const before = part.size;
      for (let index = 0; index < words.count; index++) {
        const nats = part.learn(eventSlots + index, words.hashes[index] ?? 0, event.time);
        const word = words.word(index);
        if (nats > best.nats) note(best, nats, () => newText(shortened(word), 'its statement', whose, part));
      }
      this.values += part.size - before;
    }
    if (this.values > maxValues) this.evict();
  }

  private family(host: string, place: number): Family {
    const families = this.hosts.get(host) ?? new Map<number, Family>();
    if (families.size === 0) this.hosts.set(host, families);
    const known = families.get(place);
    if (known) {
      known.all.used = ++this.clock;
      return known;
    }
    if (this.statements >= maxStatements) this.evict();
    const family = {all: new Statement(), users: new Map<string, Statement>()};
    family.all.used = ++this.clock;
    families.set(place, family);
    this.statements += 1;
    return family;
  }

  /** The user's part; undefined for one who is a stranger where strangers are many. */
  private userPart(family: Family, user: string | undefined): Statement | undefined {
    if (user === undefined) return undefined;
    const known = family.users.get(user);
    if (known) {
      known.used = ++this.clock;
      return known;
    }
    if (family.users.size >= Math.max(fewUsers, family.all.count / 10)) return undefined;
    if (this.statements >= maxStatements) this.evict();
    return this.addUser(family, user);
  }

  private addUser({users}: Family, user: string): Statement {
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
      for (const [place, {all, users}] of families) {
        if (all.used <= limit) {
          families.delete(place);
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

/** The program, the user's part of it, the statement, and the user's part of that. */
type Parts = readonly [Statement, Statement | undefined, Statement, Statement | undefined];

/** From the widest circle to the closest. */
function hourProbability(parts: Parts, time: Micros): number {
  let probability: number | undefined;
  for (const part of parts) if (part) probability = part.hours.probability(time, probability);
  return probability ?? 1;
}

function note(best: Best, nats: number, text: () => string): void {
  best.nats = nats;
  best.text = text;
}

function saltOf(symbol: number, values: readonly EventValue[]): number {
  let salt = Math.imul(symbol, 0x85ebca6b);
  for (const {slot, value} of values) salt = Math.imul(salt ^ valueHash(value) ^ slot, 0x9e3779b1);
  return salt;
}

function newText(value: string, where: string, whose: string, {count}: Statement): string {
  return `${value} is new in ${where}${whose}, after ${count.toLocaleString('en')} entries`;
}

function hourText({hours}: Statement, {time, user}: LogEvent, own: boolean): string {
  const {here, ever} = hours.seen(time);
  return `around this hour it came ${here} of ${ever.toLocaleString('en')} times before${own ? ` for ${user}` : ''}`;
}

function shortened(word: string): string {
  return `“${word.length > 60 ? `${word.slice(0, 59)}…` : word}”`;
}
