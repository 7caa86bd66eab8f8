import type {CaptureCounters} from '../src/capture/packets/messages.ts';

/** How often the sensor's event loop turned a second, at its slowest while packets came in numbers. */
export class TurnRate {
  fewest = Number.POSITIVE_INFINITY;
  #last: CaptureCounters | undefined;

  add(counters: CaptureCounters): void {
    const last = this.#last;
    this.#last = counters;
    if (!last || counters.decoded - last.decoded < 5_000) return;
    const seconds = (counters.time - last.time) / 1e6;
    this.fewest = Math.min(this.fewest, Math.round((counters.turns - last.turns) / seconds));
  }
}
