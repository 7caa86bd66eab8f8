import {hour} from '../../event/clock.ts';
import type {FlowEvent, LogEvent, Micros} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';
import {hostOf, textField} from '../rules/log-field.ts';
import {SecondChanceMap} from '../second-chance-map.ts';
import {isAnswered} from './destination.ts';
import {Newcomers, type SavedNewcomers} from './newcomers.ts';
import {flowRules} from './rules.ts';
import type {SeenFlow} from './seen-flows.ts';
import type {Settled} from './settled.ts';
import {vendorName} from './vendors.ts';
import type {Find, Watcher} from './watcher.ts';

const mostKnown = 8_192;
const saved = 4_096;
const mostStreams = 1_000;
const firstEphemeralPort = 32_768;
const mostUdpPort = 10_000;
/** A service of an address that is met for so long at most comes with the address. */
const fresh: Micros = hour;

/** What of a network can be new; each is counted by itself. Services that come with their machine are a kind of their own. */
type Kind = 'machine' | 'vendor' | 'service' | 'arrived service';

interface Sight {
  readonly kind: Kind;
  readonly host: string;
  readonly time: Micros;
  readonly entity: string;
  readonly event: FlowEvent | LogEvent;
  readonly reason: string;
}

/**
 * Machines, their makers and the ports they answer on, each told when met for the first time; where such come every day,
 * what is more than usual, and the rest once a week. A machine is its network address (MAC), or its internet address
 * where a log has none. While a network is learned all is taken as known.
 */
export class FirstSight implements Watcher {
  readonly name = 'first-sight';
  readonly #find: Find;
  readonly #settled: Settled;
  readonly #known = new SecondChanceMap<string, Micros>(mostKnown);
  /** By host and kind. */
  readonly #newcomers = new BoundedMap<string, Newcomers>(mostStreams);

  constructor(find: Find, settled: Settled) {
    this.#find = find;
    this.#settled = settled;
  }

  onFlow({flow, isNew, sourceInside, destinationInside, memory}: SeenFlow): void {
    const {host} = flow.origin;
    if (isNew && sourceInside) this.#machine(host, flow.sourceMac, flow.sourceIp, flow.last, flow);
    if (!destinationInside || !isAnswered(flow)) return;
    // A flow's first report may come before the answer.
    if (memory.answered) return;
    memory.answered = true;
    this.#machine(host, flow.destinationMac, flow.destinationIp, flow.last, flow);
    if (isService(flow)) this.#service(flow);
  }

  onRow(row: LogEvent, dataset: string): void {
    if (dataset !== 'dhcp') return;
    const mac = textField(row, 'client.mac');
    const address = textField(row, 'dhcp.offered_ip') || textField(row, 'dhcp.requested_ip');
    if (mac !== '') this.#machine(hostOf(row), mac, address, row.time, row);
  }

  save(): unknown {
    const newcomers = [...this.#newcomers.entries()].map(([key, one]) => [key, one.toJson()]);
    return {known: [...this.#known.entries()].slice(-saved), newcomers};
  }

  restore(state: unknown): void {
    // Before newcomers were counted there was nothing but the list.
    const {known = [], newcomers = []} = (Array.isArray(state) ? {known: state} : (state ?? {})) as {
      known?: [string, Micros][];
      newcomers?: [string, SavedNewcomers][];
    };
    for (const [key, time] of known) this.#known.set(key, time);
    for (const [key, one] of newcomers) this.#newcomers.set(key, new Newcomers(one.first, one));
  }

  #machine(host: string, mac: string, address: string, time: Micros, event: FlowEvent | LogEvent): void {
    this.#meet(`${host}\0a${address}`, time);
    const machine = mac === '' ? address : mac.toLowerCase();
    if (machine === '' || isGroup(machine)) return;
    // A machine behind a router has the router's network address: that one is known.
    if (!this.#meet(`${host}\0m${machine}`, time)) return;
    const named = mac === '' ? '' : nameOfMaker(machine);
    const has = address === '' ? '' : `; it has the address ${address}`;
    const reason = `${machine}${named} was never seen on this network${has}.`;
    this.#tell({kind: 'machine', host, time, entity: machine, event, reason});
    if (mac !== '') this.#vendor(host, machine, address, time, event);
  }

  #vendor(host: string, mac: string, address: string, time: Micros, event: FlowEvent | LogEvent): void {
    if (isMadeUp(mac)) return;
    const prefix = mac.slice(0, 8);
    if (!this.#meet(`${host}\0v${prefix}`, time)) return;
    const vendor = vendorName(prefix);
    const reason = `${mac} (${address}) is the first machine here whose network card is made by ${vendor}.`;
    this.#tell({kind: 'vendor', host, time, entity: vendor, event, reason});
  }

  #service(flow: FlowEvent): void {
    const {destinationIp, destinationPort, transport, sourceIp, service, last: time} = flow;
    const {host} = flow.origin;
    const entity = `${destinationIp} ${transport}/${destinationPort}`;
    if (!this.#meet(`${host}\0s${entity}`, time)) return;
    const met = this.#known.peek(`${host}\0a${destinationIp}`) ?? time;
    const named = service === '' ? '' : ` (${service})`;
    const port = `${transport} port ${destinationPort}${named}`;
    const reason = `${destinationIp} answered ${sourceIp} on ${port}, where it never answered before.`;
    const kind = time - met <= fresh ? 'arrived service' : 'service';
    this.#tell({kind, host, time, entity, event: flow, reason});
  }

  /** Remembers it; true where it was never met. */
  #meet(key: string, time: Micros): boolean {
    if (this.#known.get(key) !== undefined) return false;
    this.#known.set(key, time);
    return true;
  }

  #tell(sight: Sight): void {
    const {kind, host, time, entity, event, reason} = sight;
    const key = `${host}\0${kind}`;
    const from = this.#settled.countsFrom(host, time);
    const newcomers = this.#newcomers.getOrAdd(key, () => new Newcomers(from));
    const {rule, many} = kinds[kind];
    const finding = {rule, time, host, entity, event, reason: () => reason, fields: {}};
    const telling = newcomers.add(time, entity, !this.#settled.isLearning(host, time));
    if (telling === 'alone') this.#find(finding);
    else if (telling === 'crowd') {
      const said = `${newcomers.now} ${many} were met within the hour, far more than ever; the newest: ${reason}`;
      this.#find({...finding, entity: `many ${many}`, reason: () => said});
    } else if (telling === 'gathered') {
      const {count, names} = newcomers.gathered;
      const said =
        `${count} ${many} were met within a week, the newest ${names.join(', ')}. Here such come every day: each would ` +
        `be told by itself where they are rare.`;
      this.#find({...finding, level: 'informational', entity: `usual ${many}`, reason: () => said});
      newcomers.clear();
    }
  }
}

const kinds = {
  machine: {rule: flowRules.firstHost, many: 'new machines'},
  vendor: {rule: flowRules.firstVendor, many: 'new makers'},
  service: {rule: flowRules.firstService, many: 'new services'},
  'arrived service': {rule: flowRules.firstService, many: 'new services of new addresses'},
} as const;

/** A port that is offered, not one that a program was given for a while. Needs a handshake seen, or a port of UDP's low ones. */
function isService({
  transport,
  destinationPort,
  sourcePort,
  history,
  destinationIp,
  sourceIp,
  state,
}: FlowEvent): boolean {
  if (destinationPort === 0 || destinationPort >= firstEphemeralPort || destinationIp === sourceIp) return false;
  if (transport === 'tcp') return history === '' ? state === 'SF' || state === 'S1' : /^S.*h/.test(history);
  return (
    transport === 'udp' && destinationPort < mostUdpPort && destinationPort !== 68 && sourcePort !== destinationPort
  );
}

/** Broadcast and multicast, by the lowest bit of the first byte. */
function isGroup(machine: string): boolean {
  return machine[2] === ':' && machine.length === 17 && (firstByte(machine) & 1) === 1;
}

/** Locally administered: made up by a telephone or a virtual machine, so no maker's. */
function isMadeUp(mac: string): boolean {
  return (firstByte(mac) & 2) === 2;
}

function firstByte(mac: string): number {
  return Number.parseInt(mac.slice(0, 2), 16) || 0;
}

function nameOfMaker(mac: string): string {
  if (isMadeUp(mac)) return ' (an address made up by the machine)';
  const prefix = mac.slice(0, 8);
  const vendor = vendorName(prefix);
  return vendor === prefix ? '' : ` (${vendor})`;
}
