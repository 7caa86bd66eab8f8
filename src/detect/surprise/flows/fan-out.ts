import {day, minute} from '../../../event/clock.ts';
import type {FlowEvent, Micros} from '../../../event/event.ts';
import {HourCount, type SavedHourCount} from '../../hour-count.ts';
import {SecondChanceMap} from '../../second-chance-map.ts';
import {type SavedMost, UsualMost} from '../../usual-most.ts';
import {hash52} from './hash.ts';
import type {Site} from './site.ts';

/** More places tried without an answer within five minutes than there should be. */
export interface Spread {
  readonly places: number;
  readonly most: number;
}

interface Source {
  window: number;
  readonly places: Set<number>;
  readonly hours: HourCount;
  readonly most: UsualMost;
}

export type FanOutSnapshot = readonly [
  first: Micros,
  strangers: SavedMost,
  sources: readonly (readonly [address: string, hours: SavedHourCount, most: SavedMost])[],
];

const windowLength: Micros = 5 * minute;
const leastPlaces = 30;
const mostPlaces = 4_096;
const maxSources = 1_024;
const savedSources = 200;
/** A source outside that was there in so many hours lately has habits of its own: the machine's own address. */
const familiarHours = 8;
const leastTime: Micros = day;
const ported: ReadonlySet<string> = new Set(['tcp', 'udp']);

/**
 * How many different places (address and port) each source tries in vain within five minutes: few, unless it looks for
 * what is there. Sources inside and familiar ones are measured by what they did before, strangers by each other.
 */
export class FanOut {
  readonly #sources = new SecondChanceMap<string, Source>(maxSources);
  readonly #strangers = new UsualMost(leastPlaces);
  readonly #site: Site;
  #first: Micros = 0;

  constructor(site: Site) {
    this.#site = site;
  }

  add(flow: FlowEvent): Spread | undefined {
    const {sourceIp, last} = flow;
    if (this.#first === 0) this.#first = last;
    const source = this.#sources.getOrAdd(sourceIp, newSource);
    source.hours.note(last);
    if (!(flow.state === 'S0' || flow.state === 'REJ') || !ported.has(flow.transport)) return undefined;
    const places = addPlace(source, flow);
    const isOwn = this.#site.isInside(sourceIp) || source.hours.at(last) >= familiarHours;
    const most = isOwn ? source.most : this.#strangers;
    const spread = most.isFarExceeded(last, places) && last - this.#first >= leastTime;
    const before = most.before;
    most.note(last, places);
    return spread ? {places, most: before} : undefined;
  }

  snapshot(): FanOutSnapshot {
    const sources = [...this.#sources.entries()].slice(-savedSources);
    return [
      this.#first,
      this.#strangers.toJson(),
      sources.map(([address, {hours, most}]) => [address, hours.toJson(), most.toJson()]),
    ];
  }

  restore([first, strangers, sources]: FanOutSnapshot): void {
    this.#first = first;
    this.#strangers.restore(strangers);
    for (const [address, hours, most] of sources) {
      const source = newSource();
      source.hours.restore(hours);
      source.most.restore(most);
      this.#sources.set(address, source);
    }
  }
}

function addPlace(source: Source, {destinationIp, destinationPort, last}: FlowEvent): number {
  const window = Math.floor(last / windowLength);
  if (window > source.window) {
    source.window = window;
    source.places.clear();
  }
  if (source.places.size < mostPlaces) source.places.add(hash52(`${destinationIp} ${destinationPort}`));
  return source.places.size;
}

function newSource(): Source {
  return {window: 0, places: new Set(), hours: new HourCount(), most: new UsualMost(leastPlaces)};
}
