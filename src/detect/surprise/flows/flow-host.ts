import {day, hour} from '../../../event/clock.ts';
import type {FlowEvent, Micros} from '../../../event/event.ts';
import {SecondChanceMap} from '../../second-chance-map.ts';
import {Spot, type SpotSnapshot} from '../threshold.ts';
import {FanOut, type FanOutSnapshot} from './fan-out.ts';
import {addDamped, type Damped, featureCount, newDamped, writeFeatures} from './flow-features.ts';
import type {Rhythm} from './flow-letters.ts';
import {hash52} from './hash.ts';
import {type AutoencoderSnapshot, LinearAutoencoder} from './linear-autoencoder.ts';
import {Novelty, type NoveltySnapshot} from './novelty.ts';
import type {Site} from './site.ts';
import {Volumes, type VolumesSnapshot} from './volumes.ts';

/** Flows and event time that a host is learned from before it may alert. */
const leastFlows = 2_000;
const leastFlowsWithBaseline = 300;
const leastTime: Micros = hour;
/** The first flows are all surprising; the threshold is calibrated on those after. */
const warmUp = 300;
const maxSources = 2_048;
const savedSources = 500;
const everyShape = 8_000;

export interface FlowHostSnapshot {
  readonly flows: number;
  readonly first: Micros;
  readonly last: Micros;
  readonly hasBaseline: boolean;
  readonly spot: SpotSnapshot;
  readonly shapes: AutoencoderSnapshot;
  readonly novelty: NoveltySnapshot;
  readonly volumes: VolumesSnapshot;
  readonly fanOut: FanOutSnapshot;
  readonly sources: readonly (readonly [number, Damped])[];
}

/** The start that a host may get from the shipped baseline. */
export interface HostStart {
  readonly spot: SpotSnapshot;
  readonly shapes: AutoencoderSnapshot;
}

/** Rows of local traffic that outweigh the baseline's. */
const baselineRows = 2_000;

/** What is learned of the flows that one machine sees, beside their letters. */
export class FlowHost {
  readonly spot = new Spot();
  readonly shapes = new LinearAutoencoder(featureCount);
  readonly novelty = new Novelty();
  readonly volumes = new Volumes();
  readonly fanOut: FanOut;
  private readonly sources = new SecondChanceMap<number, Damped>(maxSources);
  /** Names the host in hashes. */
  readonly hash: number;
  private readonly row = new Float64Array(featureCount);
  private flows = 0;
  private first: Micros = 0;
  private last: Micros = 0;
  private hasBaseline = false;

  constructor(name: string, site: Site) {
    this.fanOut = new FanOut(site);
    this.hash = hash52(name);
  }

  /** 0–1: how far the host is from being judged. */
  get progress(): number {
    const least = this.hasBaseline ? leastFlowsWithBaseline : leastFlows;
    return Math.min(1, this.flows / least, (this.last - this.first) / leastTime);
  }

  get ready(): boolean {
    return this.progress >= 1 && this.spot.ready;
  }

  /** Peers met before this time were there from the beginning. */
  get knownFrom(): Micros {
    return this.first + day;
  }

  count(time: Micros): void {
    if (this.flows === 0) this.first = time;
    this.flows += 1;
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
  }

  /** Adds the flow to what its source did lately. */
  damped(flow: FlowEvent, source: number): Damped {
    const sums = this.sources.getOrAdd(source, newDamped);
    addDamped(sums, flow);
    return sums;
  }

  /** The flow's features, in an array that the next call uses again. */
  features(flow: FlowEvent, rhythm: Rhythm, sums: Damped): Float64Array {
    writeFeatures(this.row, flow, rhythm, sums);
    return this.row;
  }

  /**
   * Whether shapes are to be learned from the newest flow: from each of the first thousands, then from one in eight,
   * which show the same. Which, the golden ratio says: no habit is in step with it.
   */
  get learnsShape(): boolean {
    return this.flows < everyShape || Math.imul(this.flows, 0x9e3779b1) >>> 29 === 0;
  }

  learnScore(score: number): void {
    if (this.flows > warmUp) this.spot.learn(score);
  }

  begin(start: HostStart): void {
    this.hasBaseline = true;
    this.spot.restore(start.spot);
    this.shapes.restore(start.shapes);
    this.shapes.soften(baselineRows);
  }

  snapshot(): FlowHostSnapshot {
    const {flows, first, last, hasBaseline} = this;
    return {
      flows,
      first,
      last,
      hasBaseline,
      spot: this.spot.snapshot(),
      shapes: this.shapes.snapshot(),
      novelty: this.novelty.snapshot(),
      volumes: this.volumes.snapshot(),
      fanOut: this.fanOut.snapshot(),
      sources: [...this.sources.entries()].slice(-savedSources).map(([key, sums]) => [key, {...sums}]),
    };
  }

  restore(snapshot: FlowHostSnapshot): void {
    this.flows = snapshot.flows;
    this.first = snapshot.first;
    this.last = snapshot.last;
    this.hasBaseline = snapshot.hasBaseline;
    this.spot.restore(snapshot.spot);
    this.shapes.restore(snapshot.shapes);
    this.novelty.restore(snapshot.novelty);
    this.volumes.restore(snapshot.volumes);
    this.fanOut.restore(snapshot.fanOut);
    for (const [key, sums] of snapshot.sources) this.sources.set(key, {...sums});
  }
}
