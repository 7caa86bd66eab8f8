import {minute} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import type {SessionKey} from './session-key.ts';

/** A session that was quiet for this long has ended. */
export const sessionGap: Micros = 10 * minute;
const sweepEvery = 16;

/** Quiet for long, or dropped for want of room while it may go on. */
export type SessionEnd = 'quiet' | 'dropped';

/** What every session keeps; detectors and training add their own. */
export interface SessionTime {
  last: Micros;
}

/**
 * The sessions of one stream: the entries with one key (see session-key.ts), or of the stream as a whole where entries
 * have none, until ten minutes are quiet. Judged by the stream's own time, so that a replay ends them where live would
 * have.
 */
export class StreamSessions<Session extends SessionTime> {
  /** The one quiet for longest first. */
  private readonly sessions = new Map<SessionKey, Session>();
  private readonly most: number;
  private readonly begin: (key: SessionKey) => Session;
  private readonly ended: (session: Session, how: SessionEnd) => void;
  private sinceSweep = 0;

  /** Holds `most` sessions; `ended` is told of each that ends. */
  constructor(most: number, begin: (key: SessionKey) => Session, ended: (session: Session, how: SessionEnd) => void) {
    this.most = most;
    this.begin = begin;
    this.ended = ended;
  }

  get size(): number {
    return this.sessions.size;
  }

  /** The session that an entry with this key at this time belongs to. */
  touch(key: SessionKey, time: Micros): Session {
    if (++this.sinceSweep >= sweepEvery) this.sweep(time);
    const known = this.sessions.get(key);
    if (known && time - known.last <= sessionGap) {
      known.last = Math.max(known.last, time);
      this.sessions.delete(key);
      this.sessions.set(key, known);
      return known;
    }
    if (known) this.end(key, known, 'quiet');
    const session = this.begin(key);
    session.last = time;
    this.add(key, session);
    return session;
  }

  /** Puts back a session from saved state. */
  add(key: SessionKey, session: Session): void {
    if (this.sessions.size >= this.most) this.dropOldest();
    this.sessions.set(key, session);
  }

  entries(): IterableIterator<[SessionKey, Session]> {
    return this.sessions.entries();
  }

  private sweep(time: Micros): void {
    this.sinceSweep = 0;
    for (const [key, session] of this.sessions) {
      if (time - session.last <= sessionGap) return;
      this.end(key, session, 'quiet');
    }
  }

  private end(key: SessionKey, session: Session, how: SessionEnd): void {
    this.sessions.delete(key);
    this.ended(session, how);
  }

  private dropOldest(): void {
    const [oldest] = this.sessions;
    if (oldest) this.end(oldest[0], oldest[1], 'dropped');
  }
}
