import {SessionModel, type SessionModelOptions, type SessionModelSnapshot} from './session-model.ts';
import {
  SessionScore,
  type SessionScoreOptions,
  type SessionScoreSnapshot,
  type SessionVerdict,
} from './session-score.ts';
import type {SessionTrace} from './session-trace.ts';

export interface SessionWatchSnapshot {
  readonly model: SessionModelSnapshot;
  readonly score: SessionScoreSnapshot;
}

export interface SessionWatchOptions extends SessionScoreOptions, SessionModelOptions {
  readonly risk?: number;
}

/** Fewer ended sessions than this say too little of what is rare. */
const leastSessions = 200;
/** One session in so many may be reported falsely: about as rare as the sessions held for calibration can show. */
export const sessionRisk = 1 / 2_000;

/**
 * The sessions of one stream as they end: each is judged by those before it, and then learned from. Since judged before
 * learned, every session is held out, and calibrates the score (Dawid's prequential principle, 1984). What was reported
 * is not learned from, and nothing is reported while there were few sessions.
 *
 * @example
 * const watch = new SessionWatch();
 * const odd = watch.ended(trace);
 * if (odd) report(odd.nats, odd.signs[0]?.name);
 */
export class SessionWatch {
  private readonly model: SessionModel;
  private readonly score: SessionScore;
  private readonly limit: number;

  constructor({risk = sessionRisk, ...options}: SessionWatchOptions = {}) {
    this.model = new SessionModel(options);
    this.score = new SessionScore(options);
    this.limit = -Math.log(risk);
  }

  /** 0–1: how far the stream is from being judged. */
  get progress(): number {
    return Math.min(1, this.score.size / leastSessions);
  }

  /** Sessions held for calibration. */
  get size(): number {
    return this.score.size;
  }

  /** Takes a session that has ended. The verdict, where it is too rare to be normal; else undefined, and it is learned. */
  ended(trace: SessionTrace): SessionVerdict | undefined {
    const evidence = this.model.evidence(trace);
    if (this.progress >= 1) {
      const verdict = this.score.judge(evidence);
      if (verdict.nats > this.limit) return verdict;
    }
    this.score.learn(evidence);
    this.model.learn(trace);
    return undefined;
  }

  snapshot(): SessionWatchSnapshot {
    return {model: this.model.snapshot(), score: this.score.snapshot()};
  }

  restore(snapshot: SessionWatchSnapshot): void {
    this.model.restore(snapshot.model);
    this.score.restore(snapshot.score);
  }
}
