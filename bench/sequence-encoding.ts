import {beginEntry, endEntry, firstEntry, unknownEntry} from '../src/detect/surprise/learned-model.ts';
import type {Session} from './sequence-files.ts';

/** A different session and how often it came. */
export interface Counted {
  readonly symbols: Int32Array;
  readonly times: number;
}

/** Event ids to numbers: those of the training sessions have places of their own, all others are one unknown. */
export class Vocabulary {
  private readonly places = new Map<string, number>();

  constructor(sessions: readonly Session[]) {
    for (const session of sessions) {
      for (const id of session) if (!this.places.has(id)) this.places.set(id, firstEntry + this.places.size);
    }
  }

  /** Places, with those for begin, end and unknown. */
  get size(): number {
    return firstEntry + this.places.size;
  }

  encode(session: Session): Int32Array {
    return Int32Array.from(session, id => this.places.get(id) ?? unknownEntry);
  }
}

/** Equal sessions once, with their number, in order of first appearance. */
export function distinctSessions(sessions: Iterable<Int32Array>): Counted[] {
  const found = new Map<string, {symbols: Int32Array; times: number}>();
  for (const symbols of sessions) {
    const key = symbols.join(' ');
    const known = found.get(key);
    if (known) known.times += 1;
    else found.set(key, {symbols, times: 1});
  }
  return [...found.values()];
}

/** The session with its begin and its end. */
export function framed(symbols: Int32Array): Int32Array {
  const all = new Int32Array(symbols.length + 2);
  all[0] = beginEntry;
  all.set(symbols, 1);
  all[all.length - 1] = endEntry;
  return all;
}
