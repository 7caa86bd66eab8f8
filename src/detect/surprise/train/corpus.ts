import type {Micros} from '../../../event/event.ts';
import {beginEntry, endEntry, firstEntry, unknownEntry, windowLength, windowOverlap} from '../learned-model.ts';
import {type SessionTime, StreamSessions} from '../sessions.ts';
import {endSymbol, type SymbolName, type SymbolSource, SymbolTable} from '../symbols.ts';
import type {SequenceSet} from './job.ts';

/** What training needs of a stored log entry. */
export interface HistoryEvent extends SymbolSource {
  readonly time: Micros;
  readonly host: string;
  readonly pid?: number;
}

/** History as sequences: the older part to learn, the newest to judge by. */
export interface Corpus {
  readonly events: number;
  /** How many sequences there were, and how many different ones. */
  readonly sequences: number;
  readonly distinct: number;
  /** Sequences left out since there were too many different ones. */
  readonly leftOut: number;
  /** How many symbols there were; the vocabulary may be smaller. */
  readonly symbols: number;
  readonly vocabulary: readonly SymbolName[];
  readonly train: SequenceSet;
  readonly heldOut: SequenceSet;
}

interface OpenSession extends SessionTime {
  symbols: number[];
  continued: boolean;
}

interface Distinct {
  readonly symbols: readonly number[];
  readonly continued: boolean;
}

const maxVocabulary = 300;
const heldOutPart = 0.2;
const maxDistinct = 200_000;
/** Open at once in one stream. */
const maxSessions = 8_192;

/**
 * Cuts history into the sequences that the detector will see live: a session from its begin to ten quiet minutes, in
 * windows of a bounded length that overlap a little. Equal sequences are kept once, with a count.
 */
export class CorpusBuilder {
  events = 0;
  private leftOut = 0;
  private readonly table = new SymbolTable();
  private readonly streams = new Map<string, StreamSessions<OpenSession>>();
  private readonly numbers = new Map<string, number>();
  private readonly distinct: Distinct[] = [];
  private readonly occurrences: number[] = [];

  /** Takes the next entry; entries come oldest first. */
  add(event: HistoryEvent): void {
    this.events += 1;
    const session = this.sessions(`${event.host}\n${event.provider}`).touch(event.pid ?? -1, event.time);
    session.symbols.push(this.table.symbolOf(event));
    if (session.symbols.length < windowLength) return;
    this.close(session, session.symbols);
    session.symbols = session.symbols.slice(-windowOverlap);
    session.continued = true;
  }

  finish(): Corpus {
    for (const sessions of this.streams.values()) {
      for (const [, session] of sessions.entries()) this.close(session, session.symbols);
    }
    const border = Math.floor(this.occurrences.length * (1 - heldOutPart));
    const older = this.occurrences.slice(0, border);
    const frequencies = this.frequencies(older);
    const places = vocabularyPlaces(frequencies, this.table);
    return {
      events: this.events,
      sequences: this.occurrences.length,
      distinct: this.distinct.length,
      leftOut: this.leftOut,
      symbols: frequencies.size,
      vocabulary: [...places.keys()].map(symbol => this.table.name(symbol) ?? {provider: '', code: 0, text: ''}),
      train: this.encode(older, places),
      heldOut: this.encode(this.occurrences.slice(border), places),
    };
  }

  private sessions(key: string): StreamSessions<OpenSession> {
    const known = this.streams.get(key);
    if (known) return known;
    const sessions = new StreamSessions<OpenSession>(
      maxSessions,
      () => ({last: 0, symbols: [], continued: false}),
      (session, how) => this.close(session, how === 'quiet' ? [...session.symbols, endSymbol] : session.symbols),
    );
    this.streams.set(key, sessions);
    return sessions;
  }

  private close(session: OpenSession, symbols: readonly number[]): void {
    if (session.continued && symbols.length <= windowOverlap) return;
    const key = `${session.continued ? '…' : ''}${symbols.join(' ')}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      if (this.distinct.length >= maxDistinct) {
        this.leftOut += 1;
        return;
      }
      number = this.distinct.push({symbols, continued: session.continued}) - 1;
      this.numbers.set(key, number);
    }
    this.occurrences.push(number);
  }

  private frequencies(occurrences: readonly number[]): Map<number, number> {
    const counts = countEach(occurrences);
    const frequencies = new Map<number, number>();
    for (const [number, count] of counts) {
      for (const symbol of this.distinct[number]?.symbols ?? []) {
        if (symbol !== endSymbol) frequencies.set(symbol, (frequencies.get(symbol) ?? 0) + count);
      }
    }
    return frequencies;
  }

  /** Symbols outside the vocabulary become one, and sequences that are then equal become one too. */
  private encode(occurrences: readonly number[], places: ReadonlyMap<number, number>): SequenceSet {
    const merged = new Map<string, {entries: number[]; firstTarget: number; count: number}>();
    for (const [number, count] of countEach(occurrences)) {
      const {symbols, continued} = this.distinct[number] ?? {symbols: [], continued: false};
      const place = (symbol: number): number =>
        symbol === endSymbol ? endEntry : (places.get(symbol) ?? unknownEntry);
      const entries = [beginEntry, ...symbols.map(place)];
      const firstTarget = continued ? windowOverlap + 1 : 1;
      const key = `${firstTarget} ${entries.join(' ')}`;
      const known = merged.get(key);
      if (known) known.count += count;
      else merged.set(key, {entries, firstTarget, count});
    }
    return packSequences([...merged.values()]);
  }
}

/** Flat arrays of sequences, for the training process. */
export function packSequences(
  sequences: readonly {readonly entries: readonly number[]; readonly firstTarget: number; readonly count: number}[],
): SequenceSet {
  const offsets = new Uint32Array(sequences.length + 1);
  sequences.forEach(({entries}, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + entries.length;
  });
  const symbols = new Uint16Array(offsets[sequences.length] ?? 0);
  sequences.forEach(({entries}, index) => {
    symbols.set(entries, offsets[index]);
  });
  return {
    symbols,
    offsets,
    counts: Uint32Array.from(sequences, ({count}) => count),
    firstTargets: Uint8Array.from(sequences, ({firstTarget}) => firstTarget),
  };
}

/** The commonest symbols by place. What came once only stays out: it is what `unknown` is learned from. */
function vocabularyPlaces(frequencies: ReadonlyMap<number, number>, table: SymbolTable): Map<number, number> {
  const common = [...frequencies]
    .filter(([symbol, count]) => count > 1 && table.name(symbol) !== undefined)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, maxVocabulary - firstEntry);
  return new Map(common.map(([symbol], index) => [symbol, firstEntry + index]));
}

function countEach(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
