import type {Settings} from '../../config/settings.ts';
import {hour} from '../../event/clock.ts';
import type {Alert, Event, FlowEvent, LogEvent} from '../../event/event.ts';
import type {Detector} from '../detector.ts';
import {Findings} from '../network/findings.ts';
import {hostOf} from '../rules/log-field.ts';
import {Site} from '../surprise/flows/site.ts';
import {Beacon} from './beacon.ts';
import {placeOf} from './destination.ts';
import {DnsDga} from './dns-dga.ts';
import {DnsTunnel} from './dns-tunnel.ts';
import {Exfiltration} from './exfiltration.ts';
import {FirstCountry} from './first-country.ts';
import {FirstSight} from './first-sight.ts';
import {IndicatorWatch} from './indicators/indicator-watch.ts';
import type {Indicators} from './indicators/indicators.ts';
import {LongConnection} from './long-connection.ts';
import {SeenFlows} from './seen-flows.ts';
import {Settled} from './settled.ts';
import type {Find, FlowFinding, Watcher} from './watcher.ts';

export interface NetworkWatchOptions {
  /** False where files are read once and nothing was learned before: what can't be told from the usual is told low. */
  readonly learns?: boolean;
  /** Default: only addresses that are never the internet's are inside. */
  readonly site?: Site;
}

/** Findings of one cause are one alert until nothing came for so long. */
const quiet = 6 * hour;
const mostCauses = 4_096;

/**
 * Everything that is found in flows and in what applications say (rows of DNS, TLS, HTTP, DHCP, SSH): of the sensor, or
 * of any other sensor's log that is read. One pass over the events; each watcher looks for one kind of thing.
 */
export class NetworkWatch implements Detector {
  readonly id = 'network.flows';
  readonly #flows: SeenFlows;
  readonly #settled: Settled;
  readonly #findings: Findings<FlowFinding>;
  readonly #watchers: readonly Watcher[];
  readonly #listed: IndicatorWatch;
  #found: Alert[] = [];

  constructor(settings: Settings['network'], {learns = true, site = new Site()}: NetworkWatchOptions = {}) {
    this.#flows = new SeenFlows(site);
    this.#settled = new Settled(learns ? settings.learning_hours * hour : 0);
    this.#findings = new Findings<FlowFinding>((finding, reason, count) => this.#raise(finding, reason, count), {
      limit: mostCauses,
      pauses: [quiet],
    });
    const find: Find = finding => this.#findings.add(finding);
    this.#listed = new IndicatorWatch(find);
    this.#watchers = [
      this.#listed,
      new DnsTunnel(find, settings),
      new DnsDga(find, settings),
      new Beacon(find, this.#settled, settings),
      new LongConnection(find, this.#settled, settings),
      new Exfiltration(find, this.#settled, settings),
      new FirstSight(find, this.#settled),
      ...(settings.first_country ? [new FirstCountry(find, this.#settled)] : []),
    ];
  }

  /** Lists that are looked up from now on; undefined: none. */
  setIndicators(indicators: Indicators | undefined): void {
    this.#listed.indicators = indicators;
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    let newest = Number.NEGATIVE_INFINITY;
    for (const event of batch) {
      if (event.kind === 'flow') {
        this.#onFlow(event);
        newest = Math.max(newest, event.last);
      } else if (event.kind === 'log') {
        const {dataset} = event.origin;
        if (applications.has(dataset)) this.#onRow(event, dataset);
        else if (this.#listed.isEmpty) continue;
        else this.#listed.onLog(event);
        newest = Math.max(newest, event.time);
      }
    }
    if (newest > Number.NEGATIVE_INFINITY) this.#findings.onTick(newest);
    return this.#take();
  }

  /** What was counted and not told yet, when no more comes. */
  finish(): readonly Alert[] {
    this.#findings.finish();
    return this.#take();
  }

  save(): unknown {
    const parts = this.#watchers.map(watcher => [watcher.name, watcher.save?.()] as const);
    return {version, settled: this.#settled.save(), parts: Object.fromEntries(parts)};
  }

  restore(state: unknown): void {
    const saved = state as {version?: number; settled?: unknown; parts?: Record<string, unknown>} | null;
    if (saved?.version !== version) return;
    this.#settled.restore(saved.settled);
    for (const watcher of this.#watchers) watcher.restore?.(saved.parts?.[watcher.name]);
  }

  #onFlow(flow: FlowEvent): void {
    const seen = this.#flows.see(flow);
    const {host} = flow.origin;
    this.#settled.watch(host, flow.time);
    for (const watcher of this.#watchers) watcher.onFlow?.(seen);
    // After they were asked: what is met for the first time is new to them.
    if (flow.ended && seen.destinationOutside) this.#settled.meet(host, placeOf(flow), flow.time);
  }

  #onRow(row: LogEvent, dataset: string): void {
    this.#settled.watch(hostOf(row), row.time);
    for (const watcher of this.#watchers) watcher.onRow?.(row, dataset);
  }

  #raise({rule, level, time, host, entity, event, fields}: FlowFinding, reason: string, count: number): void {
    const more = {...(level === undefined ? {} : {level}), ...(event === undefined ? {} : {event})};
    this.#found.push({rule, time, host, entity, reason, count, fields, ...more});
  }

  #take(): readonly Alert[] {
    const found = this.#found;
    if (found.length > 0) this.#found = [];
    return found;
  }
}

const version = 1;

/** Datasets of rows of applications: of this program's sensor, and what other sensors' logs are read as. */
const applications: ReadonlySet<string> = new Set(['dns', 'tls', 'http', 'dhcp', 'ssh']);
