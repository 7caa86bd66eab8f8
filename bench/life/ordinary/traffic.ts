import type {Host} from '../host.ts';
import {nowAndThen, regularly} from '../rhythm.ts';

/** Flows that no log line goes with: names, time, monitoring, calls to services elsewhere, neighbours. */
export function startTraffic(host: Host): void {
  const {facts, random} = host;
  host.start(nowAndThen(host, 90 * facts.scale, true, lookUp));
  host.start(nowAndThen(host, 14, false, lookUp));
  host.start(regularly(host, 1_024, 3, timeSync));
  host.start(regularly(host, 60, 0.5, monitoring));
  const services = Array.from({length: random.between(2, 6)}, () => service(host));
  for (const address of services)
    host.start(nowAndThen(host, random.between(2, 25), random.next() < 0.5, it => call(it, address)));
  host.start(nowAndThen(host, 0.5, true, bigDownload));
  host.start(nowAndThen(host, 5, false, neighbour));
  host.start(nowAndThen(host, 0.15, true, upload));
}

function service(host: Host): string {
  return `${host.random.pick([13, 18, 34, 52, 104])}.${host.random.between(10, 240)}.${host.random.between(0, 255)}.${host.random.between(1, 254)}`;
}

function lookUp(host: Host): undefined {
  host.flow({
    transport: 'udp',
    service: 'dns',
    to: host.facts.resolver,
    toPort: 53,
    // Now and then a name is long.
    out: Math.min(190, Math.round(66 + host.random.exponential(16))),
    in: host.random.between(90, 480),
    lasts: 0.01 + host.random.exponential(0.03),
  });
}

function timeSync(host: Host): undefined {
  host.flow({
    transport: 'udp',
    service: 'ntp',
    to: `162.159.200.${host.random.pick([1, 123])}`,
    toPort: 123,
    out: 76,
    in: 76,
    lasts: 0.03,
  });
}

/** As regular as any beacon, and welcome. */
function monitoring(host: Host): undefined {
  const collector = `${host.facts.gateway.slice(0, -2)}.5`;
  host.flow({
    from: collector,
    to: host.facts.address,
    toPort: 9100,
    service: '',
    out: 380,
    in: host.random.between(61_000, 64_000),
    lasts: 0.2,
  });
}

function call(host: Host, to: string): undefined {
  if (host.chance(0.3)) lookUp(host);
  host.flow({
    service: 'https',
    to,
    toPort: 443,
    out: host.random.between(900, 6_000),
    in: host.random.between(3_000, 60_000),
    lasts: 0.3 + host.random.exponential(3),
    state: host.chance(0.02) ? 'RSTO' : 'SF',
  });
}

function bigDownload(host: Host): undefined {
  const bytes = 5e6 + host.random.exponential(8e7);
  host.strain({received: 3e6, write: 3e6}, bytes / 3e6);
  host.flow({service: 'https', to: service(host), toPort: 443, out: bytes / 60, in: bytes, lasts: bytes / 3e6});
}

function upload(host: Host): undefined {
  const bytes = 2e6 + host.random.exponential(4e7);
  host.strain({sent: 2e6, read: 2e6}, bytes / 2e6);
  host.flow({service: 'https', to: service(host), toPort: 443, out: bytes, in: bytes / 70, lasts: bytes / 2e6});
}

function neighbour(host: Host): undefined {
  const net = host.facts.gateway.slice(0, -2);
  host.flow({
    transport: 'udp',
    service: '',
    from: `${net}.${host.random.between(10, 220)}`,
    fromPort: 5353,
    to: '224.0.0.251',
    toPort: 5353,
    out: 120,
    in: 0,
    lasts: 0.1,
    state: 'S0',
  });
  if (host.chance(0.3))
    host.flow({
      transport: 'icmp',
      from: host.facts.gateway,
      fromPort: 0,
      to: host.facts.address,
      toPort: 0,
      out: 84,
      in: 84,
      lasts: 1,
    });
}
