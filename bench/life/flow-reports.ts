import type {Random} from '../../src/capture/demo/random.ts';
import type {FlowState, Micros} from '../../src/event/event.ts';
import {type Facts, macOf} from './facts.ts';
import type {Script, Simulation} from './simulation.ts';

export interface FlowSketch {
  readonly transport?: string;
  readonly service?: string;
  readonly from?: string;
  readonly fromPort?: number;
  readonly to: string;
  readonly toPort: number;
  readonly out: number;
  readonly in: number;
  /** Seconds. */
  readonly lasts: number;
  readonly state?: FlowState;
}

/** Makes the sensor's reports of flows. */
export class FlowReports {
  readonly #facts: Facts;
  readonly #sim: Simulation;
  readonly #macs = new Map<string, string>();
  #flows = 0;

  constructor(facts: Facts, sim: Simulation) {
    this.#facts = facts;
    this.#sim = sim;
  }

  /** The sensor tells of a flow when it begins, while it lasts (here each five minutes) and when it ends. */
  *reports(sketch: FlowSketch, random: Random, phase: number): Script {
    const position = ++this.#flows;
    const begun = this.#sim.now;
    const fromPort = sketch.fromPort ?? random.between(32_768, 60_999);
    const mac = (address: string) => this.#macOf(address, random);
    if (sketch.lasts > 2) {
      this.#report(sketch, {
        position,
        begun,
        fromPort,
        phase,
        mac,
        share: Math.min(0.1, 1 / sketch.lasts),
        ended: false,
      });
      for (let left = sketch.lasts; left > 300; left -= 300) {
        yield 300;
        const share = Math.min(0.99, (this.#sim.now - begun) / 1e6 / sketch.lasts);
        this.#report(sketch, {position, begun, fromPort, phase, mac, share, ended: false});
      }
    }
    yield Math.max(0.001, sketch.lasts - (this.#sim.now - begun) / 1e6);
    this.#report(sketch, {position, begun, fromPort, phase, mac, share: 1, ended: true});
  }

  #report(sketch: FlowSketch, report: Report): void {
    const facts = this.#facts;
    const {from = facts.address, transport = 'tcp', state = 'SF'} = sketch;
    const bytesOut = Math.max(40, Math.round(sketch.out * report.share));
    const bytesIn = state === 'S0' ? 0 : Math.max(40, Math.round(sketch.in * report.share));
    const flow = {
      position: report.position,
      time: report.begun,
      last: this.#sim.now,
      ended: report.ended,
      transport,
      service: sketch.service ?? '',
      sourceIp: from,
      sourcePort: report.fromPort,
      sourceMac: report.mac(from),
      destinationIp: sketch.to,
      destinationPort: sketch.toPort,
      destinationMac: report.mac(sketch.to),
      interface: facts.interface,
      vlan: 0,
      packetsOut: packets(bytesOut),
      bytesOut,
      packetsIn: state === 'S0' ? 0 : packets(bytesIn),
      bytesIn,
      state: report.ended ? state : openState(state, transport),
      history: historyOf(state, transport, report.ended),
    };
    this.#sim.emit({kind: 'flow', at: this.#sim.now, phase: report.phase, flow});
  }

  /** All that is not in the same network comes by way of the gateway. */
  #macOf(address: string, random: Random): string {
    const facts = this.#facts;
    const macs = this.#macs;
    if (address === facts.address) return facts.mac;
    const near = address.startsWith(facts.gateway.slice(0, facts.gateway.lastIndexOf('.') + 1));
    const key = near ? address : facts.gateway;
    const mac = macs.get(key) ?? macOf(random);
    if (macs.size < 1_000) macs.set(key, mac);
    return mac;
  }
}

interface Report {
  readonly position: number;
  readonly begun: Micros;
  readonly fromPort: number;
  readonly phase: number;
  readonly mac: (address: string) => string;
  readonly share: number;
  readonly ended: boolean;
}

function packets(bytes: number): number {
  return 1 + Math.ceil(bytes / 1_100);
}

function openState(state: FlowState, transport: string): FlowState {
  return transport === 'tcp' && state === 'SF' ? 'S1' : state;
}

function historyOf(state: FlowState, transport: string, ended: boolean): string {
  if (transport !== 'tcp') return state === 'S0' ? 'D' : 'Dd';
  if (state === 'S0') return 'S';
  if (state === 'REJ') return 'Sr';
  if (state === 'RSTO') return 'ShADadR';
  return ended ? 'ShADadFf' : 'ShADad';
}
