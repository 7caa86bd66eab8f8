import type {Micros} from '../../event/event.ts';
import type {Emit, Position, SourceBatch, SourceContext, SourceNews} from '../source.ts';
import type {Pause} from './pause.ts';

/** A run of a source whose time moves only as it pauses. */
export interface Harness {
  readonly batches: SourceBatch[];
  readonly news: SourceNews[];
  readonly emit: Emit;
  readonly pause: Pause;
  readonly monotonic: () => number;
  readonly signal: AbortSignal;
  /** Set false to play a full queue. */
  hasRoom: boolean;
  time: Micros;
  context(position?: Position): SourceContext;
}

/** Stops after `pauses` pauses; `onPause` may change the world before the source looks again. */
export function harness(start: Micros, pauses: number, onPause: (count: number, harness: Harness) => void = () => {}) {
  const stop = new AbortController();
  const batches: SourceBatch[] = [];
  const emit = Object.assign(
    async (batch: SourceBatch) => {
      batches.push(batch);
    },
    {room: () => self.hasRoom},
  );
  let elapsed = 0;
  let count = 0;
  const self: Harness = {
    batches,
    news: [],
    emit,
    hasRoom: true,
    time: start,
    signal: stop.signal,
    monotonic: () => elapsed,
    pause: async milliseconds => {
      elapsed += milliseconds;
      self.time += milliseconds * 1000;
      onPause(++count, self);
      if (count >= pauses) stop.abort();
    },
    context: position => ({
      agent: 'agent',
      host: 'web1',
      position,
      backfillFrom: 0,
      clock: () => self.time,
      news: news => self.news.push(news),
    }),
  };
  return self;
}
