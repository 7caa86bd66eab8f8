import {templateHash} from './drain.ts';
import {
  beginEntry,
  endEntry,
  firstEntry,
  type LearnedModel,
  unknownEntry,
  windowLength,
  windowOverlap,
} from './learned-model.ts';
import {type Context, ContextMemo} from './lstm/context-memo.ts';
import {LstmStep} from './lstm/lstm-step.ts';
import {endSymbol, type SymbolName, type SymbolTable} from './symbols.ts';
import {wildcard} from './template-cluster.ts';

/** Where a session stands in the network. */
export interface ModelPlace {
  context: Context;
  /** Symbols since the window's begin. */
  length: number;
}

interface Resolved {
  readonly version: number;
  readonly entry: number;
}

const leastLikeness = 0.5;
const maxResolved = 10_000;

/** A trained model at work: knows which place of its vocabulary a live symbol has, and follows sessions. */
export class LiveModel {
  readonly model: LearnedModel;
  readonly memo: ContextMemo;
  private readonly table: SymbolTable;
  private readonly byProvider = new Map<string, {readonly name: SymbolName; readonly entry: number}[]>();
  private readonly byHash = new Map<string, number>();
  private readonly resolved = new Map<number, Resolved>();

  constructor(model: LearnedModel, table: SymbolTable) {
    this.model = model;
    this.table = table;
    this.memo = new ContextMemo(new LstmStep(model.weights));
    model.vocabulary.forEach((name, at) => {
      const entry = firstEntry + at;
      const siblings = this.byProvider.get(name.provider) ?? [];
      siblings.push({name, entry});
      this.byProvider.set(name.provider, siblings);
      if (name.code === 0) this.byHash.set(templateHash(name.provider, name.text), entry);
    });
  }

  /** The symbol's place in the vocabulary; `unknownEntry` where it has none. */
  entryOf(symbol: number): number {
    if (symbol === endSymbol) return endEntry;
    const version = this.table.version(symbol);
    const known = this.resolved.get(symbol);
    if (known && known.version === version) return known.entry;
    if (this.resolved.size >= maxResolved) this.resolved.clear();
    const name = this.table.name(symbol);
    const entry = name ? this.resolve(name) : unknownEntry;
    this.resolved.set(symbol, {version, entry});
    return entry;
  }

  /** The place of a session that has just begun, or whose newest symbols (oldest first) are all that is known. */
  begin(recent: readonly number[] = []): ModelPlace {
    let context = this.memo.begin(beginEntry);
    for (const symbol of recent) context = this.memo.after(context, this.entryOf(symbol));
    return {context, length: recent.length};
  }

  /** Moves on by one symbol; begins a new window with the newest few where the old one is full, as training did. */
  advance(place: ModelPlace, entry: number, recent: readonly number[]): void {
    place.length += 1;
    if (place.length < windowLength) {
      place.context = this.memo.after(place.context, entry);
      return;
    }
    const next = this.begin(recent.slice(-windowOverlap));
    place.context = next.context;
    place.length = next.length;
  }

  /**
   * The likeliest next symbols of a program, by name, and the session's end. The network predicts over every program's
   * symbols; a session holds those of one, so the others' share is left out and the rest scaled to make a whole.
   */
  expected(
    place: ModelPlace,
    provider: string,
    top: number,
  ): {readonly entry: number; readonly probability: number; readonly name: SymbolName | undefined}[] {
    const {probabilities} = place.context.state;
    const own = [endEntry, ...(this.byProvider.get(provider) ?? []).map(({entry}) => entry)];
    const found = own.map(entry => ({entry, probability: probabilities[entry] ?? 0}));
    const whole = found.reduce((sum, {probability}) => sum + probability, 0) || 1;
    return found
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top)
      .map(({entry, probability}) => ({
        entry,
        probability: probability / whole,
        name: this.model.vocabulary[entry - firstEntry],
      }));
  }

  private resolve(name: SymbolName): number {
    const siblings = this.byProvider.get(name.provider) ?? [];
    if (name.code !== 0) return siblings.find(other => other.name.code === name.code)?.entry ?? unknownEntry;
    const exact = this.byHash.get(templateHash(name.provider, name.text));
    if (exact !== undefined) return exact;
    const tokens = name.text.split(' ');
    let best = {entry: unknownEntry, score: leastLikeness};
    for (const {name: other, entry} of siblings) {
      const score = other.code === 0 ? likeness(tokens, other.text.split(' ')) : 0;
      if (score > best.score) best = {entry, score};
    }
    return best.entry;
  }
}

/** Share of equal words of two templates, one of which may be more general; 0 where they contradict each other. */
function likeness(a: readonly string[], b: readonly string[]): number {
  if (a.length !== b.length) return 0;
  let equal = 0;
  for (let at = 0; at < a.length; at++) {
    if (a[at] === b[at]) equal += 1;
    else if (a[at] !== wildcard && b[at] !== wildcard) return 0;
  }
  return equal / a.length;
}
