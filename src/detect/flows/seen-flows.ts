import type {FlowEvent, Micros, Origin} from '../../event/event.ts';
import {SecondChanceMap} from '../second-chance-map.ts';
import {isInside} from '../surprise/flows/address-kind.ts';
import {hash52, joined52} from '../surprise/flows/hash.ts';
import type {Site} from '../surprise/flows/site.ts';

/** A report of a flow with what it adds to the reports before. */
export interface SeenFlow {
  readonly flow: FlowEvent;
  /** The first report of this flow. */
  readonly isNew: boolean;
  /** Since the report before. */
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly packetsOut: number;
  readonly packetsIn: number;
  readonly sourceInside: boolean;
  readonly destinationInside: boolean;
  /** The destination is an address of the internet: not of this site, no group, no broadcast. */
  readonly destinationOutside: boolean;
  readonly sourceOutside: boolean;
  /** Stays with the flow from report to report: what was told of it. */
  readonly memory: FlowMemory;
}

export interface FlowMemory {
  bytesOut: number;
  bytesIn: number;
  packetsOut: number;
  packetsIn: number;
  last: Micros;
  longTold: boolean;
  answered: boolean;
  /** Which of what it names was looked up in lists of indicators: bits of the watcher's own. */
  looked: number;
}

/** Flows that go on, at most: as many as the sensor follows by default. */
const mostFlows = 65_536;

/**
 * Turns reports of flows into what each adds. A flow is reported when it begins, each ten seconds while it goes on and
 * when it ends, always as the same (epoch, position); other sensors tell it once, at its end.
 */
export class SeenFlows {
  readonly #open: SecondChanceMap<number, FlowMemory>;
  readonly #epochs = new WeakMap<Origin, number>();
  readonly #site: Site;

  constructor(site: Site, limit = mostFlows) {
    this.#site = site;
    this.#open = new SecondChanceMap(limit);
  }

  get open(): number {
    return this.#open.size;
  }

  see(flow: FlowEvent): SeenFlow {
    const key = joined52(this.#epochOf(flow.origin), flow.position);
    const known = this.#open.get(key);
    const memory = known ?? newMemory();
    const seen = seenFlow(flow, memory, known === undefined, this.#site);
    memory.bytesOut = flow.bytesOut;
    memory.bytesIn = flow.bytesIn;
    memory.packetsOut = flow.packetsOut;
    memory.packetsIn = flow.packetsIn;
    memory.last = flow.last;
    if (flow.ended) {
      if (known) this.#open.delete(key);
    } else if (!known) {
      this.#open.set(key, memory);
    }
    return seen;
  }

  #epochOf(origin: Origin): number {
    const known = this.#epochs.get(origin);
    if (known !== undefined) return known;
    const epoch = hash52(`${origin.host}\0${origin.source}\0${origin.epoch}`);
    this.#epochs.set(origin, epoch);
    return epoch;
  }
}

function newMemory(): FlowMemory {
  return {bytesOut: 0, bytesIn: 0, packetsOut: 0, packetsIn: 0, last: 0, longTold: false, answered: false, looked: 0};
}

function seenFlow(flow: FlowEvent, memory: FlowMemory, isNew: boolean, site: Site): SeenFlow {
  const source = site.kindOf(flow.sourceIp);
  const destination = site.kindOf(flow.destinationIp);
  return {
    flow,
    isNew,
    bytesOut: Math.max(0, flow.bytesOut - memory.bytesOut),
    bytesIn: Math.max(0, flow.bytesIn - memory.bytesIn),
    packetsOut: Math.max(0, flow.packetsOut - memory.packetsOut),
    packetsIn: Math.max(0, flow.packetsIn - memory.packetsIn),
    sourceInside: isInside(source),
    destinationInside: isInside(destination),
    destinationOutside: destination === 'public' && isRealAddress(flow.destinationIp),
    sourceOutside: source === 'public' && isRealAddress(flow.sourceIp),
    memory,
  };
}

/** Nobody has these; an empty one stands for many, in a flood. */
function isRealAddress(address: string): boolean {
  return address !== '' && address !== '0.0.0.0' && address !== '::';
}
