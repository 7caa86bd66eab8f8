import {
  arp,
  ethernet,
  icmp,
  ipv4,
  ipv6,
  type LinkOptions,
  type TcpOptions,
  tcp,
  udp,
} from '../../../bench/packet-builder.ts';
import {Analyser} from '../../capture/packets/analyser.ts';
import type {SensorAlert} from '../../capture/packets/messages.ts';
import {Outbox} from '../../capture/packets/outbox.ts';
import {type Settings, settingsSchema} from '../../config/settings.ts';
import type {InterfaceFacts} from './interface-facts.ts';

export const second = 1_000_000;
export const start = 1_700_000_000 * second;
export const [fin, syn, rst, psh, ack, urg] = [1, 2, 4, 8, 16, 32] as const;
export const us = '192.168.1.10';
export const ourMac = '02:00:00:00:00:aa';

export interface Options {
  readonly facts?: Partial<InterfaceFacts>;
  readonly network?: Partial<Settings['network']>;
}

/** The whole way of a packet through the sensor, with what it raises. Times are from `start` on. */
export class Wire {
  readonly alerts: SensorAlert[] = [];
  readonly #analyser: Analyser;
  #next = start;

  constructor({facts, network}: Options = {}) {
    const outbox = new Outbox({write: () => undefined, pending: () => 0});
    outbox.alert = alert => this.alerts.push(alert);
    outbox.flow = () => undefined;
    outbox.row = () => undefined;
    this.#analyser = new Analyser(outbox, {
      watched: false,
      maxFlows: 20_000,
      seed: 1,
      facts: [{name: 'eth0', mtu: 1500, aggregates: true, loopback: false, ...facts}],
      network: {...settingsSchema.parse({}).network, ...network},
    });
    this.#analyser.setOwn({ip: [us, 'fe80::aa'], mac: [ourMac]});
  }

  /** `at`: in seconds after the start. */
  frame(at: number, bytes: Uint8Array, outgoing = false): void {
    const time = start + Math.round(at * second);
    for (; this.#next <= time; this.#next += second / 4) this.#analyser.advance(this.#next);
    const {length} = bytes;
    const raw = {
      bytes,
      start: 0,
      end: length,
      wire: length,
      time,
      outgoing,
      vlan: -1,
      link: 'ethernet',
      etherType: 0,
    } as const;
    this.#analyser.packet(raw, 0);
  }

  tcp(at: number, from: string, to: string, options: TcpOptions, payload = ''): void {
    this.frame(
      at,
      ethernet(0x0800, ipv4({from, to, protocol: 6}, tcp(options, Buffer.from(payload, 'latin1')))),
      from === us,
    );
  }

  udp(
    at: number,
    from: string,
    fromPort: number,
    to: string,
    toPort: number,
    payload: Uint8Array = Buffer.alloc(20),
  ): void {
    this.frame(at, ethernet(0x0800, ipv4({from, to, protocol: 17}, udp(fromPort, toPort, payload))), from === us);
  }

  icmp(
    at: number,
    from: string,
    to: string,
    type: number,
    code: number,
    payload: Uint8Array = Buffer.alloc(56),
    sequence = 1,
  ): void {
    this.frame(
      at,
      ethernet(0x0800, ipv4({from, to, protocol: 1}, icmp(type, code, 7, sequence, payload))),
      from === us,
    );
  }

  icmp6(at: number, from: string, to: string, body: Uint8Array, link: LinkOptions = {}): void {
    const packet = ipv6(from, to, 58, body);
    packet[7] = 255;
    this.frame(at, ethernet(0x86dd, packet, link));
  }

  arp(at: number, operation: number, mac: string, from: string, to: string, link: LinkOptions = {fromMac: mac}): void {
    this.frame(at, ethernet(0x0806, arp(operation, mac, from, to), link));
  }

  /** A connection that is opened, used and closed. */
  connection(
    at: number,
    from: string,
    fromPort: number,
    to: string,
    toPort: number,
    out = 'hello',
    back = 'hello',
  ): void {
    const client = (flags: number, payload = '') =>
      this.tcp(at, from, to, {from: fromPort, to: toPort, flags}, payload);
    const server = (flags: number, payload = '') =>
      this.tcp(at, to, from, {from: toPort, to: fromPort, flags}, payload);
    client(syn);
    server(syn | ack);
    client(ack);
    client(psh | ack, out);
    server(psh | ack, back);
    client(fin | ack);
    server(fin | ack);
    client(ack);
  }

  /** Time passes without packets. */
  wait(until: number): void {
    for (; this.#next <= start + until * second; this.#next += second / 4) this.#analyser.advance(this.#next);
  }

  /** The capture ends. */
  finish(): void {
    this.#analyser.finish();
  }

  ids(): string[] {
    return [...new Set(this.alerts.map(({rule}) => rule.id))];
  }

  /** Rule, entity and how many in all. */
  sums(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const {rule, entity, count} of this.alerts) {
      const key = `${rule.id} ${entity}`;
      sums[key] = (sums[key] ?? 0) + count;
    }
    return sums;
  }

  reasons(): string {
    return this.alerts.map(({reason}) => reason).join('\n');
  }
}
