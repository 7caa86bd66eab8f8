import {day} from '../../event/clock.ts';
import type {Alert, Event, LogEvent, Micros} from '../../event/event.ts';
import {isWireRow} from '../../event/wire-row.ts';
import type {Detector} from '../detector.ts';
import type {Entity} from './entities/entity.ts';
import {type EntitiesSnapshot, EntityMemory} from './entities/entity-memory.ts';
import {entityOf} from './entities/entity-of.ts';
import {newEntityAlert, newProgramAlert} from './finding.ts';
import type {LearnedModel, ModelFacts} from './learned-model.ts';
import {LiveModel, type ModelOpinion} from './live-model.ts';
import {loadModel} from './model-file.ts';
import {Ngram, type NgramSnapshot} from './ngram.ts';
import {sessionKeyOf} from './session-key.ts';
import {contextLength, hush, leastEvents, remember, restart, type Session, type Stream} from './stream.ts';
import {StreamTable, type StreamTableSnapshot} from './stream-table.ts';
import {beginSymbol, endSymbol, type SymbolsSnapshot, SymbolTable} from './symbols.ts';
import {Teller, type TellerSnapshot} from './teller.ts';
import {type Unusual, ValueMemory, type ValuesSnapshot} from './values/value-memory.ts';

export interface SurpriseOptions {
  /** Wanted alerts a day, over all streams. */
  readonly alertsPerDay: number;
  /** … of which it is enough that something lasting is new on the machine, apart from those. Default: half as many. */
  readonly newThingsPerDay?: number;
}

export interface SurpriseStats {
  /** Mean of a computed network step; 0 without a model. */
  readonly stepMicros: number;
  /** Contexts that the network need not work out since it had met them, and those it worked out. */
  readonly memoHits: number;
  readonly memoSteps: number;
  /** Events the model scored, and those left to the n-gram since the engine was behind. */
  readonly scored: number;
  readonly skipped: number;
  /** Findings held back since the same was told within the hour, or the alert before still is in the context. */
  readonly suppressed: number;
  /** Findings that analysts' verdicts on others like them call false. */
  readonly heldBack: number;
  readonly streams: number;
  readonly streamsReady: number;
  readonly templates: number;
}

interface State {
  readonly version: typeof stateVersion;
  readonly symbols: SymbolsSnapshot;
  readonly ngram: NgramSnapshot;
  readonly streams: StreamTableSnapshot;
  readonly values: ValuesSnapshot;
  readonly entities: EntitiesSnapshot;
  readonly teller: TellerSnapshot;
  readonly newest: Micros;
}

const stateVersion = 5;
/** From this surprise on it is asked whether a process number was used again: p = 0.7 %. */
const renewedNats = 5;
/** Below this the n-gram finds an event ordinary, and while the engine is behind the network is not asked. */
const ordinaryNats = 2;
/** What never came has p ≤ 1/2: below this nothing is new, and need not be looked up. */
const leastFresh = 0.69;

/**
 * Learns what is normal for each stream of log entries and says what is not: log templates as symbols, an online
 * n-gram from the first minute, the trained network where there is one, the values of entries and their hours, and
 * whole sessions as they end. All that speaks against an entry is put on one scale, how many days lie between two such.
 * Called as every detector; log entries only.
 */
export class SurpriseDetector implements Detector {
  readonly id = 'surprise';
  private readonly table = new SymbolTable();
  private readonly ngram = new Ngram({order: contextLength});
  private readonly values = new ValueMemory();
  private readonly entities = new EntityMemory();
  private readonly teller: Teller;
  private readonly streams = new StreamTable((stream, session) => this.endSession(stream, session));
  private live: LiveModel | undefined;
  private busy = false;
  private scored = 0;
  private skipped = 0;
  private newest: Micros = 0;

  constructor({alertsPerDay, newThingsPerDay = alertsPerDay / 2}: SurpriseOptions) {
    this.teller = new Teller({alertsPerDay, newThingsPerDay}, this.table, this.ngram);
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    for (const event of batch) if (event.kind === 'log' && !isWireRow(event)) this.observe(event);
    return this.teller.take(this.newest);
  }

  /** While the engine is behind, events that the n-gram finds ordinary skip the network, and are counted. */
  setBusy(busy: boolean): void {
    this.busy = busy;
  }

  /** Reads a model file and uses it from now on; throws a ModelError, and keeps what it had. */
  loadModel(path: string): ModelFacts {
    const model = loadModel(path);
    this.adopt(model);
    return model.facts;
  }

  /** Uses this model from now on, without a restart. */
  adopt(model: LearnedModel): void {
    this.live = new LiveModel(model, this.table);
    this.teller.live = this.live;
    for (const stream of this.streams.all()) {
      for (const [, session] of stream.sessions.entries()) session.place = undefined;
    }
  }

  get model(): ModelFacts | undefined {
    return this.live?.model.facts;
  }

  /** 0–1: how far it is from the first alert. */
  progress(): number {
    return this.newest === 0 ? 0 : this.teller.progress(this.newest);
  }

  stats(): SurpriseStats {
    let ready = 0;
    for (const stream of this.streams.all()) if (stream.ready) ready += 1;
    const memo = this.live?.memo;
    return {
      stepMicros: memo?.stepMicros ?? 0,
      memoHits: memo?.hits ?? 0,
      memoSteps: memo?.steps ?? 0,
      scored: this.scored,
      skipped: this.skipped,
      suppressed: this.teller.suppressed,
      heldBack: this.teller.heldBack,
      streams: this.streams.size,
      streamsReady: ready,
      templates: this.table.drain.size,
    };
  }

  save(): State {
    return {
      version: stateVersion,
      symbols: this.table.snapshot(),
      ngram: this.ngram.snapshot(),
      streams: this.streams.snapshot(),
      values: this.values.snapshot(),
      entities: this.entities.snapshot(),
      teller: this.teller.snapshot(),
      newest: this.newest,
    };
  }

  /** State of another version is left aside: learning begins again. */
  restore(saved: unknown): void {
    if (!isState(saved)) return;
    this.table.restore(saved.symbols);
    this.ngram.restore(saved.ngram);
    this.streams.restore(saved.streams);
    this.values.restore(saved.values);
    this.entities.restore(saved.entities);
    this.teller.restore(saved.teller);
    this.newest = saved.newest;
  }

  private observe(event: LogEvent): void {
    const {time} = event;
    this.newest = Math.max(this.newest, time);
    const host = event.host ?? event.origin.host;
    const stream = this.streams.get(host, event.provider) ?? this.begin(host, event);
    stream.count(time);
    const symbol = this.table.symbolOf(event);
    const unusual = this.values.observe(host, stream.id, symbol, event);
    const session = stream.sessions.touch(sessionKeyOf(event), time);
    if (this.isNewThing(host, event, unusual)) hush(session);
    this.judge(stream, session, symbol, time, event, unusual);
  }

  /** Whether the entry was told of since it names something lasting that is new on the machine. */
  private isNewThing(host: string, event: LogEvent, unusual: Unusual): boolean {
    const found = entityOf(event);
    const isHere = found !== undefined && this.isOfOldDaemon(host, event.time, found);
    const fresh = this.entities.note(host, event.time, found, isHere);
    if (!found || !fresh) return false;
    const score = fresh.seldom + unusual.hourNats;
    return this.teller.considerNewThing(newEntityAlert(event, host, found, {...fresh, score}), score);
  }

  /** The unit of a daemon that wrote for longer than a day was there all the time: it is only started anew. */
  private isOfOldDaemon(host: string, time: Micros, {kind, name}: Entity): boolean {
    return (
      kind === 'unit' && !this.entities.knows(host, {kind, name}) && this.streams.hasDaemon(host, name, time - day)
    );
  }

  private begin(host: string, event: LogEvent): Stream {
    const {stream, seldom} = this.streams.begin(host, event.provider, event.time);
    if (seldom !== undefined) this.teller.considerAlert(newProgramAlert(event, host, seldom), seldom);
    return stream;
  }

  private endSession(stream: Stream, session: Session): void {
    if (session.key !== '') this.judge(stream, session, endSymbol, session.last, undefined, undefined);
  }

  /** Scores the symbol, has told what must be, and learns it. */
  private judge(
    stream: Stream,
    session: Session,
    symbol: number,
    time: Micros,
    event: LogEvent | undefined,
    unusual: Unusual | undefined,
  ): void {
    let own = this.ngram.surprise(stream.id, session.context, session.length, symbol);
    if (own >= renewedNats && symbol !== endSymbol && this.renewed(stream, session, symbol, own)) {
      own = this.ngram.surprise(stream.id, session.context, session.length, symbol);
    }
    if (own >= leastFresh && stream.events > leastEvents && this.ngram.total(stream.id) === 0) stream.startOver();
    const opinion = this.ask(stream, session, symbol, own);
    const fresh = own >= leastFresh && this.ngram.seen(stream.id, [], 0, symbol) === 0;
    const misplaced = !fresh && own >= leastFresh && this.ngram.seen(stream.id, session.context, 1, symbol) === 0;
    const nats = this.surprise(stream, symbol, own, opinion, fresh);
    const verdict = this.follow(stream, session, symbol, own, opinion, fresh);
    const seldom = Math.max(
      fresh ? stream.noteNew(time) : stream.seldom(nats),
      verdict ? stream.seldomSession(verdict.nats) : Number.NEGATIVE_INFINITY,
    );
    const score = seldom + (unusual?.valueNats ?? 0) + (unusual?.hourNats ?? 0);
    const judged = {stream, session, symbol, time, event, fresh, misplaced, opinion, unusual, verdict, nats, score};
    const strange = this.teller.consider(judged);
    if (!strange && !fresh) stream.learnSurprise(nats);
    this.learn(stream, session, symbol, opinion);
  }

  /** Of the symbol in its context; where entries of several doings are mixed, also as one that belongs to another. */
  private surprise(
    stream: Stream,
    symbol: number,
    own: number,
    opinion: ModelOpinion | undefined,
    fresh: boolean,
  ): number {
    const nats = opinion && this.live ? this.live.mixed(opinion, own) : own;
    if (fresh) return nats;
    const alone = nats < 1 ? nats : this.ngram.surprise(stream.id, [], 0, symbol);
    return stream.mixed(nats, alone);
  }

  /** Keeps what a session's end will be judged by, and at the end judges it. */
  private follow(
    stream: Stream,
    session: Session,
    symbol: number,
    own: number,
    opinion: ModelOpinion | undefined,
    fresh: boolean,
  ) {
    const {trace} = session;
    const network = opinion && -Math.log(Math.max(opinion.probability, 1e-9));
    if (symbol === endSymbol) {
      stream.noteEnd(session.last);
      if (!trace) return undefined;
      trace.end(own, network);
      return stream.watch?.ended(trace);
    }
    const unknownRun = own >= leastFresh && this.ngram.seen(stream.id, session.context, session.length, symbol) === 0;
    trace?.add({symbol, ngram: own, unknownRun, unknown: fresh, ...(network === undefined ? {} : {network})});
    return undefined;
  }

  /** A process number used again within minutes: an end and a begin explain the symbol better than its context does. */
  private renewed(stream: Stream, session: Session, symbol: number, own: number): boolean {
    if (typeof session.key !== 'number' || session.recent.length === 0) return false;
    const end = this.ngram.surprise(stream.id, session.context, session.length, endSymbol);
    if (end + this.ngram.surprise(stream.id, [beginSymbol], 1, symbol) >= own) return false;
    this.ngram.learn(stream.id, session.context, session.length, endSymbol);
    restart(session);
    return true;
  }

  private ask(stream: Stream, session: Session, symbol: number, own: number): ModelOpinion | undefined {
    const {live} = this;
    if (!live) return undefined;
    if (this.busy && own < ordinaryNats) {
      this.skipped += 1;
      session.place = undefined;
      return undefined;
    }
    this.scored += 1;
    session.place ??= live.begin(stream.provider, session.length > 1 ? session.recent.slice(-contextLength) : []);
    const opinion = live.opinion(session.place, stream.provider, symbol);
    // That a session is over is known ten minutes late, and daemons have no end: the network alone is no reason.
    return symbol === endSymbol ? {...opinion, unexpected: false} : opinion;
  }

  /** What came is learned even where it was alerted on: else new software would be news each hour for ever. */
  private learn(stream: Stream, session: Session, symbol: number, opinion: ModelOpinion | undefined): void {
    this.ngram.learn(stream.id, session.context, session.length, symbol);
    remember(session, symbol);
    if (opinion && session.place) this.live?.advance(session.place, opinion.entry);
    if (session.hush > 0) session.hush -= 1;
  }
}

function isState(saved: unknown): saved is State {
  return typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === stateVersion;
}
