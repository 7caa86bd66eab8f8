import {minute} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

/** A session that was quiet for this long has ended. */
export const sessionGap: Micros = 10 * minute;
const maxSessions = 512;
const sweepEvery = 64;

/** What every session keeps; detectors and training add their own. */
export interface SessionTime {
  last: Micros;
}

/**
 * The sessions of one stream: the entries of one process, or of the stream as a whole where entries name none, until
 * ten minutes are quiet. Judged by the stream's own time, so that a replay ends them where live would have.
 */
export class StreamSessions<Session extends SessionTime> {
  private readonly sessions = new Map<number, Session>();
  private readonly begin: (pid: number) => Session;
  private readonly ended: (session: Session) => void;
  private sinceSweep = 0;

  /** `ended` is told of each session that was quiet for long; not of one dropped for want of room. */
  constructor(begin: (pid: number) => Session, ended: (session: Session) => void) {
    this.begin = begin;
    this.ended = ended;
  }

  get size(): number {
    return this.sessions.size;
  }

  /** The session that an entry of this process (-1: none named) at this time belongs to. */
  touch(pid: number, time: Micros): Session {
    if (++this.sinceSweep >= sweepEvery) this.sweep(time);
    const known = this.sessions.get(pid);
    if (known && time - known.last <= sessionGap) {
      known.last = Math.max(known.last, time);
      return known;
    }
    if (known) this.end(pid, known);
    const session = this.begin(pid);
    session.last = time;
    this.add(pid, session);
    return session;
  }

  /** Puts back a session from saved state. */
  add(pid: number, session: Session): void {
    if (this.sessions.size >= maxSessions) this.dropOldest();
    this.sessions.set(pid, session);
  }

  entries(): IterableIterator<[number, Session]> {
    return this.sessions.entries();
  }

  private sweep(time: Micros): void {
    this.sinceSweep = 0;
    if (this.sessions.size < 2) return;
    for (const [pid, session] of this.sessions) {
      if (time - session.last > sessionGap) this.end(pid, session);
    }
  }

  private end(pid: number, session: Session): void {
    this.sessions.delete(pid);
    this.ended(session);
  }

  private dropOldest(): void {
    const [oldest] = this.sessions.keys();
    if (oldest !== undefined) this.sessions.delete(oldest);
  }
}
