import {day, hour} from '../../../event/clock.ts';
import type {FlowEvent, Micros} from '../../../event/event.ts';
import {BoundedMap} from '../../bounded-map.ts';
import {durationOf} from './flow-letters.ts';

const maxLong = 2_000;
const firstAfter: Micros = hour;
const again: Micros = day;

/** Which reports of flows make a letter: the last one; and of one that lasts, that after an hour, then one a day. */
export class LongFlows {
  /** By the flow, until when it makes no other letter while it lasts. */
  private readonly until = new BoundedMap<string, Micros>(maxLong);

  makesLetter(flow: FlowEvent): boolean {
    if (!flow.ended && durationOf(flow) < firstAfter) return false;
    if (flow.ended && this.until.size === 0) return true;
    const key = `${flow.origin.source}\n${flow.origin.epoch}\n${flow.position}`;
    const until = this.until.peek(key);
    if (flow.ended) {
      if (until !== undefined) this.until.delete(key);
      return true;
    }
    if (until !== undefined && flow.last < until) return false;
    this.until.set(key, flow.last + again);
    return true;
  }

  snapshot(): readonly (readonly [string, Micros])[] {
    return [...this.until.entries()];
  }

  restore(snapshot: readonly (readonly [string, Micros])[]): void {
    for (const [key, until] of snapshot) this.until.set(key, until);
  }
}
