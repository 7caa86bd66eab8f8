import type {Settings} from '../../config/settings.ts';
import {hour, second} from '../../event/clock.ts';
import type {FlowEvent, Micros} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';
import {BoundedMap} from '../bounded-map.ts';
import {SecondChanceMap} from '../second-chance-map.ts';
import {hash52} from '../surprise/flows/hash.ts';
import {spanText} from './amounts.ts';
import {type BeaconScore, beaconScore} from './beacon-score.ts';
import {destinationText, domainOf, isAnswered, isFolded, placeOf} from './destination.ts';
import {flowRules} from './rules.ts';
import type {SeenFlow} from './seen-flows.ts';
import type {Settled, Standing} from './settled.ts';
import type {Find, Watcher} from './watcher.ts';

const mostPairs = 8_192;
/** Contacts of a pair that its regularity is worked out of. */
const ring = 64;
const savedPairs = 512;
/** Connections begun within this are one contact: a client opens several at once. */
const sameContact: Micros = second;
/** After so many of the usual pauses without a contact a pair begins anew. */
const brokenAfter = 20;

interface Pair {
  first: Micros;
  last: Micros;
  contacts: number;
  /** Rings, `contacts % ring` is written next once they are full. */
  readonly times: number[];
  readonly sizes: number[];
  interval: Micros;
  /** Since when it was regular enough to be told; contacts are then counted without working it out anew each time. */
  told: boolean;
  /** It was told that this service, which is known here, is met so regularly. */
  isKnownTold?: boolean;
}

/**
 * Contacts as regular as a clock's between one client and one outside service (the domain it names, else the address,
 * with port): how an implant asks for orders, and also how most software lives. So what did so from the first day on is
 * told of once, all together. Only what ended is judged, for only then are its bytes known; the time of begin counts.
 */
export class Beacon implements Watcher {
  readonly name = 'beacon';
  readonly #find: Find;
  readonly #settled: Settled;
  readonly #settings: Pick<Settings['network'], 'beacon_contacts' | 'beacon_score'>;
  readonly #pairs = new SecondChanceMap<number, Pair>(mostPairs);
  readonly #inventories = new BoundedMap<string, Inventory>(mostInventories);

  constructor(find: Find, settled: Settled, settings: Pick<Settings['network'], 'beacon_contacts' | 'beacon_score'>) {
    this.#find = find;
    this.#settled = settled;
    this.#settings = settings;
  }

  onFlow({flow, sourceInside, destinationOutside}: SeenFlow): void {
    if (!flow.ended || !destinationOutside || !sourceInside || isFolded(flow)) return;
    if (ordinary.has(flow.service) || ordinaryPorts.has(flow.destinationPort) || !isAnswered(flow)) return;
    const {host} = flow.origin;
    const target = domainOf(flow) || flow.destinationIp;
    const key = hash52(`${host}\0${flow.sourceIp}\0${target}\0${flow.destinationPort}\0${flow.transport}`);
    const pair = this.#pairs.getOrAdd(key, () => newPair(flow.time));
    if (!addContact(pair, flow)) return;
    if (pair.contacts < this.#settings.beacon_contacts) return;
    if (isDue(pair.contacts, this.#settings.beacon_contacts)) this.#judge(pair, flow);
    else if (pair.told) this.#consider(pair, flow, undefined);
  }

  save(): unknown {
    const pairs = [...this.#pairs.entries()].filter(([, {contacts}]) => contacts >= 4).slice(-savedPairs);
    return {pairs, inventories: [...this.#inventories.entries()]};
  }

  restore(state: unknown): void {
    // Before there were inventories there was nothing but the pairs.
    const {pairs = [], inventories = []} = (Array.isArray(state) ? {pairs: state} : (state ?? {})) as {
      pairs?: [number, Pair][];
      inventories?: [string, Inventory][];
    };
    for (const [key, pair] of pairs) this.#pairs.set(key, pair);
    for (const [host, inventory] of inventories) this.#inventories.set(host, inventory);
  }

  #judge(pair: Pair, flow: FlowEvent): void {
    const score = beaconScore(pair.times, pair.sizes, pair.first);
    pair.interval = score?.interval ?? pair.interval;
    pair.told = score !== undefined && isRegular(score) && score.total >= this.#settings.beacon_score;
    if (score && pair.told) this.#consider(pair, flow, score);
  }

  #consider(pair: Pair, flow: FlowEvent, fresh: BeaconScore | undefined): void {
    const standing = this.#settled.of(flow.origin.host, placeOf(flow), flow.time);
    if (standing === 'learning' || standing === 'known') this.#tellKnown(pair, flow, fresh);
    else if (standing === 'new' && pair.last - pair.first < openPage && mayBePage(flow))
      this.#tell(pair, flow, fresh, 'page');
    else this.#tell(pair, flow, fresh, standing);
  }

  #tell(pair: Pair, flow: FlowEvent, fresh: BeaconScore | undefined, standing: keyof typeof levels): void {
    const {host} = flow.origin;
    const {contacts, first, last} = pair;
    const ends = `${flow.sourceIp} and ${destinationText(flow)}`;
    this.#find({
      rule: flowRules.beacon,
      level: levels[standing],
      time: flow.last,
      host,
      entity: entityOf(flow),
      event: flow,
      reason: () => {
        const score = fresh ?? beaconScore(pair.times, pair.sizes, first);
        return (
          `${contacts} contacts between ${ends} within ${spanText(last - first)}, ${scoreText(score)}. ` +
          `${meanings[standing]}`
        );
      },
      fields: {'beacon.contacts': contacts, ...scoreFields(fresh)},
    });
  }

  /**
   * Software that asks its maker is on every machine: what is regular among known services is told once, that of the
   * first two learning times together.
   */
  #tellKnown(pair: Pair, flow: FlowEvent, fresh: BeaconScore | undefined): void {
    const {host} = flow.origin;
    const inventory = this.#inventories.getOrAdd(host, newInventory);
    const isOver = this.#settled.isInventoryOver(host, flow.time);
    if (isOver && inventory.count > 0) this.#tellInventory(inventory, flow);
    if (pair.isKnownTold) return;
    pair.isKnownTold = true;
    if (isOver) this.#tell(pair, flow, fresh, 'known');
    else {
      inventory.count++;
      if (inventory.names.length < namesOfInventory)
        inventory.names.push(`${entityOf(flow)} every ${spanText(pair.interval)}`);
    }
  }

  #tellInventory(inventory: Inventory, flow: FlowEvent): void {
    const {count, names} = inventory;
    inventory.count = 0;
    inventory.names = [];
    const more = count > names.length ? ` and ${count - names.length} more` : '';
    const reason =
      `Since the network was learned ${count === 1 ? 'one outside service is' : `${count} outside services are`} met as ` +
      `regularly as by a clock: ${names.join(', ')}${more}. Software that asks for updates is as regular; what is not ` +
      `software that you know may have been there before.`;
    this.#find({
      rule: flowRules.beacon,
      level: 'informational',
      time: flow.last,
      host: flow.origin.host,
      entity: 'known services',
      event: flow,
      reason: () => reason,
      fields: {'beacon.services': count},
    });
  }
}

interface Inventory {
  count: number;
  names: string[];
}

const mostInventories = 1_000;
const namesOfInventory = 8;

function newInventory(): Inventory {
  return {count: 0, names: []};
}

/** Who meets which service; the same for all of a pair's contacts. */
function entityOf(flow: FlowEvent): string {
  return `${flow.sourceIp} ${domainOf(flow) || flow.destinationIp}:${flow.destinationPort}`;
}

/** A page that is left open asks its server as regularly, until it is closed. */
const openPage = 4 * hour;
const webPorts: ReadonlySet<number> = new Set([80, 443, 8_080, 8_443]);

/** Browsers name whom they ask: a TLS hello without a name is no browser's. */
function mayBePage(flow: FlowEvent): boolean {
  if (!webPorts.has(flow.destinationPort)) return false;
  return (
    domainOf(flow) !== '' ||
    (flow.fields?.['tls.client.ja3'] === undefined && flow.fields?.['tls.client.ja4'] === undefined)
  );
}

const levels: Readonly<Record<Exclude<Standing, 'learning'> | 'page', AlertLevel>> = {
  page: 'low',
  known: 'informational',
  unknowable: 'low',
  new: 'medium',
};

const meanings: Readonly<Record<keyof typeof levels, string>> = {
  page: 'This service was not met while the network was learned; a page that is left open is as regular for some hours.',
  known: 'This service was there from the beginning or for a week.',
  unknowable: 'Software that asks for updates is as regular; what is usual here is not known.',
  new: 'This service was not met while the network was learned.',
};

function scoreText(score: BeaconScore | undefined): string {
  if (!score) return 'regular';
  const parts = (['time', 'size', 'histogram', 'duration'] as const).map(part => `${part} ${score[part].toFixed(2)}`);
  const pause = `every ${spanText(score.interval)} (± ${spanText(score.jitter)})`;
  return `${pause}: score ${score.total.toFixed(2)} of 1 (${parts.join(', ')})`;
}

function scoreFields(score: BeaconScore | undefined): Record<string, number> {
  if (!score) return {};
  return {'beacon.score': round(score.total), 'beacon.interval': Math.round(score.interval / 1_000) / 1_000};
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** False for one more connection of the same contact. */
function addContact(pair: Pair, flow: FlowEvent): boolean {
  const pause = flow.time - pair.last;
  if (pair.contacts > 0 && Math.abs(pause) < sameContact) return false;
  if (pair.interval > 0 && pause > brokenAfter * pair.interval) beginAnew(pair, flow.time);
  const at = pair.contacts % ring;
  pair.times[at] = flow.time;
  pair.sizes[at] = flow.bytesOut;
  pair.contacts++;
  pair.first = Math.min(pair.first, flow.time);
  pair.last = Math.max(pair.last, flow.time);
  return true;
}

function beginAnew(pair: Pair, time: Micros): void {
  pair.times.length = 0;
  pair.sizes.length = 0;
  Object.assign(pair, newPair(time), {times: pair.times, sizes: pair.sizes});
}

/**
 * Sizes and a long duration alone make a high score of what a person does at random. A pause that is drawn evenly from
 * 30 % below to 30 % above the usual one is half as far from it on the median.
 */
function isRegular({interval, jitter}: BeaconScore): boolean {
  return jitter <= 0.3 * interval;
}

/** At the least, then about each tenth more: working it out sorts, and one contact more changes little. */
function isDue(contacts: number, least: number): boolean {
  return (contacts - least) % Math.max(1, Math.floor(contacts / 10)) === 0;
}

function newPair(time: Micros): Pair {
  return {first: time, last: time, contacts: 0, times: [], sizes: [], interval: 0, told: false};
}

/** Clocks, names and addresses are asked for regularly by every machine. */
const ordinary: ReadonlySet<string> = new Set(['ntp', 'dns', 'dot', 'dhcp', 'dhcpv6', 'mdns', 'llmnr', 'ssdp', 'stun']);
const ordinaryPorts: ReadonlySet<number> = new Set([53, 67, 68, 123, 547, 853, 3_478, 5_353]);
