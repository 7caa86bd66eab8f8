import type {LogEvent, Micros} from '../../event/event.ts';
import type {ModelOpinion} from './live-model.ts';
import type {SessionVerdict} from './session/session-score.ts';
import type {Session, Stream} from './stream.ts';
import type {Unusual} from './values/value-memory.ts';

/** One symbol with all that was found out about it, before it is learned. */
export interface Judged {
  readonly stream: Stream;
  readonly session: Session;
  readonly symbol: number;
  readonly time: Micros;
  /** Undefined where a session's end is judged: the absence of an entry. */
  readonly event: LogEvent | undefined;
  /** Never in this stream before. */
  readonly fresh: boolean;
  /** Known, but never after the symbol before it. */
  readonly misplaced: boolean;
  readonly opinion: ModelOpinion | undefined;
  readonly unusual: Unusual | undefined;
  /** Of a session that ended: where it is too rare to be normal. */
  readonly verdict: SessionVerdict | undefined;
  /** Surprise of the symbol by n-gram and network, in nats. */
  readonly nats: number;
  /**
   * How seldom such comes on this machine, all evidence together: the logarithm of the days between two. What comes
   * once a day has 0.
   */
  readonly score: number;
}

/** Below this, in nats, what a new value or an odd hour adds is no reason by itself. */
const leastReason = 1;

/** Whether anything besides the score speaks for it: without a reason that a person can follow, nothing is told. */
export function hasReason({fresh, misplaced, opinion, unusual, verdict}: Judged): boolean {
  if (fresh || misplaced || verdict) return true;
  if (opinion?.unexpected) return true;
  return unusual !== undefined && (unusual.valueNats > leastReason || unusual.hourNats > leastReason);
}

/** What speaks for it, as parts of a sentence. `before` is the symbol before it as text; '' where there is none. */
export function reasons({fresh, misplaced, opinion, unusual, verdict}: Judged, before: string): string[] {
  const found: string[] = [];
  if (fresh) found.push('it never came in this stream before');
  else if (misplaced) found.push(before === '' ? 'no session began so' : `it never came after ${before}`);
  if (opinion?.unexpected) found.push(`the trained model gives it ${percent(opinion.probability)}`);
  if (unusual && unusual.valueNats > leastReason) found.push(unusual.value);
  if (unusual && unusual.hourNats > leastReason) found.push(unusual.hour);
  if (verdict) found.push(`as a whole the session is unlike those before: ${signText(verdict)}`);
  return found;
}

const signNames = {
  ngramMean: 'its order is odd throughout',
  ngramMost: 'one of its steps is next to impossible',
  ngramStretch: 'the order of a part of it is odd',
  unknownRuns: 'runs of entries in it never came',
  unknownSymbols: 'entries in it never came',
  networkMean: 'the trained model finds its order odd throughout',
  networkMost: 'the trained model finds one of its steps next to impossible',
  networkStretch: 'the trained model finds a part of it odd',
  unknownVector: 'no session had these entries so many times each',
  symbolCounts: 'some entries came unusually often or seldom in it',
  mixture: 'no session was made up of such entries',
  length: 'it is unusually long or short',
} as const;

function signText({signs}: SessionVerdict): string {
  return signs
    .filter(({nats}, at) => at === 0 || (at < 3 && nats > 2))
    .map(({name}) => signNames[name])
    .join(', ');
}

function percent(probability: number): string {
  return `${(probability * 100).toPrecision(1)} %`;
}
