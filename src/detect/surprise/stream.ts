import {hour} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import type {ModelPlace} from './live-model.ts';
import {SessionTrace} from './session/session-trace.ts';
import {SessionWatch, type SessionWatchSnapshot} from './session/session-watch.ts';
import type {SessionKey} from './session-key.ts';
import {type SessionTime, StreamSessions} from './sessions.ts';
import {beginSymbol} from './symbols.ts';
import {blankSpot, Spot, type SpotSnapshot} from './threshold.ts';
import {daysOf, FadedCount} from './values/faded-count.ts';

/** Events and event time that a stream is learned from before its surprise is measured by what is usual for it. */
export const leastEvents = 1_000;
const leastTime: Micros = hour;
/** The first events are all surprising; the threshold is calibrated on those after. */
const warmUp = 500;
export const contextLength = 4;
const recentLength = 10;
const hushedEvents = 10;
const maxSessions = 512;
const savedSessions = 64;
/** Events over which it is learned how often an entry does not belong to what stands before it, and the least share. */
const astrayMemory = 500;
const leastAstray = 0.002;
/** Live there are hundreds of streams: each remembers less of its sessions than a benchmark may. */
const watchOptions = {capacity: 512, vectors: 1_024, neighbours: 128} as const;
const watchesSaved = 20;

/** One session of a stream: what came, newest first in `context`, oldest first in `recent`. */
export interface Session extends SessionTime {
  readonly key: SessionKey;
  readonly context: number[];
  length: number;
  recent: number[];
  /** Events for which the newest alert still is in the context. */
  hush: number;
  place: ModelPlace | undefined;
  /** What is kept for when it ends; undefined where its begin was not seen. */
  trace: SessionTrace | undefined;
}

export interface StreamSnapshot {
  readonly host: string;
  readonly provider: string;
  readonly events: number;
  readonly first: Micros;
  readonly last: Micros;
  readonly astray: number;
  /** Entries, new symbols, alerts and ended sessions lately. */
  readonly counts: readonly (readonly [value: number, time: Micros])[];
  readonly spot: SpotSnapshot;
  readonly watch: SessionWatchSnapshot | null;
  /** Key, last, hush, then the newest symbols oldest first. */
  readonly sessions: readonly (readonly [SessionKey, Micros, number, ...number[]])[];
}

/** The entries of one program on one machine. */
export class Stream {
  readonly host: string;
  readonly provider: string;
  /** Names the stream in the n-gram: the same on every run. */
  readonly id: number;
  readonly spot = new Spot();
  readonly sessions: StreamSessions<Session>;
  /** What whole sessions are like; begun with the first that ends. */
  watch: SessionWatch | undefined;
  events = 0;
  first: Micros = 0;
  last: Micros = 0;
  private astray = leastAstray;
  private readonly lately = new FadedCount();
  private readonly fresh = new FadedCount();
  private readonly alerts = new FadedCount();
  private readonly ended = new FadedCount();

  constructor(host: string, provider: string, ended: (stream: Stream, session: Session) => void) {
    this.host = host;
    this.provider = provider;
    this.id = hash32(`${host}\n${provider}`);
    this.sessions = new StreamSessions<Session>(maxSessions, beginSession, (session, how) => {
      if (how === 'quiet') ended(this, session);
    });
  }

  get entity(): string {
    return `${this.host}/${this.provider}`;
  }

  /** 0–1: how far the stream is from having a measure of its own. */
  get progress(): number {
    return Math.min(1, this.events / leastEvents, (this.last - this.first) / leastTime);
  }

  get ready(): boolean {
    return this.progress >= 1 && this.spot.ready;
  }

  count(time: Micros): void {
    if (this.events === 0) this.first = time;
    this.events += 1;
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    this.lately.add(time);
  }

  /** Learns how surprising the stream usually is. */
  learnSurprise(nats: number): void {
    if (this.events > warmUp) this.spot.learn(nats);
  }

  /** How seldom a surprise of so many nats comes here: the logarithm of the days between two. */
  seldom(nats: number): number {
    const rarity = this.ready ? this.spot.rarity(nats) : nats;
    return Math.min(nats, rarity) - Math.log(this.perDay(this.lately));
  }

  /** Notes that a symbol is new, and says how seldom one was: the logarithm of the days between two. */
  noteNew(time: Micros): number {
    const perDay = (0.5 + this.fresh.at(time)) / daysOf(time - this.first);
    this.fresh.add(time);
    return -Math.log(perDay);
  }

  /** Notes that a session ended. */
  noteEnd(time: Micros): void {
    this.watch ??= new SessionWatch(watchOptions);
    this.ended.add(time);
  }

  /** How seldom a session is as odd as this verdict says. */
  seldomSession(nats: number): number {
    // More than the sessions held can show is the tail's guess.
    const shown = Math.log(1 + (this.watch?.size ?? 0));
    return Math.min(nats, shown) - Math.log(this.perDay(this.ended));
  }

  noteAlert(time: Micros): void {
    this.alerts.add(time);
  }

  /** How many alerts the stream had lately. */
  alertsLately(time: Micros): number {
    return this.alerts.at(time);
  }

  /**
   * Surprise of a symbol of which its context says `context` and its frequency `alone`, in nats. In the log of a program
   * that does several things at once, an entry may belong to another of them: with the probability that this happened
   * lately it comes as often as ever, whatever stands before it.
   */
  mixed(context: number, alone: number): number {
    const within = (1 - this.astray) * Math.exp(-context);
    const without = this.astray * Math.exp(-alone);
    const share = without / (within + without);
    this.astray = Math.max(leastAstray, this.astray + (share - this.astray) / astrayMemory);
    return -Math.log(within + without);
  }

  /** What was learned is gone for want of room: begins to learn again. */
  startOver(): void {
    this.events = 0;
    this.first = 0;
    this.spot.restore(blankSpot);
  }

  snapshot(): StreamSnapshot {
    const {host, provider, events, first, last, astray, watch} = this;
    const sessions = [...this.sessions.entries()]
      .slice(-savedSessions)
      .map(([key, {last: at, hush, recent}]) => [key, at, hush, ...recent.slice(-contextLength)] as const);
    return {
      host,
      provider,
      events,
      first,
      last,
      astray,
      counts: [this.lately, this.fresh, this.alerts, this.ended].map(count => count.snapshot()),
      spot: this.spot.snapshot(),
      watch: watch && watch.size >= watchesSaved ? watch.snapshot() : null,
      sessions,
    };
  }

  restore(snapshot: StreamSnapshot): void {
    this.events = snapshot.events;
    this.first = snapshot.first;
    this.last = snapshot.last;
    this.astray = snapshot.astray;
    [this.lately, this.fresh, this.alerts, this.ended].forEach((count, at) => {
      count.restore(snapshot.counts[at] ?? [0, 0]);
    });
    this.spot.restore(snapshot.spot);
    if (snapshot.watch) {
      this.watch = new SessionWatch(watchOptions);
      this.watch.restore(snapshot.watch);
    }
    for (const [key, last, hush, ...recent] of snapshot.sessions) {
      const session = beginSession(key);
      for (const symbol of recent) remember(session, symbol);
      session.last = last;
      session.hush = hush;
      session.trace = undefined;
      this.sessions.add(key, session);
    }
  }

  private perDay(count: FadedCount): number {
    return Math.max(0.1, count.at(this.last) / daysOf(this.last - this.first));
  }
}

/** Adds a symbol to what a session remembers. */
export function remember(session: Session, symbol: number): void {
  const {context} = session;
  for (let at = contextLength - 1; at > 0; at--) context[at] = context[at - 1] ?? 0;
  context[0] = symbol;
  session.length = Math.min(contextLength, session.length + 1);
  session.recent.push(symbol);
  if (session.recent.length > recentLength) session.recent.shift();
}

/** After an alert its symbol stays in the session's context for a while, and makes what follows look strange too. */
export function hush(session: Session): void {
  session.hush = hushedEvents;
}

/** Makes the session one that has just begun. */
export function restart(session: Session): void {
  session.context.fill(0);
  session.context[0] = beginSymbol;
  session.length = 1;
  session.recent = [];
  session.hush = 0;
  session.place = undefined;
  session.trace = new SessionTrace();
}

function beginSession(key: SessionKey): Session {
  const context = new Array<number>(contextLength).fill(0);
  context[0] = beginSymbol;
  const trace = key === '' ? undefined : new SessionTrace();
  return {key, last: 0, context, length: 1, recent: [], hush: 0, place: undefined, trace};
}

function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
