import type {Settings} from '../../config/settings.ts';
import {day, hour} from '../../event/clock.ts';
import type {FlowEvent, Micros} from '../../event/event.ts';
import {SecondChanceMap} from '../second-chance-map.ts';
import {hash52} from '../surprise/flows/hash.ts';
import {bytesText} from './amounts.ts';
import {destinationText, placeOf} from './destination.ts';
import {FadedSizes} from './faded-sizes.ts';
import {flowRules} from './rules.ts';
import type {SeenFlow} from './seen-flows.ts';
import type {Settled} from './settled.ts';
import type {Find, Watcher} from './watcher.ts';

const mostSenders = 512;
const mostPlaces = 4_096;
const savedPlaces = 1_024;
/** Less in one report is counted for the sender alone: such add up to a theft only over many services. */
const leastPlaced = 4_096;
/** What a machine sends in most of its busy hours. */
const usualPart = 0.95;
/** The most that a machine ever sent to one service is halved in so many days. */
const peakHalfLife = 14 * day;
const overPeak = 2;

interface WindowKind {
  readonly length: Micros;
  readonly word: string;
  /** Windows with traffic before anything is told, and after which what was seen counts half. */
  readonly least: number;
  readonly halfLife: number;
  /** Times the floor of an hour. */
  readonly floor: number;
}

/** An hour shows a burst, a day what leaves slowly. */
const hourly: WindowKind = {length: hour, word: 'hour', least: 12, halfLife: 24 * 7, floor: 1};
const daily: WindowKind = {length: day, word: 'day', least: 4, halfLife: 14, floor: 3};

/**
 * Bytes sent to outside addresses out of the ordinary for a machine: above a floor, several times what it sends in most
 * of its hours (and days), and twice the most it lately sent to that service. Learned from each sender's own past;
 * before there is enough of it nothing is told. A nightly copy to a provider is told of the first time.
 */
export class Exfiltration implements Watcher {
  readonly name = 'exfiltration';
  readonly #windows: readonly SentWindows[];
  readonly #find: Find;
  readonly #settled: Settled;

  constructor(
    find: Find,
    settled: Settled,
    settings: Pick<Settings['network'], 'exfiltration_megabytes' | 'exfiltration_factor'>,
  ) {
    this.#find = find;
    this.#settled = settled;
    const floor = settings.exfiltration_megabytes * 1_000_000;
    this.#windows = [hourly, daily].map(
      kind => new SentWindows(kind, floor * kind.floor, settings.exfiltration_factor),
    );
  }

  onFlow(seen: SeenFlow): void {
    const {flow, sourceInside, destinationOutside, sourceOutside, destinationInside, bytesOut, bytesIn} = seen;
    const outward = sourceInside && destinationOutside;
    if (!outward && !(sourceOutside && destinationInside)) return;
    const sent = outward ? bytesOut : bytesIn;
    // A call sends as much as it receives; what is carried off goes one way.
    if (sent <= 0 || isTwoWay(flow, outward)) return;
    const {host} = flow.origin;
    const sender = outward ? flow.sourceIp : flow.destinationIp;
    // Those who come from outside are many: they are one place.
    const place = outward ? placeOf(flow) : 'visitors';
    // Each window counts it; one tells.
    const [excess] = this.#windows.flatMap(windows => windows.add(`${host}\0${sender}`, place, sent, flow.last) ?? []);
    if (!excess || this.#settled.isLearning(host, flow.last)) return;
    this.#tell(excess, sender, outward ? destinationText(flow) : 'addresses that came in', flow);
  }

  save(): unknown {
    return this.#windows.map(windows => windows.save());
  }

  restore(state: unknown): void {
    if (!Array.isArray(state)) return;
    for (const [index, windows] of this.#windows.entries()) windows.restore(state[index]);
  }

  #tell({kind, sent, toPlace, usual, factor, peak}: Excess, sender: string, place: string, flow: FlowEvent): void {
    const to = toPlace === undefined ? 'to outside addresses' : `to ${place}`;
    const standing = this.#settled.of(flow.origin.host, placeOf(flow), flow.last);
    const times = usual > 0 ? `, ${Math.round(sent / usual)} times that` : '';
    this.#find({
      rule: flowRules.exfiltration,
      level: standing === 'new' ? flowRules.exfiltration.level : 'low',
      time: flow.last,
      host: flow.origin.host,
      entity: sender,
      event: flow,
      reason: () =>
        `${sender} sent ${bytesText(toPlace ?? sent)} ${to} within this ${kind.word}${times}: in 95 of 100 ${kind.word}s it ` +
        `sends less than ${bytesText(usual)} outside, and lately ${bytesText(peak)} at the most there. ` +
        `Told from ${factor} times the usual on.`,
      fields: {'network.sent': Math.round(toPlace ?? sent), 'network.sent.usual': Math.round(usual)},
    });
  }
}

const oneWay = 2;

function isTwoWay({bytesOut, bytesIn}: FlowEvent, outward: boolean): boolean {
  const [sent, received] = outward ? [bytesOut, bytesIn] : [bytesIn, bytesOut];
  return sent < oneWay * received;
}

interface Excess {
  readonly kind: WindowKind;
  /** By the sender in this window. */
  readonly sent: number;
  /** To the one service, where that alone is too much. */
  readonly toPlace: number | undefined;
  readonly usual: number;
  readonly factor: number;
  readonly peak: number;
}

interface Sums {
  window: number;
  sent: number;
  /** The most of a window, and when. */
  peak: number;
  peakAt: Micros;
  /** Bytes that were told in this window; again at ten times as much. */
  told: number;
}

interface Sender extends Sums {
  readonly sizes: FadedSizes;
  limit: number;
}

/** Sums of one window length, of each sender and of each (sender, service). */
class SentWindows {
  readonly #kind: WindowKind;
  readonly #floor: number;
  readonly #factor: number;
  readonly #senders = new SecondChanceMap<string, Sender>(mostSenders);
  readonly #places = new SecondChanceMap<number, Sums>(mostPlaces);

  constructor(kind: WindowKind, floor: number, factor: number) {
    this.#kind = kind;
    this.#floor = floor;
    this.#factor = factor;
  }

  add(key: string, placeName: string, sent: number, time: Micros): Excess | undefined {
    const window = Math.floor(time / this.#kind.length);
    const sender = this.#senders.getOrAdd(key, () => this.#newSender(window));
    if (window > sender.window) this.#close(sender, window);
    sender.sent += sent;
    const place = sent < leastPlaced ? undefined : this.#placeOf(`${key}\0${placeName}`, window);
    if (place) place.sent += sent;
    if (sender.sent < sender.limit || sender.sent < sender.told * 10) return undefined;
    return this.#excess(sender, place, time);
  }

  #placeOf(key: string, window: number): Sums {
    const place = this.#places.getOrAdd(hash52(key), () => newSums(window));
    if (window > place.window) closeSums(place, window, this.#kind.length);
    return place;
  }

  #excess(sender: Sender, place: Sums | undefined, time: Micros): Excess | undefined {
    const one = place && place.sent >= sender.limit && place.sent > overPeak * peakAt(place, time) ? place : undefined;
    if (!one && sender.sent <= overPeak * peakAt(sender, time)) return undefined;
    sender.told = sender.sent;
    return {
      kind: this.#kind,
      sent: sender.sent,
      toPlace: one?.sent,
      usual: sender.sizes.quantile(usualPart),
      factor: this.#factor,
      peak: peakAt(one ?? sender, time),
    };
  }

  save(): unknown {
    return {
      senders: [...this.#senders.entries()].map(([key, {window, sent, peak, peakAt: at, told, sizes}]) => [
        key,
        {window, sent, peak, peakAt: at, told},
        sizes.save(),
      ]),
      places: [...this.#places.entries()].slice(-savedPlaces),
    };
  }

  restore(state: unknown): void {
    const saved = (state ?? {}) as {
      senders?: [string, Sums, ReturnType<FadedSizes['save']>][];
      places?: [number, Sums][];
    };
    for (const [key, sums, sizes] of saved.senders ?? []) {
      const sender = Object.assign(this.#newSender(sums.window), sums);
      sender.sizes.restore(sizes);
      this.#setLimit(sender);
      this.#senders.set(key, sender);
    }
    for (const [key, sums] of saved.places ?? []) this.#places.set(key, sums);
  }

  #newSender(window: number): Sender {
    return {...newSums(window), sizes: new FadedSizes(this.#kind.halfLife), limit: Number.POSITIVE_INFINITY};
  }

  /** What was told counts as no more than the limit, or one theft would make the next one usual. */
  #close(sender: Sender, window: number): void {
    if (sender.sent > 0) sender.sizes.add(Math.min(sender.sent, sender.limit));
    closeSums(sender, window, this.#kind.length);
    this.#setLimit(sender);
  }

  #setLimit(sender: Sender): void {
    const {sizes} = sender;
    const usual = Math.max(this.#floor, this.#factor * sizes.quantile(usualPart));
    sender.limit = sizes.weight >= this.#kind.least * faded ? usual : Number.POSITIVE_INFINITY;
  }
}

/** So much is left of the least number of windows by then, as each weighs a little less than the next. */
const faded = 0.85;

function newSums(window: number): Sums {
  return {window, sent: 0, peak: 0, peakAt: 0, told: 0};
}

function closeSums(sums: Sums, window: number, length: Micros): void {
  const end = (sums.window + 1) * length;
  if (sums.sent >= peakAt(sums, end)) {
    sums.peak = sums.sent;
    sums.peakAt = end;
  }
  sums.window = window;
  sums.sent = 0;
  sums.told = 0;
}

function peakAt({peak, peakAt: at}: Sums, time: Micros): number {
  return peak * 0.5 ** (Math.max(0, time - at) / peakHalfLife);
}
