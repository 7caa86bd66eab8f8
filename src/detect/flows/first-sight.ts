import type {FlowEvent, LogEvent, Micros} from '../../event/event.ts';
import {hostOf, textField} from '../rules/log-field.ts';
import {SecondChanceMap} from '../second-chance-map.ts';
import {isAnswered} from './destination.ts';
import {flowRules} from './rules.ts';
import type {SeenFlow} from './seen-flows.ts';
import type {Settled} from './settled.ts';
import {vendorName} from './vendors.ts';
import type {Find, Watcher} from './watcher.ts';

const mostKnown = 8_192;
const saved = 4_096;
const firstEphemeralPort = 32_768;
const mostUdpPort = 10_000;

/**
 * Machines, their makers and the ports they answer on, each told when met for the first time. A machine is its network
 * address (MAC), or its internet address where a log has none. While a network is learned all is taken as known.
 */
export class FirstSight implements Watcher {
  readonly name = 'first-sight';
  readonly #find: Find;
  readonly #settled: Settled;
  readonly #known = new SecondChanceMap<string, Micros>(mostKnown);

  constructor(find: Find, settled: Settled) {
    this.#find = find;
    this.#settled = settled;
  }

  onFlow({flow, isNew, sourceInside, destinationInside, memory}: SeenFlow): void {
    if (isNew && sourceInside) this.#machine(flow.origin.host, flow.sourceMac, flow.sourceIp, flow.last, flow);
    if (!destinationInside || !isAnswered(flow)) return;
    // A flow's first report may come before the answer.
    if (memory.answered) return;
    memory.answered = true;
    this.#machine(flow.origin.host, flow.destinationMac, flow.destinationIp, flow.last, flow);
    if (isService(flow)) this.#service(flow);
  }

  onRow(row: LogEvent, dataset: string): void {
    if (dataset !== 'dhcp') return;
    const mac = textField(row, 'client.mac');
    const address = textField(row, 'dhcp.offered_ip') || textField(row, 'dhcp.requested_ip');
    if (mac !== '') this.#machine(hostOf(row), mac, address, row.time, row);
  }

  save(): unknown {
    return [...this.#known.entries()].slice(-saved);
  }

  restore(state: unknown): void {
    if (!Array.isArray(state)) return;
    for (const [key, time] of state as [string, Micros][]) this.#known.set(key, time);
  }

  #machine(host: string, mac: string, address: string, time: Micros, event: FlowEvent | LogEvent): void {
    const machine = mac === '' ? address : mac.toLowerCase();
    if (machine === '' || isGroup(machine)) return;
    // A machine behind a router has the router's network address: that one is known.
    if (!this.#isNew(`${host}\0m${machine}`, host, time)) return;
    const named = mac === '' ? '' : nameOfMaker(machine);
    this.#find({
      rule: flowRules.firstHost,
      time,
      host,
      entity: machine,
      event,
      reason: () =>
        `${machine}${named} was never seen on this network${address === '' ? '' : `; it has the address ${address}`}.`,
      fields: {},
    });
    if (mac !== '') this.#vendor(host, machine, address, time, event);
  }

  #vendor(host: string, mac: string, address: string, time: Micros, event: FlowEvent | LogEvent): void {
    if (isMadeUp(mac)) return;
    const prefix = mac.slice(0, 8);
    if (!this.#isNew(`${host}\0v${prefix}`, host, time)) return;
    const vendor = vendorName(prefix);
    this.#find({
      rule: flowRules.firstVendor,
      time,
      host,
      entity: vendor,
      event,
      reason: () => `${mac} (${address}) is the first machine here whose network card is made by ${vendor}.`,
      fields: {},
    });
  }

  #service(flow: FlowEvent): void {
    const {destinationIp, destinationPort, transport, sourceIp, service} = flow;
    const {host} = flow.origin;
    const entity = `${destinationIp} ${transport}/${destinationPort}`;
    if (!this.#isNew(`${host}\0s${entity}`, host, flow.last)) return;
    const named = service === '' ? '' : ` (${service})`;
    this.#find({
      rule: flowRules.firstService,
      time: flow.last,
      host,
      entity,
      event: flow,
      reason: () =>
        `${destinationIp} answered ${sourceIp} on ${transport} port ${destinationPort}${named}, where it never answered before.`,
      fields: {},
    });
  }

  /** Remembers it; true where it is to be told. */
  #isNew(key: string, host: string, time: Micros): boolean {
    const known = this.#known.get(key);
    if (known !== undefined) return false;
    this.#known.set(key, time);
    return !this.#settled.isLearning(host, time);
  }
}

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
