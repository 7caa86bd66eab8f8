import {CounterRates, sumOf} from './counter-rate.ts';

export interface InterfaceRates {
  readonly name: string;
  readonly received: number | null;
  readonly sent: number | null;
}

export interface NetworkRates {
  readonly received: number | null;
  readonly sent: number | null;
  readonly interfaces: readonly InterfaceRates[];
}

/** Bytes a second by interface and in all, between two readings of /proc/net/dev. */
export class NetworkMeter {
  readonly #received = new CounterRates();
  readonly #sent = new CounterRates();

  /** `isVirtual`: bridges, tunnels and the like, whose bytes pass a real interface too and would count twice. */
  read(netDev: string, isVirtual: (name: string) => boolean, elapsed: number): NetworkRates {
    const counters = parse(netDev);
    const received = this.#received.read(new Map(counters.map(({name, received}) => [name, received])), elapsed);
    const sent = this.#sent.read(new Map(counters.map(({name, sent}) => [name, sent])), elapsed);
    const outward = counters.filter(({name}) => name !== 'lo');
    const real = outward.filter(({name}) => !isVirtual(name));
    // A container has none but virtual ones.
    const counted = real.length > 0 ? real : outward;
    return {
      received: sumOf(counted.map(({name}) => received.get(name))),
      sent: sumOf(counted.map(({name}) => sent.get(name))),
      interfaces: counters
        .filter(isWorthKeeping)
        .slice(0, mostInterfaces)
        .map(({name}) => ({name, received: received.get(name) ?? null, sent: sent.get(name) ?? null})),
    };
  }
}

interface Counters {
  readonly name: string;
  readonly received: number;
  readonly sent: number;
}

const mostInterfaces = 32;

function parse(netDev: string): Counters[] {
  const found: Counters[] = [];
  for (const line of netDev.split('\n').slice(2)) {
    const colon = line.lastIndexOf(':');
    if (colon < 0) continue;
    const columns = line
      .slice(colon + 1)
      .trim()
      .split(/ +/);
    found.push({name: line.slice(0, colon).trim(), received: Number(columns[0]), sent: Number(columns[8])});
  }
  return found;
}

// Each container brings a veth with a name of its own: a series each would grow without end.
function isWorthKeeping({name, received, sent}: Counters): boolean {
  return received + sent > 0 && !name.startsWith('veth');
}
