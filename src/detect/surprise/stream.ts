import {day, hour} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import {FieldValues, type ValuesSnapshot} from './field-values.ts';
import type {ModelPlace} from './live-model.ts';
import type {SessionKey} from './session-key.ts';
import {type SessionTime, StreamSessions} from './sessions.ts';
import {beginSymbol} from './symbols.ts';
import {blankSpot, Spot, type SpotSnapshot} from './threshold.ts';

/** Events and event time that a stream is learned from before it may alert. */
export const leastEvents = 1_000;
const leastTime: Micros = hour;
/** The first events are all surprising; the threshold is calibrated on those after. */
const warmUp = 500;
/** A stream has stopped producing new symbols when none came for this many events and an hour. */
const settledEvents = 500;
export const contextLength = 4;
const recentLength = 10;
const maxSessions = 512;
const savedSessions = 64;

/** One session of a stream: what came, newest first in `context`, oldest first in `recent`. */
export interface Session extends SessionTime {
  readonly key: SessionKey;
  readonly context: number[];
  length: number;
  recent: number[];
  /** Events for which the newest alert still is in the context. */
  hush: number;
  place: ModelPlace | undefined;
}

export interface StreamSnapshot {
  readonly host: string;
  readonly provider: string;
  readonly events: number;
  readonly first: Micros;
  readonly last: Micros;
  readonly newestAt: number;
  readonly newestTime: Micros;
  readonly spot: SpotSnapshot;
  readonly values: ValuesSnapshot;
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
  readonly values = new FieldValues();
  readonly sessions: StreamSessions<Session>;
  events = 0;
  first: Micros = 0;
  last: Micros = 0;
  private newestAt = 0;
  private newestTime: Micros = 0;

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

  /** 0–1: how far the stream is from being judged. */
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
  }

  /** Learns how surprising the stream usually is. */
  learnSurprise(nats: number): void {
    if (this.events > warmUp) this.spot.learn(nats);
  }

  /** Notes that a symbol is new, and says for how long the stream had stopped producing such. */
  noteNew(time: Micros): 'no' | 'hour' | 'day' {
    const events = this.events - this.newestAt;
    const quiet = time - this.newestTime;
    this.newestAt = this.events;
    this.newestTime = Math.max(this.newestTime, time);
    if (events > settledEvents * 4 && quiet > day) return 'day';
    return events > settledEvents && quiet > hour ? 'hour' : 'no';
  }

  /** What was learned is gone for want of room: begins to learn again. */
  startOver(): void {
    this.events = 0;
    this.first = 0;
    this.newestAt = 0;
    this.spot.restore(blankSpot);
  }

  snapshot(): StreamSnapshot {
    const {host, provider, events, first, last, newestAt, newestTime} = this;
    const sessions = [...this.sessions.entries()]
      .slice(-savedSessions)
      .map(([key, {last: at, hush, recent}]) => [key, at, hush, ...recent.slice(-contextLength)] as const);
    const spot = this.spot.snapshot();
    return {host, provider, events, first, last, newestAt, newestTime, spot, values: this.values.snapshot(), sessions};
  }

  restore(snapshot: StreamSnapshot): void {
    this.events = snapshot.events;
    this.first = snapshot.first;
    this.last = snapshot.last;
    this.newestAt = snapshot.newestAt;
    this.newestTime = snapshot.newestTime;
    this.spot.restore(snapshot.spot);
    this.values.restore(snapshot.values);
    for (const [key, last, hush, ...recent] of snapshot.sessions) {
      const session = beginSession(key);
      for (const symbol of recent) remember(session, symbol);
      session.last = last;
      session.hush = hush;
      this.sessions.add(key, session);
    }
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

/** Makes the session one that has just begun. */
export function restart(session: Session): void {
  session.context.fill(0);
  session.context[0] = beginSymbol;
  session.length = 1;
  session.recent = [];
  session.hush = 0;
  session.place = undefined;
}

function beginSession(key: SessionKey): Session {
  const context = new Array<number>(contextLength).fill(0);
  context[0] = beginSymbol;
  return {key, last: 0, context, length: 1, recent: [], hush: 0, place: undefined};
}

function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
