import type {Micros} from '../../event/event.ts';
import type {CaptureCounters} from './messages.ts';

/** What the screen shows of the capture: the pipeline's PacketCounters and what else is known. */
export interface PacketTotals extends CaptureCounters {
  /** Packets a second over the last two seconds or so. */
  readonly rate: number;
  /** How many more packets were lost nobody can tell: the backend does not count them. */
  readonly lossUnknown?: true;
}

const rateWindow: Micros = 2_000_000;

/** Adds the counters up over restarts of the sensor, each of which counts from 0, and measures the rate. */
export class CounterSum {
  #base: CaptureCounters | undefined;
  #current: CaptureCounters | undefined;
  #lossUnknown = false;
  #samples: {readonly time: Micros; readonly decoded: number}[] = [];

  /** A new sensor begins. */
  restart(): void {
    this.#base = this.#total();
    this.#current = undefined;
  }

  /** What is captured now is captured by a backend that does not count what it loses. */
  cannotCountLosses(): void {
    this.#lossUnknown = true;
  }

  add(counters: CaptureCounters): PacketTotals {
    this.#current = counters;
    const total = this.#total() ?? counters;
    this.#samples.push({time: counters.time, decoded: total.decoded});
    while (this.#samples.length > 2 && (this.#samples[1]?.time ?? 0) <= counters.time - rateWindow)
      this.#samples.shift();
    const [oldest] = this.#samples;
    const elapsed = counters.time - (oldest?.time ?? 0);
    const rate = elapsed > 0 ? ((total.decoded - (oldest?.decoded ?? 0)) * 1_000_000) / elapsed : 0;
    return {...total, rate, ...(this.#lossUnknown && {lossUnknown: true})};
  }

  #total(): CaptureCounters | undefined {
    const [base, current] = [this.#base, this.#current];
    if (!base || !current) return current ?? base;
    return {
      time: current.time,
      seen: base.seen + current.seen,
      decoded: base.decoded + current.decoded,
      bytes: base.bytes + current.bytes,
      flows: current.flows,
      flowsEvicted: base.flowsEvicted + current.flowsEvicted,
      aggregatedByOffload: base.aggregatedByOffload + current.aggregatedByOffload,
      turns: base.turns + current.turns,
      dropped: sum(base.dropped, current.dropped),
      malformed: sum(base.malformed, current.malformed),
      withheld: sum(base.withheld, current.withheld),
    };
  }
}

function sum(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const total: Record<string, number> = {...a};
  for (const [name, count] of Object.entries(b)) total[name] = (total[name] ?? 0) + count;
  return total;
}
