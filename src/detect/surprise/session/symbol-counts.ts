import {countLevel} from './count-levels.ts';
import type {Counts} from './count-vectors.ts';

/** Sessions learned, then per symbol: the symbol, and level, sessions, level, sessions … */
export interface SymbolCountsSnapshot {
  readonly learned: number;
  readonly symbols: readonly (readonly [number, ...number[]])[];
}

const maxSymbols = 4_096;

/**
 * How often each symbol comes in a session, symbol by symbol: the graded form of an unknown count vector. A symbol that
 * always comes three times makes a fourth remarkable; one whose count varies freely does not. The share of levels not
 * met before is estimated as Witten & Bell (1991) do for words: as many as there are different ones.
 */
export class SymbolCounts {
  private learned = 0;
  private readonly symbols = new Map<number, Map<number, number>>();

  /** The sum over all symbols of the nats of their count in this session, 0 included. */
  surprise(counts: Counts): number {
    let nats = 0;
    for (const [symbol, levels] of this.symbols) nats += this.nats(levels, countLevel(counts.get(symbol) ?? 0));
    for (const symbol of counts.keys()) if (!this.symbols.has(symbol)) nats += Math.log(this.learned + 1);
    return nats;
  }

  learn(counts: Counts, times = 1): void {
    this.learned += times;
    for (const [symbol, count] of counts) {
      let levels = this.symbols.get(symbol);
      if (!levels) {
        if (this.symbols.size >= maxSymbols) continue;
        levels = new Map();
        this.symbols.set(symbol, levels);
      }
      const level = countLevel(count);
      levels.set(level, (levels.get(level) ?? 0) + times);
    }
  }

  snapshot(): SymbolCountsSnapshot {
    const symbols = [...this.symbols].map(([symbol, levels]) => [symbol, ...[...levels].flat()] as const);
    return {learned: this.learned, symbols};
  }

  restore(snapshot: SymbolCountsSnapshot): void {
    this.learned = snapshot.learned;
    this.symbols.clear();
    for (const [symbol, ...pairs] of snapshot.symbols) {
      const levels = new Map<number, number>();
      for (let at = 0; at + 1 < pairs.length; at += 2) levels.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
      this.symbols.set(symbol, levels);
    }
  }

  /** Absence is not stored: it is what the learned sessions leave. */
  private nats(levels: ReadonlyMap<number, number>, level: number): number {
    let present = 0;
    for (const sessions of levels.values()) present += sessions;
    const absent = Math.max(0, this.learned - present);
    const different = levels.size + (absent > 0 ? 1 : 0);
    const seen = level === 0 ? absent : (levels.get(level) ?? 0);
    const total = this.learned + different;
    return -Math.log((seen > 0 ? seen : different / (different + 1)) / total);
  }
}
