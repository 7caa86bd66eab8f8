import {templateHash} from './drain.ts';
import {
  beginCode,
  beginEntry,
  endEntry,
  firstEntry,
  type LearnedModel,
  type ProviderFacts,
  unknownEntry,
} from './learned-model.ts';
import {type Context, ContextMemo} from './lstm/context-memo.ts';
import {LstmStep} from './lstm/lstm-step.ts';
import {Narrowing, providerNumbers, rankNeeded} from './narrowing.ts';
import {endSymbol, type SymbolName, type SymbolTable} from './symbols.ts';
import {wildcard} from './template-cluster.ts';
import {type JudgedAlert, verdictFeatures, verdictOf} from './verdict-head.ts';

/** Where a session stands in the network. */
export interface ModelPlace {
  context: Context;
  /** What can come next: the session's own program's symbols, something unknown, the end. */
  readonly among: Int32Array;
}

/** What the network says of one symbol that came. */
export interface ModelOpinion {
  readonly entry: number;
  readonly probability: number;
  /** Over the threshold that held-out history gave, and not among the usual few. */
  readonly unexpected: boolean;
  /** The network's weight in the mixture with the n-gram, for this program. */
  readonly mix: number;
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
  private readonly narrowing: Narrowing;
  private readonly facts: ReadonlyMap<string, ProviderFacts>;
  private readonly begins = new Map<string, number>();
  private readonly byProvider = new Map<string, {readonly name: SymbolName; readonly entry: number}[]>();
  private readonly byHash = new Map<string, number>();
  private readonly resolved = new Map<number, Resolved>();

  constructor(model: LearnedModel, table: SymbolTable) {
    this.model = model;
    this.table = table;
    this.memo = new ContextMemo(new LstmStep(model.weights));
    this.facts = new Map(model.providers.map(facts => [facts.provider, facts]));
    for (const [at, name] of model.vocabulary.entries()) this.addWord(name, firstEntry + at);
    const begins = new Set([beginEntry, ...this.begins.values()]);
    this.narrowing = new Narrowing(firstEntry + model.vocabulary.length, providerNumbers(model.vocabulary), begins);
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

  /** The place that begins a program's sessions. */
  beginOf(provider: string): number {
    return this.begins.get(provider) ?? beginEntry;
  }

  /** Whether training saw the program at all: of others the network can say nothing. */
  knows(provider: string): boolean {
    return this.byProvider.has(provider);
  }

  /** The place of a program's session that has just begun, or whose newest symbols (oldest first) are all that is known. */
  begin(provider: string, recent: readonly number[] = []): ModelPlace {
    const first = this.beginOf(provider);
    let context = this.memo.begin(first);
    for (const symbol of recent) context = this.memo.after(context, this.entryOf(symbol));
    return {context, among: this.narrowing.after(first)};
  }

  /** Moves on by one symbol. The state goes on for as long as the session does; its size does not grow. */
  advance(place: ModelPlace, entry: number): void {
    place.context = this.memo.after(place.context, entry);
  }

  /** What the network says of a symbol that came at this place; the place stays where it is. */
  opinion(place: ModelPlace, provider: string, symbol: number): ModelOpinion {
    const {state} = place.context;
    const entry = this.entryOf(symbol);
    const probability = state.shareOf(entry, place.among);
    const {threshold, mix} = this.facts.get(provider) ?? this.model.facts;
    const unexpected =
      -Math.log(probability) > threshold &&
      state.rankOf(entry, place.among) >= rankNeeded(this.model.facts.rank, place.among);
    return {entry, probability, unexpected, mix: this.knows(provider) ? mix : 0};
  }

  /** The surprise of network and n-gram mixed, in nats; `own` is the n-gram's. */
  mixed({entry, probability, mix}: ModelOpinion, own: number): number {
    const ngram = Math.exp(-own);
    // What the vocabulary does not hold shares the place of the unknown, as the n-gram would share it out.
    const network = entry === unknownEntry ? probability * ngram : probability;
    return -Math.log(mix * network + (1 - mix) * ngram);
  }

  /** The likeliest next symbols at a place, by name, the session's end among them. */
  expected(
    place: ModelPlace,
    top: number,
  ): {readonly entry: number; readonly probability: number; readonly name: SymbolName | undefined}[] {
    const {state} = place.context;
    return [...place.among]
      .filter(entry => entry !== unknownEntry)
      .map(entry => ({
        entry,
        probability: state.shareOf(entry, place.among),
        name: this.model.vocabulary[entry - firstEntry],
      }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top);
  }

  /**
   * The probability that an alert raised at this place (before its symbol) is a true one, as analysts' verdicts taught;
   * undefined where there were too few of them. Below `model.head.cut` an alert is to be held back.
   */
  verdict(place: ModelPlace, alert: JudgedAlert): number | undefined {
    const {head} = this.model;
    return head && verdictOf(head, place.context.state.hidden, verdictFeatures(alert));
  }

  /** Whether analysts' verdicts say with confidence that such an alert is a false one. */
  holdsBack(place: ModelPlace, alert: JudgedAlert): boolean {
    const probability = this.verdict(place, alert);
    return probability !== undefined && probability < (this.model.head?.cut ?? 0);
  }

  private addWord(name: SymbolName, entry: number): void {
    const siblings = this.byProvider.get(name.provider) ?? [];
    this.byProvider.set(name.provider, siblings);
    if (name.code === beginCode) {
      this.begins.set(name.provider, entry);
      return;
    }
    siblings.push({name, entry});
    if (name.code === 0) this.byHash.set(templateHash(name.provider, name.text), entry);
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
