import type {Micros} from '../../event/event.ts';
import {SecondChanceMap} from '../second-chance-map.ts';
import {destinationText, isAnswered} from './destination.ts';
import {flowRules} from './rules.ts';
import type {SeenFlow} from './seen-flows.ts';
import type {Settled} from './settled.ts';
import type {Find, Watcher} from './watcher.ts';

const mostKnown = 4_096;

/** The first answered connection from a host's network to a country, where a database says which it is. */
export class FirstCountry implements Watcher {
  readonly name = 'first-country';
  readonly #find: Find;
  readonly #settled: Settled;
  readonly #known = new SecondChanceMap<string, Micros>(mostKnown);

  constructor(find: Find, settled: Settled) {
    this.#find = find;
    this.#settled = settled;
  }

  onFlow({flow, sourceInside, destinationOutside}: SeenFlow): void {
    const country = flow.fields?.['destination.geo.country_iso_code'];
    if (typeof country !== 'string' || !flow.ended || !sourceInside || !destinationOutside || !isAnswered(flow)) return;
    const {host} = flow.origin;
    const key = `${host}\0${country}`;
    if (this.#known.get(key) !== undefined) return;
    this.#known.set(key, flow.time);
    if (this.#settled.isLearning(host, flow.time)) return;
    const owner = flow.fields?.['destination.as.organization.name'];
    const network = typeof owner === 'string' ? ` in the network of ${owner}` : '';
    this.#find({
      rule: flowRules.firstCountry,
      time: flow.last,
      host,
      entity: country,
      event: flow,
      reason: () =>
        `${flow.sourceIp} connected to ${destinationText(flow)}${network}: the first answer from ${country} here.`,
      fields: {},
    });
  }

  save(): unknown {
    return [...this.#known.entries()];
  }

  restore(state: unknown): void {
    if (!Array.isArray(state)) return;
    for (const [key, time] of state as [string, Micros][]) this.#known.set(key, time);
  }
}
