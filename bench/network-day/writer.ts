import {seededRandom} from '../../src/detect/surprise/seeded-random.ts';
import {second} from '../../src/event/clock.ts';
import type {Event, FieldValue, FlowEvent, LogEvent, Micros, Origin} from '../../src/event/event.ts';
import {Levels} from '../../src/event/level.ts';

/** What differs from an answered TLS connection of a workstation. */
export type FlowParts = Partial<Omit<FlowEvent, 'kind' | 'ingested' | 'last'>> & {
  readonly time: Micros;
  readonly lasts?: Micros;
};

export interface Lookup {
  readonly time: Micros;
  readonly client: string;
  readonly name: string;
  readonly type?: string;
  /** `NOERROR` where absent; '' for no answer. */
  readonly code?: string;
  readonly server?: string;
  readonly port?: number;
}

/** Draws, and gathers what the sensor would report: each flow at its begin, while it goes on, and at its end. */
export class NetworkWriter {
  readonly random: () => number;
  readonly #events: {readonly at: Micros; readonly event: Event}[] = [];
  readonly #flows: Origin;
  readonly #rows = new Map<string, Origin>();
  #position = 0;

  /** `epoch`: of what is written; two writers of one network have each their own. */
  constructor(seed: number, epoch = '1') {
    this.random = seededRandom(seed);
    this.#flows = {agent: 'generated', host: 'office', source: 'packets:eth0', epoch, dataset: 'flow'};
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  one<Item>(items: readonly Item[]): Item {
    return items[this.between(0, items.length - 1)] as Item;
  }

  exponential(mean: number): number {
    return -Math.log(1 - this.random()) * mean;
  }

  /** Log-normal about a median. */
  size(median: number, spread: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
    return Math.max(40, Math.round(median * Math.exp(spread * normal)));
  }

  letters(alphabet: string, length: number): string {
    return Array.from({length}, () => alphabet[this.between(0, alphabet.length - 1)]).join('');
  }

  flow({lasts = second, ...parts}: FlowParts): void {
    const time = Math.floor(parts.time);
    const whole = {
      ...usualFlow,
      ...parts,
      origin: this.#flows,
      time,
      position: ++this.#position,
      sourcePort: parts.sourcePort ?? this.port(),
    };
    // A report each ten seconds, but of what goes on for hours each ten minutes: nothing else is in between.
    const every = lasts > 600 * second ? 600 * second : 10 * second;
    for (let at = 0; at < lasts; at += every) this.#report(whole, at, lasts, false);
    this.#report(whole, Math.floor(lasts), lasts, true);
  }

  row(dataset: string, time: Micros, message: string, fields: Readonly<Record<string, FieldValue>>): void {
    const origin = this.#rows.get(dataset) ?? {...this.#flows, epoch: `${this.#flows.epoch}/rows`, dataset};
    this.#rows.set(dataset, origin);
    const at = Math.floor(time);
    const event: LogEvent = {
      ...{kind: 'log', origin, position: ++this.#position, time: at, ingested: at, level: Levels.information, code: 0},
      ...{provider: dataset, message, fields},
    };
    this.#events.push({at, event});
  }

  lookUp({time, client, name, type = 'A', code = 'NOERROR', server = '192.168.7.1', port = 53}: Lookup): void {
    const asked = {'dns.question.name': name, 'dns.question.type': type};
    this.row('dns', time, `${type} ${name} → ${code}`, {
      ...{'source.ip': client, 'destination.ip': server, 'destination.port': port, 'network.transport': 'udp'},
      ...(code === '' ? asked : {...asked, 'dns.response_code': code}),
    });
    const sizes = {packetsOut: 1, bytesOut: 46 + name.length, packetsIn: 1, bytesIn: 90 + name.length};
    const ends = {sourceIp: client, destinationIp: server, destinationPort: port};
    this.flow({time, ...ends, ...sizes, transport: 'udp', service: 'dns', lasts: 20_000});
  }

  port(): number {
    return this.between(32_768, 60_999);
  }

  /** In the order they come. */
  events(): Event[] {
    return this.#events.sort((one, other) => one.at - other.at).map(({event}) => event);
  }

  #report(flow: Omit<FlowEvent, 'last' | 'ended' | 'ingested'>, after: Micros, lasts: Micros, ended: boolean): void {
    const last = flow.time + after;
    const part = ended || lasts === 0 ? 1 : Math.max(0.02, after / lasts);
    const count = (whole: number, least: number) => (whole === 0 ? 0 : Math.max(least, Math.floor(whole * part)));
    const event: FlowEvent = {
      ...flow,
      ...{last, ended, ingested: last},
      bytesOut: count(flow.bytesOut, 40),
      bytesIn: count(flow.bytesIn, 40),
      packetsOut: Math.max(1, Math.ceil((flow.bytesOut * part) / 1_200)),
      packetsIn: flow.bytesIn === 0 ? 0 : Math.max(1, Math.ceil((flow.bytesIn * part) / 1_200)),
    };
    this.#events.push({at: last, event});
  }
}

const usualFlow: Omit<FlowEvent, 'last' | 'ended' | 'ingested' | 'origin' | 'position' | 'time'> = {
  kind: 'flow',
  transport: 'tcp',
  service: 'https',
  sourceIp: '192.168.7.20',
  sourcePort: 0,
  sourceMac: '3c:97:0e:00:00:20',
  destinationIp: '192.168.7.1',
  destinationPort: 443,
  destinationMac: '24:a4:3c:00:00:01',
  interface: 'eth0',
  vlan: 0,
  packetsOut: 1,
  bytesOut: 1_800,
  packetsIn: 1,
  bytesIn: 12_000,
  state: 'SF',
  history: 'ShADadfF',
};
