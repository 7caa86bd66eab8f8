import {LineFeed} from '../../src/capture/logs/line-feed.ts';
import type {SourceContext} from '../../src/capture/source.ts';
import type {Event, Micros, Origin} from '../../src/event/event.ts';
import type {LifeItem} from './item.ts';

const agent = '00000000-0000-4000-8000-000000000001';

/**
 * Turns what happens on a machine into the events that the product's sources would give: lines go through its own
 * parser with their byte offsets, flows and metrics get the origin of the sensor and of the sampler.
 */
export class EventMaker {
  readonly #host: string;
  #now: Micros = 0;
  readonly #feeds = new Map<string, {feed: LineFeed; offset: number}>();
  readonly #flows: Origin;
  readonly #metrics: Origin;
  #metricCount = 0;

  constructor(host: string) {
    this.#host = host;
    this.#flows = {agent, host, source: 'packets:eth0', epoch: '1', dataset: 'flow'};
    this.#metrics = {agent, host, source: 'system', epoch: '1', dataset: 'system'};
  }

  /** Undefined where the product makes no event of it, as of an empty line. */
  event(item: LifeItem): Event | undefined {
    this.#now = item.at;
    switch (item.kind) {
      case 'line':
        return this.#fromLine(item.file, item.text);
      case 'flow':
        return {kind: 'flow', origin: this.#flows, ingested: item.at, ...item.flow};
      case 'metric':
        return {
          kind: 'metric',
          origin: this.#metrics,
          position: this.#metricCount++,
          ingested: item.at,
          ...item.metric,
        };
      default:
        return item satisfies never;
    }
  }

  #fromLine(file: string, text: string): Event | undefined {
    const known = this.#feeds.get(file) ?? this.#open(file);
    known.feed.add(text, known.offset, false, {epoch: '1', reference: this.#now, notBefore: 0});
    known.offset += Buffer.byteLength(text) + 1;
    return known.feed.take().events[0];
  }

  #open(file: string): {feed: LineFeed; offset: number} {
    const path = `/var/log/${file}`;
    const context: SourceContext = {
      agent,
      host: this.#host,
      position: undefined,
      backfillFrom: 0,
      clock: () => this.#now,
      news: () => {},
    };
    const made = {feed: new LineFeed({path, source: `file:${path}`, namePath: false}, context), offset: 0};
    this.#feeds.set(file, made);
    return made;
  }
}

/** Names an event for ever, as the store does. */
export function eventKey({origin, position}: Pick<Event, 'origin' | 'position'>): string {
  return `${origin.source}\0${origin.epoch}\0${position}`;
}
