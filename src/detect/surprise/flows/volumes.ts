import {minute} from '../../../event/clock.ts';
import type {FlowEvent, Micros} from '../../../event/event.ts';
import {SecondChanceMap} from '../../second-chance-map.ts';
import {Spot, type SpotSnapshot} from '../threshold.ts';

/** A five-minute sum beyond what its (source, service) has. */
export interface Excess {
  readonly what: 'bytes sent' | 'flows';
  readonly value: number;
  readonly limit: number;
  /** −ln of the chance of such a sum. */
  readonly nats: number;
  /** Windows in a row that were beyond the limit, with this one. */
  readonly inRow: number;
}

interface Volume {
  window: number;
  bytes: number;
  flows: number;
  alerted: boolean;
  /** Whether this window is beyond the limit, and how many in a row before it were. */
  beyond: boolean;
  before: number;
  readonly bytesSpot: Spot;
  readonly flowsSpot: Spot;
  /** The sums that are told of at least; they change when a window is learned. */
  leastBytes: number;
  leastFlows: number;
}

export type VolumesSnapshot = readonly (readonly [
  key: string,
  window: number,
  bytes: number,
  flows: number,
  alerted: boolean,
  beyond: boolean,
  before: number,
  bytesSpot: SpotSnapshot,
  flowsSpot: SpotSnapshot,
])[];

const windowLength: Micros = 5 * minute;
const maxVolumes = 200;
/** Twelve hours of windows with traffic; the level is a quantile of logarithms of sums. */
const spotOptions = {calibration: 144, level: 0.95, excesses: 100, drift: 0} as const;
const risk = 1e-4;
/** The least surprise of an excess. */
export const excessNats = -Math.log(risk);
/** What is claimed of a sum never exceeds what so few windows can show: 6e-6. */
const leastRisk = 6e-6;
/** A service that always does the same has no tail: twice as much is the least to be told, and not of next to nothing. */
const leastFactor = Math.LN2;
const leastTold = {'bytes sent': 50_000, flows: 30} as const;

/**
 * How much each source does over each service in five minutes: bytes sent and flows, each with a SPOT threshold on its
 * logarithm. What many small flows carry, no single flow shows.
 */
export class Volumes {
  private readonly volumes = new SecondChanceMap<string, Volume>(maxVolumes);

  /** Counts the flow; what is beyond the limit with it, the more surprising of the two. */
  add(key: string, flow: FlowEvent, time: Micros): Excess | undefined {
    const volume = this.volumes.getOrAdd(key, newVolume);
    const window = Math.floor(time / windowLength);
    if (window > volume.window) close(volume, window);
    volume.bytes += Math.max(0, flow.bytesOut) || 0;
    volume.flows += 1;
    if (volume.bytes < volume.leastBytes && volume.flows < volume.leastFlows) return undefined;
    const bytes = volume.bytes < volume.leastBytes ? undefined : excess('bytes sent', volume.bytes, volume.bytesSpot);
    const flows = volume.flows < volume.leastFlows ? undefined : excess('flows', volume.flows, volume.flowsSpot);
    const found = (flows?.nats ?? 0) > (bytes?.nats ?? 0) ? flows : bytes;
    if (found) volume.beyond = true;
    return found && {...found, inRow: volume.before + 1};
  }

  /** The window under way was alerted on: what it has more than usual is not learned. */
  alerted(key: string): void {
    const volume = this.volumes.peek(key);
    if (volume) volume.alerted = true;
  }

  snapshot(): VolumesSnapshot {
    return [...this.volumes.entries()].map(
      ([key, {window, bytes, flows, alerted, beyond, before, bytesSpot, flowsSpot}]) => [
        key,
        window,
        bytes,
        flows,
        alerted,
        beyond,
        before,
        bytesSpot.snapshot(),
        flowsSpot.snapshot(),
      ],
    );
  }

  restore(snapshot: VolumesSnapshot): void {
    for (const [key, window, bytes, flows, alerted, beyond, before, bytesSpot, flowsSpot] of snapshot) {
      const volume = {...newVolume(), window, bytes, flows, alerted, beyond, before};
      volume.bytesSpot.restore(bytesSpot);
      volume.flowsSpot.restore(flowsSpot);
      setLimits(volume);
      this.volumes.set(key, volume);
    }
  }
}

/** An alerted window counts as one at the limit, so that what stays high becomes usual in time. */
function close(volume: Volume, window: number): void {
  if (volume.flows > 0) {
    learn(volume.bytesSpot, volume.bytes, volume.alerted);
    learn(volume.flowsSpot, volume.flows, volume.alerted);
    setLimits(volume);
  }
  volume.before = volume.beyond && window === volume.window + 1 ? volume.before + 1 : 0;
  volume.window = window;
  volume.beyond = false;
  volume.bytes = 0;
  volume.flows = 0;
  volume.alerted = false;
}

function learn(spot: Spot, sum: number, alerted: boolean): void {
  spot.learn(alerted ? Math.min(Math.log1p(sum), spot.threshold(risk)) : Math.log1p(sum));
}

function setLimits(volume: Volume): void {
  volume.leastBytes = leastOf('bytes sent', volume.bytesSpot);
  volume.leastFlows = leastOf('flows', volume.flowsSpot);
}

function leastOf(what: Excess['what'], spot: Spot): number {
  return Math.max(leastTold[what], Math.expm1(spot.threshold(risk) + leastFactor));
}

function excess(what: Excess['what'], value: number, spot: Spot): Omit<Excess, 'inRow'> {
  const rarity = spot.rarity(Math.log1p(value));
  const nats = Number.isFinite(rarity) ? Math.max(excessNats, Math.min(-Math.log(leastRisk), rarity)) : excessNats;
  return {what, value, limit: Math.expm1(spot.threshold(risk)), nats};
}

function newVolume(): Volume {
  return {
    window: 0,
    bytes: 0,
    flows: 0,
    alerted: false,
    beyond: false,
    before: 0,
    bytesSpot: new Spot(spotOptions),
    flowsSpot: new Spot(spotOptions),
    leastBytes: Number.POSITIVE_INFINITY,
    leastFlows: Number.POSITIVE_INFINITY,
  };
}
