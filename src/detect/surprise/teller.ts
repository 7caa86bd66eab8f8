import type {Alert, Micros} from '../../event/event.ts';
import {findingAlert, isWindows} from './finding.ts';
import {hasReason, type Judged, reasons} from './judged.ts';
import {endEntry} from './learned-model.ts';
import type {LiveModel} from './live-model.ts';
import type {Ngram} from './ngram.ts';
import {RecurrenceBar, type RecurrenceBarSnapshot} from './recurrence-bar.ts';
import {hush} from './stream.ts';
import {Suppression, type SuppressionSnapshot} from './suppression.ts';
import {endSymbol, type SymbolTable, symbolText} from './symbols.ts';

export interface TellerOptions {
  readonly alertsPerDay: number;
  readonly newThingsPerDay: number;
}

export interface TellerSnapshot {
  readonly bar: RecurrenceBarSnapshot;
  readonly newThings: RecurrenceBarSnapshot;
  readonly suppression: SuppressionSnapshot;
}

const expectedShown = 5;
/** A stream that was told of often must be the stranger for it: what its alerts lately weigh, by a logarithm. */
const habitWeight = 0.5;

/**
 * Decides what of all that is unexpected an analyst is told, and says it: what is seldom enough for the wanted number
 * of alerts a day, has a reason that can be followed, was not told within the hour, and is not what analysts have
 * called false again and again.
 */
export class Teller {
  live: LiveModel | undefined;
  /** Findings held back: told within the hour or just before, and those that verdicts call false. */
  suppressed = 0;
  heldBack = 0;
  private found: Alert[] = [];
  private readonly bar: RecurrenceBar;
  private readonly newThings: RecurrenceBar;
  private readonly suppression = new Suppression();
  private readonly table: SymbolTable;
  private readonly ngram: Ngram;

  constructor({alertsPerDay, newThingsPerDay}: TellerOptions, table: SymbolTable, ngram: Ngram) {
    this.bar = new RecurrenceBar(alertsPerDay);
    // The memory of things has a time of taking inventory of its own.
    this.newThings = new RecurrenceBar(newThingsPerDay, {quietTime: 0});
    this.table = table;
    this.ngram = ngram;
  }

  /** 0–1: how far it is from the first alert. */
  progress(time: Micros): number {
    return this.bar.progress(time);
  }

  /** Takes one judged symbol. True where it is no normal life, told or not. */
  consider(judged: Judged): boolean {
    const {stream, session, symbol, time, score} = judged;
    if (score <= this.bar.least || !hasReason(judged)) return false;
    const level = score - habitWeight * Math.log1p(stream.alertsLately(time));
    const bar = this.bar.at(time);
    if (session.hush > 0 && level > bar) {
      this.suppressed += 1;
      return true;
    }
    this.bar.note(time, level);
    if (level <= bar) return false;
    this.tell(judged, bar, `${stream.id} ${symbol}`);
    hush(session);
    return true;
  }

  /** Takes an alert that is as seldom as `score` says and needs no other reason. */
  considerAlert(alert: Alert, score: number): void {
    const bar = this.bar.at(alert.time);
    this.bar.note(alert.time, score);
    if (score > bar) this.found.push(alert);
  }

  /**
   * Takes an alert for something lasting that is new. These have a bar of their own: how often there is anything new of
   * a kind says another thing than how surprising an entry is. True where it is told.
   */
  considerNewThing(alert: Alert, score: number): boolean {
    if (score <= this.newThings.least) return false;
    const bar = this.newThings.at(alert.time);
    this.newThings.note(alert.time, score);
    if (score <= bar) return false;
    this.found.push(alert);
    return true;
  }

  /** What was found since the last time, with what was held back in hours that are over. */
  take(time: Micros): readonly Alert[] {
    const found = [...this.found, ...this.suppression.takeOver(time)];
    this.found = [];
    return found;
  }

  snapshot(): TellerSnapshot {
    return {
      bar: this.bar.snapshot(),
      newThings: this.newThings.snapshot(),
      suppression: this.suppression.snapshot(),
    };
  }

  restore({bar, newThings, suppression}: TellerSnapshot): void {
    this.bar.restore(bar);
    this.newThings.restore(newThings);
    this.suppression.restore(suppression);
  }

  private tell(judged: Judged, bar: number, key: string): void {
    const alert = this.alertOf(judged, bar);
    if (this.isSurelyFalse(judged, alert)) {
      this.heldBack += 1;
      return;
    }
    if (this.suppression.pass(key, judged.time) === 0) {
      this.suppressed += 1;
      return;
    }
    judged.stream.noteAlert(judged.time);
    this.suppression.note(key, alert);
    this.found.push(alert);
  }

  private alertOf(judged: Judged, threshold: number): Alert {
    const {stream, session, symbol, time, event, fresh, verdict, score, nats} = judged;
    const last = session.recent.map(recent => this.table.text(recent));
    return findingAlert({
      type: verdict ? 'session' : fresh ? 'new' : 'sequence',
      host: stream.host,
      provider: stream.provider,
      entity: stream.entity,
      time,
      event,
      windows: event !== undefined && isWindows(event),
      came: this.table.text(symbol),
      expected: this.expected(judged),
      nats,
      score,
      threshold,
      corroborators: reasons(judged, last.at(-1) ?? ''),
      last,
      events: stream.events - 1,
    });
  }

  /** By what analysts said of alerts like it. */
  private isSurelyFalse({session: {place}}: Judged, {rule, fields}: Alert): boolean {
    return place !== undefined && (this.live?.holdsBack(place, {rule: rule.id, fields: fields ?? {}}) ?? false);
  }

  private expected({stream, session, opinion}: Judged): {text: string; probability: number}[] {
    const {live, table} = this;
    if (opinion && session.place && live && opinion.mix >= 0.5) {
      return live.expected(session.place, expectedShown).map(({entry, name, probability}) => ({
        text: entry === endEntry ? table.text(endSymbol) : symbolText(name),
        probability,
      }));
    }
    return this.ngram
      .predict(stream.id, session.context, session.length, expectedShown)
      .map(({symbol, probability}) => ({text: table.text(symbol), probability}));
  }
}
