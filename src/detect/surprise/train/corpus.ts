import type {Micros} from '../../../event/event.ts';
import {beginCode, firstEntry, type LearnedModel} from '../learned-model.ts';
import {LiveModel} from '../live-model.ts';
import {providerNumbers} from '../narrowing.ts';
import {type SessionKey, type SessionSource, sessionKeyOf} from '../session-key.ts';
import {type SessionTime, StreamSessions} from '../sessions.ts';
import {endSymbol, type SymbolName, type SymbolSource, SymbolTable} from '../symbols.ts';
import {verdictFeatures} from '../verdict-head.ts';
import type {Verdict} from './closed-alerts.ts';
import type {SequenceSet, VerdictSet} from './job.ts';
import {type PlaceFinder, Places} from './places.ts';

/** What training needs of a stored log entry. */
export interface HistoryEvent extends SymbolSource, SessionSource {
  readonly time: Micros;
  readonly host: string;
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
  /** Times of the first and the newest event, µs. */
  readonly oldest: Micros;
  readonly newest: Micros;
  /** Events of closed alerts: not learned since the alert was true; learned more since it was false. */
  readonly notLearned: number;
  readonly learnedMore: number;
  readonly vocabulary: readonly SymbolName[];
  /** As the training job wants them. */
  readonly providers: Uint16Array;
  readonly begins: Uint16Array;
  readonly train: SequenceSet;
  readonly heldOut: SequenceSet;
  /** The held-out set in the vocabulary of the model that was asked for. */
  readonly rivalHeldOut?: Uint16Array;
  readonly verdicts: VerdictSet;
}

interface OpenSession extends SessionTime {
  readonly key: SessionKey;
  readonly provider: string;
  symbols: number[];
  /** The first symbols that are context only. */
  context: number;
  /** Entries still to come that are context only, after one of a true alert. */
  skip: number;
}

interface Distinct {
  readonly provider: string;
  readonly symbols: readonly number[];
  readonly context: number;
}

interface Example extends Distinct {
  readonly features: Float32Array;
  readonly isTrue: boolean;
}

/** A session longer than this goes on in another sequence, with so much of it as context. */
export const segmentLength = 256;
export const segmentOverlap = 16;

const maxVocabulary = 300;
/** Providers that have a begin of their own. */
const maxBegins = 60;
const heldOutPart = 0.2;
const maxDistinct = 200_000;
/** Open at once in one stream. */
const maxSessions = 8_192;
/** As long as the detector keeps quiet after an alert: what follows it looks strange because of it. */
const skipAfterTrue = 10;
/** How often more what an analyst found ordinary counts. */
const falseAlarmCounts = 4;
const exampleContext = 64;

/**
 * Cuts history into the sequences that the detector will see live: a session from its begin to ten quiet minutes. Equal
 * sequences are kept once, with a count.
 */
export class CorpusBuilder {
  events = 0;
  private oldest = Number.POSITIVE_INFINITY;
  private newest = 0;
  private leftOut = 0;
  private notLearned = 0;
  private readonly table = new SymbolTable();
  private readonly streams = new Map<string, StreamSessions<OpenSession>>();
  private readonly numbers = new Map<string, number>();
  private readonly distinct: Distinct[] = [];
  private readonly occurrences: number[] = [];
  private readonly confirmed: number[] = [];
  private readonly examples: Example[] = [];

  /** Takes the next entry; entries come oldest first. */
  add(event: HistoryEvent, verdict?: Verdict): void {
    this.events += 1;
    this.oldest = Math.min(this.oldest, event.time);
    this.newest = Math.max(this.newest, event.time);
    const session = this.sessions(event).touch(sessionKeyOf(event), event.time);
    if (verdict?.alert) this.keepExample(session, verdict);
    const symbol = this.table.symbolOf(event);
    if (verdict?.isTrue) {
      this.cutOut(session);
      return;
    }
    session.symbols.push(symbol);
    if (session.skip > 0) {
      session.skip -= 1;
      session.context = session.symbols.length;
    }
    if (verdict) this.confirm(session);
    if (session.symbols.length >= segmentLength) this.goOn(session);
  }

  /** `rival`: a model into whose vocabulary the held-out part is put too. */
  finish(rival?: LearnedModel): Corpus {
    for (const sessions of this.streams.values()) {
      for (const [, session] of sessions.entries()) this.close(session, session.symbols);
    }
    this.followTemplates();
    const border = this.border();
    const older = this.occurrences.slice(0, border);
    const newer = countEach(this.occurrences.slice(border));
    const learned = countEach(older);
    for (const number of this.confirmed) learned.set(number, (learned.get(number) ?? 0) + falseAlarmCounts);
    const frequencies = this.frequencies(learned);
    const vocabulary = [...this.commonSymbols(frequencies), ...this.commonBegins(learned)];
    const places = new Places(vocabulary.map(({name}) => name));
    for (const [at, {symbol}] of vocabulary.entries()) if (symbol !== undefined) places.set(symbol, firstEntry + at);
    const names = vocabulary.map(({name}) => name);
    return {
      events: this.events,
      sequences: this.occurrences.length,
      distinct: this.distinct.length,
      leftOut: this.leftOut,
      symbols: frequencies.size,
      oldest: this.oldest,
      newest: this.newest,
      notLearned: this.notLearned,
      learnedMore: this.confirmed.length,
      vocabulary: names,
      providers: providerNumbers(names),
      begins: places.beginEntries(),
      train: this.encode(learned, places),
      heldOut: this.encode(newer, places),
      ...(rival ? {rivalHeldOut: this.encode(newer, new LiveModel(rival, this.table)).symbols} : {}),
      verdicts: this.verdictSet(places),
    };
  }

  private sessions({host, provider}: HistoryEvent): StreamSessions<OpenSession> {
    const key = `${host}\n${provider}`;
    const known = this.streams.get(key);
    if (known) return known;
    const sessions = new StreamSessions<OpenSession>(
      maxSessions,
      session => ({last: 0, key: session, provider, symbols: [], context: 0, skip: 0}),
      // Live, too, a stream without sessions is never said to end.
      (session, how) =>
        this.close(
          session,
          how === 'quiet' && session.key !== '' && session.skip === 0
            ? [...session.symbols, endSymbol]
            : session.symbols,
        ),
    );
    this.streams.set(key, sessions);
    return sessions;
  }

  private goOn(session: OpenSession): void {
    this.close(session, session.symbols);
    session.symbols = session.symbols.slice(-segmentOverlap);
    session.context = segmentOverlap;
  }

  /** What an analyst found to be an attack is not learned as normal, nor what follows because of it. */
  private cutOut(session: OpenSession): void {
    this.notLearned += 1;
    this.close(session, session.symbols);
    session.symbols = [];
    session.context = 0;
    session.skip = skipAfterTrue;
  }

  /** What an analyst found ordinary is learned some times more, in its context. */
  private confirm({provider, symbols, context}: OpenSession): void {
    const excerpt = symbols.slice(-segmentOverlap - 1);
    if (symbols.length <= context) return;
    const number = this.numberOf({provider, symbols: excerpt, context: excerpt.length - 1});
    if (number !== undefined) this.confirmed.push(number);
  }

  private keepExample({provider, symbols}: OpenSession, {alert, isTrue}: Verdict): void {
    if (!alert) return;
    const features = verdictFeatures(alert);
    this.examples.push({provider, symbols: symbols.slice(-exampleContext), context: 0, features, isTrue});
  }

  private close({provider, context}: OpenSession, symbols: readonly number[]): void {
    if (symbols.length <= context) return;
    const number = this.numberOf({provider, symbols, context});
    if (number === undefined) this.leftOut += 1;
    else this.occurrences.push(number);
  }

  private numberOf(sequence: Distinct): number | undefined {
    const key = `${sequence.context} ${sequence.symbols.join(' ')}`;
    const known = this.numbers.get(key);
    if (known !== undefined || this.distinct.length >= maxDistinct) return known;
    const number = this.distinct.push(sequence) - 1;
    this.numbers.set(key, number);
    return number;
  }

  /** The first of the occurrences that hold the newest part of what is to be predicted. */
  private border(): number {
    const sizes = this.occurrences.map(number => {
      const {symbols, context} = this.distinct[number] ?? {symbols: [], context: 0};
      return symbols.length - context;
    });
    let left = sizes.reduce((sum, size) => sum + size, 0) * (1 - heldOutPart);
    for (const [at, size] of sizes.entries()) {
      left -= size;
      if (left < 0) return at;
    }
    return sizes.length;
  }

  /** Templates that became one while history was read are one symbol from its begin. */
  private followTemplates(): void {
    const now = (symbols: readonly number[]) => symbols.map(symbol => this.table.current(symbol));
    this.distinct.forEach((sequence, at) => {
      this.distinct[at] = {...sequence, symbols: now(sequence.symbols)};
    });
    this.examples.forEach((example, at) => {
      this.examples[at] = {...example, symbols: now(example.symbols)};
    });
  }

  private frequencies(counts: ReadonlyMap<number, number>): Map<number, number> {
    const frequencies = new Map<number, number>();
    for (const [number, count] of counts) {
      const {symbols, context} = this.distinct[number] ?? {symbols: [], context: 0};
      for (const symbol of symbols.slice(context)) {
        if (symbol !== endSymbol) frequencies.set(symbol, (frequencies.get(symbol) ?? 0) + count);
      }
    }
    return frequencies;
  }

  /** The commonest symbols. What came once only stays out: it is what `unknown` is learned from. */
  private commonSymbols(frequencies: ReadonlyMap<number, number>): Word[] {
    return [...frequencies]
      .filter(([, count]) => count > 1)
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .flatMap(([symbol]) => {
        const name = this.table.name(symbol);
        return name ? [{name, symbol}] : [];
      })
      .slice(0, maxVocabulary - firstEntry - maxBegins);
  }

  /** The begins of the providers with the most sequences. */
  private commonBegins(counts: ReadonlyMap<number, number>): Word[] {
    const providers = new Map<string, number>();
    for (const [number, count] of counts) {
      const provider = this.distinct[number]?.provider ?? '';
      providers.set(provider, (providers.get(provider) ?? 0) + count);
    }
    return [...providers]
      .sort((a, b) => b[1] - a[1])
      .slice(0, maxBegins)
      .map(([provider]) => ({name: {provider, code: beginCode, text: ''}, symbol: undefined}));
  }

  private encode(counts: ReadonlyMap<number, number>, places: PlaceFinder): SequenceSet {
    const numbers = [...counts.keys()];
    const sequences = numbers.map(number => this.entriesOf(number, places));
    const packed = packSequences(
      numbers.map((number, at) => ({
        entries: sequences[at] ?? [],
        firstTarget: (this.distinct[number]?.context ?? 0) + 1,
        count: counts.get(number) ?? 1,
      })),
    );
    const raw = new Uint32Array(packed.symbols.length);
    numbers.forEach((number, at) => {
      raw.set(this.distinct[number]?.symbols ?? [], (packed.offsets[at] ?? 0) + 1);
    });
    return {...packed, raw};
  }

  private entriesOf(number: number, places: PlaceFinder): number[] {
    const {provider, symbols} = this.distinct[number] ?? {provider: '', symbols: []};
    return [places.beginOf(provider), ...symbols.map(symbol => places.entryOf(symbol))];
  }

  private verdictSet(places: Places): VerdictSet {
    const {examples} = this;
    const sequences = examples.map(({provider, symbols}) => ({
      entries: [places.beginOf(provider), ...symbols.map(symbol => places.entryOf(symbol))],
      firstTarget: 1,
      count: 1,
    }));
    return {
      contexts: packSequences(sequences),
      features: Float32Array.from(examples.flatMap(({features}) => [...features])),
      labels: Uint8Array.from(examples, ({isTrue}) => (isTrue ? 1 : 0)),
    };
  }
}

interface Word {
  readonly name: SymbolName;
  readonly symbol: number | undefined;
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

function countEach(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
