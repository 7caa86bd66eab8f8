import {endEntry} from '../src/detect/surprise/learned-model.ts';
import {Ngram} from '../src/detect/surprise/ngram.ts';
import type {Evidence} from '../src/detect/surprise/session/evidence.ts';
import {KnownRuns} from '../src/detect/surprise/session/known-runs.ts';
import {SessionModel} from '../src/detect/surprise/session/session-model.ts';
import {SessionTrace} from '../src/detect/surprise/session/session-trace.ts';
import {type Counted, framed} from './sequence-encoding.ts';

const stream = 1;
/** Nine symbols of context: order 10. */
const contextLength = 9;
const largestTable = 2 ** 21;

/** Everything but the network that is learned from normal sessions, as the live detector keeps it for a stream. */
export class SequenceLearner {
  readonly runs: KnownRuns;
  private readonly ngram: Ngram;
  private readonly model = new SessionModel();
  private readonly known = new Set<number>();

  /** Made for sessions of about as many symbols in all. */
  constructor(symbols: number, runLength = 6) {
    const size = Math.min(largestTable, 2 ** Math.ceil(Math.log2((symbols + 100) * (contextLength + 2))));
    this.ngram = new Ngram({order: contextLength, contexts: size, entries: size});
    this.runs = new KnownRuns(runLength);
  }

  learn({symbols, times}: Counted): void {
    const all = framed(symbols);
    const newestFirst = Int32Array.from(all).reverse();
    for (let at = 1; at < all.length; at++) {
      const context = newestFirst.subarray(all.length - at);
      this.ngram.learn(stream, context, context.length, all[at] ?? 0, times);
    }
    for (const symbol of symbols) this.known.add(symbol);
    this.runs.learn(symbols);
    this.model.learn({counts: countsOf(symbols), length: symbols.length}, times);
  }

  /** What speaks against the session, given both models' surprise at each symbol and at the end. */
  evidence(symbols: Int32Array, ngram: Float64Array, network: Float64Array | undefined): Evidence {
    const trace = new SessionTrace();
    const unknownRuns = this.runs.unknownAt(symbols);
    symbols.forEach((symbol, at) => {
      const unknown = !this.known.has(symbol);
      trace.add({symbol, ngram: ngram[at] ?? 0, ...networkAt(network, at), unknownRun: unknownRuns[at] === 1, unknown});
    });
    trace.end(ngram[symbols.length] ?? 0, networkAt(network, symbols.length).network);
    return this.model.evidence(trace);
  }

  /** The n-gram's surprise at each symbol and at the end, nats. */
  ngramNats(symbols: Int32Array): Float64Array {
    const all = framed(symbols);
    const newestFirst = Int32Array.from(all).reverse();
    return Float64Array.from({length: all.length - 1}, (_, index) => {
      const context = newestFirst.subarray(all.length - index - 1);
      return this.ngram.surprise(stream, context, context.length, all[index + 1] ?? endEntry);
    });
  }
}

function networkAt(network: Float64Array | undefined, at: number): {network?: number} {
  const nats = network?.[at];
  return nats === undefined || Number.isNaN(nats) ? {} : {network: nats};
}

function countsOf(symbols: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return counts;
}
