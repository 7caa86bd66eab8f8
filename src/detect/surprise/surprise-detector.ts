import {day} from '../../event/clock.ts';
import type {Alert, Event, LogEvent, Micros} from '../../event/event.ts';
import type {Detector} from '../detector.ts';
import {AlertRate} from './alert-rate.ts';
import type {NewValue} from './field-values.ts';
import {findingAlert, isWindows, newProgramAlert} from './finding.ts';
import {HostNovelty, type HostNoveltySnapshot} from './host-novelty.ts';
import {endEntry, type LearnedModel, type ModelFacts} from './learned-model.ts';
import {LiveModel} from './live-model.ts';
import {rankOf} from './lstm/rank.ts';
import {loadModel} from './model-file.ts';
import {Ngram, type NgramSnapshot} from './ngram.ts';
import {sessionKeyOf} from './session-key.ts';
import {contextLength, leastEvents, remember, restart, type Session, Stream, type StreamSnapshot} from './stream.ts';
import {Suppression} from './suppression.ts';
import {beginSymbol, endSymbol, type SymbolsSnapshot, SymbolTable, symbolText} from './symbols.ts';

export interface SurpriseOptions {
  /** Wanted alerts a day for the whole machine. */
  readonly alertsPerDay: number;
}

export interface SurpriseStats {
  /** Mean of a computed network step; 0 without a model. */
  readonly stepMicros: number;
  /** Events the model scored, and those left to the n-gram since the engine was behind. */
  readonly scored: number;
  readonly skipped: number;
  /** Findings held back since the same was told within the hour, or the alert before still is in the context. */
  readonly suppressed: number;
  readonly streams: number;
  readonly streamsReady: number;
  readonly templates: number;
}

interface State {
  readonly version: typeof stateVersion;
  readonly symbols: SymbolsSnapshot;
  readonly ngram: NgramSnapshot;
  readonly streams: readonly StreamSnapshot[];
  readonly hosts: readonly (readonly [string, HostNoveltySnapshot])[];
  readonly rate: ReturnType<AlertRate['snapshot']>;
  readonly suppression: ReturnType<Suppression['snapshot']>;
}

/** What the network says of one symbol. */
interface Opinion {
  readonly entry: number;
  readonly probability: number;
  readonly unexpected: boolean;
}

const stateVersion = 2;
const maxStreams = 500;
/** Never alerted on below this: p = 0.7 %. */
const leastNats = 5;
/** Below this the n-gram finds an event ordinary, and while the engine is behind the network is not asked. */
const ordinaryNats = 2;
/** What never came has p ≤ 1/2: below this nothing is new, and need not be looked up. */
const leastFresh = 0.69;
const expectedShown = 5;
/** After an alert its symbol stays in the session's context for a while, and makes what follows look strange too. */
const hushedEvents = 10;

/**
 * Learns what is normal for each stream of log entries and says what is not: log templates as symbols, an online
 * n-gram from the first minute, the trained network where there is one, a SPOT threshold a stream, and corroborators
 * that must agree. Called as every detector; log entries only.
 */
export class SurpriseDetector implements Detector {
  readonly id = 'surprise';
  private readonly table = new SymbolTable();
  private readonly ngram = new Ngram({order: contextLength});
  private readonly rate: AlertRate;
  private readonly suppression = new Suppression();
  private readonly streams = new Map<string, Map<string, Stream>>();
  private readonly hosts = new Map<string, HostNovelty>();
  private streamCount = 0;
  private live: LiveModel | undefined;
  private busy = false;
  private scored = 0;
  private skipped = 0;
  private suppressed = 0;
  private found: Alert[] = [];

  constructor(options: SurpriseOptions) {
    this.rate = new AlertRate(options.alertsPerDay);
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    this.found = [];
    for (const event of batch) if (event.kind === 'log') this.observe(event);
    const newest = batch.at(-1);
    return newest ? [...this.found, ...this.suppression.takeOver(newest.time)] : this.found;
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
    for (const stream of this.allStreams()) {
      for (const [, session] of stream.sessions.entries()) session.place = undefined;
    }
  }

  get model(): ModelFacts | undefined {
    return this.live?.model.facts;
  }

  /** 0–1: how far the stream that has learned most is from being judged. Below 1, nothing can be alerted on. */
  progress(): number {
    let most = 0;
    for (const stream of this.allStreams()) most = Math.max(most, stream.ready ? 1 : Math.min(0.99, stream.progress));
    return most;
  }

  stats(): SurpriseStats {
    let ready = 0;
    for (const stream of this.allStreams()) if (stream.ready) ready += 1;
    return {
      stepMicros: this.live?.memo.stepMicros ?? 0,
      scored: this.scored,
      skipped: this.skipped,
      suppressed: this.suppressed,
      streams: this.streamCount,
      streamsReady: ready,
      templates: this.table.drain.size,
    };
  }

  save(): State {
    return {
      version: stateVersion,
      symbols: this.table.snapshot(),
      ngram: this.ngram.snapshot(),
      streams: [...this.allStreams()].map(stream => stream.snapshot()),
      hosts: [...this.hosts].map(([host, novelty]) => [host, novelty.snapshot()]),
      rate: this.rate.snapshot(),
      suppression: this.suppression.snapshot(),
    };
  }

  /** State of another version is left aside: learning begins again. */
  restore(saved: unknown): void {
    if (!isState(saved)) return;
    this.table.restore(saved.symbols);
    this.ngram.restore(saved.ngram);
    this.rate.restore(saved.rate);
    this.suppression.restore(saved.suppression);
    for (const [host, novelty] of saved.hosts) this.host(host).restore(novelty);
    this.streams.clear();
    this.streamCount = 0;
    for (const snapshot of saved.streams) this.addStream(snapshot.host, snapshot.provider).restore(snapshot);
  }

  private observe(event: LogEvent): void {
    const host = event.host ?? event.origin.host;
    const stream = this.streamOf(host, event);
    stream.count(event.time);
    this.rate.count(event.time);
    const value = stream.values.observe(event);
    const symbol = this.table.symbolOf(event);
    const session = stream.sessions.touch(sessionKeyOf(event), event.time);
    this.judge(stream, session, symbol, event.time, event, value);
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

  /** Scores the symbol, alerts where it must, and learns it. */
  private judge(
    stream: Stream,
    session: Session,
    symbol: number,
    time: Micros,
    event: LogEvent | undefined,
    value: NewValue | undefined,
  ): void {
    let own = this.ngram.surprise(stream.id, session.context, session.length, symbol);
    if (own >= leastNats && symbol !== endSymbol && this.renewed(stream, session, symbol, own)) {
      own = this.ngram.surprise(stream.id, session.context, session.length, symbol);
    }
    if (own >= leastFresh && stream.events > leastEvents && this.ngram.total(stream.id) === 0) stream.startOver();
    const opinion = this.ask(session, symbol, own);
    const nats = opinion ? this.mixed(own, opinion) : own;
    const fresh = own >= leastFresh && this.ngram.seen(stream.id, [], 0, symbol) === 0;
    const settled = fresh ? stream.noteNew(time) : 'no';
    const alerted =
      stream.ready && this.alert({stream, session, symbol, time, event, value, nats, fresh, settled, opinion});
    if (!alerted) stream.learnSurprise(nats);
    this.learn(stream, session, symbol, opinion);
  }

  private ask(session: Session, symbol: number, own: number): Opinion | undefined {
    const {live} = this;
    if (!live) return undefined;
    if (this.busy && own < ordinaryNats) {
      this.skipped += 1;
      session.place = undefined;
      return undefined;
    }
    this.scored += 1;
    session.place ??= live.begin(session.length > 1 ? session.recent.slice(-contextLength) : []);
    const {probabilities} = session.place.context.state;
    const entry = live.entryOf(symbol);
    const probability = probabilities[entry] ?? 0;
    const {threshold, rank} = live.model.facts;
    const unexpected = -Math.log(probability) > threshold && rankOf(probabilities, entry) >= rank;
    return {entry, probability, unexpected};
  }

  private mixed(own: number, {probability}: Opinion): number {
    const mix = this.live?.model.facts.mix ?? 0;
    return -Math.log(mix * probability + (1 - mix) * Math.exp(-own));
  }

  /** What came is learned even where it was alerted on: else new software would be news each hour for ever. */
  private learn(stream: Stream, session: Session, symbol: number, opinion: Opinion | undefined): void {
    this.ngram.learn(stream.id, session.context, session.length, symbol);
    remember(session, symbol);
    if (opinion && session.place) this.live?.advance(session.place, opinion.entry, session.recent);
    if (session.hush > 0) session.hush -= 1;
  }

  private alert(judged: Judged): boolean {
    const {stream, session, symbol, time, nats, fresh} = judged;
    const threshold = Math.max(leastNats, stream.spot.threshold(this.rate.risk));
    const corroborators = this.corroborators(judged);
    if (!isUnexpected(judged, threshold, corroborators.length)) return false;
    const key = `${stream.id} ${symbol}`;
    if (session.hush > 0 || this.suppression.pass(key, time) === 0) {
      this.suppressed += 1;
      return true;
    }
    session.hush = hushedEvents;
    const {event} = judged;
    const alert = findingAlert({
      type: fresh ? 'new' : 'sequence',
      host: stream.host,
      provider: stream.provider,
      entity: stream.entity,
      time,
      event,
      windows: event !== undefined && isWindows(event),
      came: this.table.text(symbol),
      expected: this.expected(judged),
      nats,
      threshold,
      corroborators,
      last: session.recent.map(recent => this.table.text(recent)),
      events: stream.events - 1,
    });
    this.suppression.note(key, alert);
    this.found.push(alert);
    return true;
  }

  private corroborators({stream, session, symbol, opinion, fresh, value}: Judged): string[] {
    const found: string[] = [];
    if (fresh) found.push('it never came in this stream before');
    else if (this.ngram.seen(stream.id, session.context, 1, symbol) === 0) {
      const [before] = session.recent.slice(-1);
      found.push(before === undefined ? 'no session began so' : `it never came after ${this.table.text(before)}`);
    }
    // That a session is over is known ten minutes late, and daemons have no end: the model alone is not enough.
    if (opinion?.unexpected && (symbol !== endSymbol || found.length > 0)) {
      found.push(`the trained model gives it ${(opinion.probability * 100).toPrecision(1)} %`);
    }
    if (value) found.push(`${value.field} “${value.value}” is new beside ${value.known} known`);
    return found;
  }

  private expected({stream, session, opinion}: Judged): {text: string; probability: number}[] {
    if (opinion && session.place && this.live && this.live.model.facts.mix >= 0.5) {
      return this.live.expected(session.place, stream.provider, expectedShown).map(({entry, name, probability}) => ({
        text: entry === endEntry ? this.table.text(endSymbol) : symbolText(name),
        probability,
      }));
    }
    return this.ngram
      .predict(stream.id, session.context, session.length, expectedShown)
      .map(({symbol, probability}) => ({text: this.table.text(symbol), probability}));
  }

  private streamOf(host: string, event: LogEvent): Stream {
    const novelty = this.host(host);
    novelty.count(event.time);
    const known = this.streams.get(host)?.get(event.provider);
    if (known) return known;
    const quiet = novelty.note(event.provider, event.time);
    if (quiet !== undefined) this.found.push(newProgramAlert(event, host, quiet / day));
    return this.addStream(host, event.provider);
  }

  private addStream(host: string, provider: string): Stream {
    if (this.streamCount >= maxStreams) this.dropStream();
    const stream = new Stream(host, provider, (of, session) => {
      if (session.key !== '') this.judge(of, session, endSymbol, session.last, undefined, undefined);
    });
    const siblings = this.streams.get(host) ?? new Map<string, Stream>();
    this.streams.set(host, siblings.set(provider, stream));
    this.streamCount += 1;
    return stream;
  }

  private dropStream(): void {
    let oldest: Stream | undefined;
    for (const stream of this.allStreams()) if (!oldest || stream.last < oldest.last) oldest = stream;
    if (!oldest) return;
    this.streams.get(oldest.host)?.delete(oldest.provider);
    this.streamCount -= 1;
  }

  private host(host: string): HostNovelty {
    const known = this.hosts.get(host);
    if (known) return known;
    const novelty = new HostNovelty();
    this.hosts.set(host, novelty);
    return novelty;
  }

  private *allStreams(): IterableIterator<Stream> {
    for (const siblings of this.streams.values()) yield* siblings.values();
  }
}

interface Judged {
  readonly stream: Stream;
  readonly session: Session;
  readonly symbol: number;
  readonly time: Micros;
  readonly event: LogEvent | undefined;
  readonly value: NewValue | undefined;
  readonly nats: number;
  /** Never in this stream before; and if so, whether the stream had stopped producing such, an hour or a day ago. */
  readonly fresh: boolean;
  readonly settled: 'no' | 'hour' | 'day';
  readonly opinion: Opinion | undefined;
}

/**
 * Something new counts in a stream that had settled: for a day, or for an hour if the surprise is over the threshold
 * too. Something known must be over the threshold and have a corroborator.
 */
function isUnexpected({nats, fresh, settled}: Judged, threshold: number, corroborators: number): boolean {
  if (nats <= leastNats) return false;
  if (fresh) return settled === 'day' || (settled === 'hour' && nats > threshold);
  return nats > threshold && corroborators > 0;
}

function isState(saved: unknown): saved is State {
  return typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === stateVersion;
}
