import {endEntry, unknownEntry} from '../src/detect/surprise/learned-model.ts';
import {Ngram} from '../src/detect/surprise/ngram.ts';
import type {Evidence} from '../src/detect/surprise/session/evidence.ts';
import {KnownRuns} from '../src/detect/surprise/session/known-runs.ts';
import {SessionModel} from '../src/detect/surprise/session/session-model.ts';
import {SessionTrace} from '../src/detect/surprise/session/session-trace.ts';
import {type Counted, framed} from './sequence-encoding.ts';

const stream = 1;
/** Nine symbols of context: order 10. */
const contextLength = 9;
const tableSize = 2 ** 21;

/** Everything but the network that is learned from normal sessions, as the live detector keeps it for a stream. */
export class SequenceLearner {
  readonly runs: KnownRuns;
  private readonly ngram = new Ngram({order: contextLength, contexts: tableSize, entries: tableSize});
  private readonly model = new SessionModel();

  constructor(runLength = 6) {
    this.runs = new KnownRuns(runLength);
  }

  learn({symbols, times}: Counted): void {
    const all = framed(symbols);
    const newestFirst = Int32Array.from(all).reverse();
    for (let at = 1; at < all.length; at++) {
      const context = newestFirst.subarray(all.length - at);
      this.ngram.learn(stream, context, context.length, all[at] ?? 0, times);
    }
    this.runs.learn(symbols);
    this.model.learn({counts: countsOf(symbols), length: symbols.length}, times);
  }

  /** What speaks against the session. */
  evidence(symbols: Int32Array, network: Float64Array | undefined): Evidence {
    return this.model.evidence(this.trace(symbols, network));
  }

  private trace(symbols: Int32Array, network: Float64Array | undefined): SessionTrace {
    const trace = new SessionTrace();
    const nats = this.ngramNats(symbols);
    const unknownRuns = this.runs.unknownAt(symbols);
    symbols.forEach((symbol, at) => {
      const traced = {symbol, ngram: nats[at] ?? 0, unknownRun: unknownRuns[at] === 1, unknown: symbol === unknownEntry};
      const seen = network?.[at];
      trace.add(seen === undefined || Number.isNaN(seen) ? traced : {...traced, network: seen});
    });
    const last = network?.[symbols.length];
    trace.end(nats[symbols.length] ?? 0, last === undefined || Number.isNaN(last) ? undefined : last);
    return trace;
  }

  private ngramNats(symbols: Int32Array): Float64Array {
    const all = framed(symbols);
    const newestFirst = Int32Array.from(all).reverse();
    return Float64Array.from({length: all.length - 1}, (_, index) => {
      const context = newestFirst.subarray(all.length - index - 1);
      return this.ngram.surprise(stream, context, context.length, all[index + 1] ?? endEntry);
    });
  }
}

function countsOf(symbols: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return counts;
}
