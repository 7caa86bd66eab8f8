import {day, hour, minute, second} from '../../../event/clock.ts';
import type {FlowEvent, Micros} from '../../../event/event.ts';
import {seededRandom} from '../seeded-random.ts';
import {type FlowParts, generatedFlow} from './generated-flow.ts';

export const desk = '192.168.1.20';
export const gateway = '192.168.1.1';
export const fileServer = '192.168.1.5';
const printer = '192.168.1.9';

export type Profile = 'desk' | 'server';

/** Draws for one machine's life: repeatable by the seed. */
class Life {
  readonly random: () => number;
  /** Each machine has its own sites and servers. */
  readonly own: number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.own = Math.floor(this.random() * 200);
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  exponential(mean: number): number {
    return -Math.log(1 - this.random()) * mean;
  }

  /** Log-normal: most are near the median, a few far above. */
  size(median: number, spread: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
    return Math.max(40, Math.round(median * Math.exp(spread * normal)));
  }

  /** Of endlessly many, few are met often (a Pareto law of ranks). */
  rank(): number {
    return Math.floor((1 - this.random()) ** -1.3);
  }
}

interface Habit {
  /** Mean time between, and by how much of it the time varies; 1: at random. */
  readonly every: Micros;
  readonly jitter: number;
  readonly hours?: readonly [from: number, until: number];
  readonly act: (life: Life, now: Micros) => readonly FlowParts[];
}

/**
 * The ordinary flows of a workstation or of a small web server from `start`, in the order they end, the same for the
 * same seed: for a baseline, tests and benchmarks of what learns.
 */
export function ordinaryTraffic(seed: number, start: Micros, days: number, profile: Profile = 'desk'): FlowEvent[] {
  const life = new Life(seed);
  const flows: FlowParts[] = [];
  for (const habit of profile === 'desk' ? deskHabits : serverHabits) {
    let now = start + Math.floor(life.random() * habit.every);
    while (now < start + days * day) {
      const [from, until] = habit.hours ?? [0, 24];
      const time = (now % day) / hour;
      if (time >= from && time < until) flows.push(...habit.act(life, Math.floor(now)));
      now +=
        habit.jitter === 1 ? life.exponential(habit.every) : habit.every * (1 + habit.jitter * (life.random() - 0.5));
    }
  }
  return numbered(flows);
}

/** Flows in the order they end. */
export function numbered(flows: readonly FlowParts[]): FlowEvent[] {
  return flows
    .map(parts => generatedFlow({...parts, time: Math.floor(parts.time), lasts: Math.floor(parts.lasts ?? 0)}))
    .sort((a, b) => a.last - b.last)
    .map((flow, at) => ({...flow, position: at + 1}));
}

const common: readonly Habit[] = [
  {every: 1_024 * second, jitter: 0.004, act: timeQuery},
  {every: 6 * hour, jitter: 0.01, act: lease},
  {every: 10 * minute, jitter: 0.3, act: updateCheck},
  {every: day, jitter: 0.1, act: update},
  {every: 3 * hour, jitter: 1, act: adminLogin},
];

const deskHabits: readonly Habit[] = [
  ...common,
  {every: 14 * minute, jitter: 1, hours: [8, 22], act: browsing},
  {every: 2 * minute, jitter: 1, act: lookUp},
  {every: 5 * minute, jitter: 0.01, act: mailPoll},
  {every: 3 * hour, jitter: 1, hours: [8, 20], act: pollingTab},
  {every: 4 * hour, jitter: 1, hours: [8, 19], act: call},
  {every: 90 * minute, jitter: 1, hours: [8, 20], act: sync},
  {every: 3 * hour, jitter: 1, hours: [9, 18], act: print},
  {every: 20 * minute, jitter: 1, hours: [8, 19], act: share},
  {every: 8 * hour, jitter: 0.5, act: push},
  {every: 90 * second, jitter: 0.5, act: multicast},
  {every: day, jitter: 0.01, act: backup},
];

const serverHabits: readonly Habit[] = [
  ...common,
  {every: 20 * second, jitter: 1, act: visitor},
  {every: 40 * second, jitter: 1, act: query},
  {every: 30 * second, jitter: 1, act: lookUp},
  {every: minute, jitter: 0.002, act: probeByMonitor},
  {every: 3 * minute, jitter: 1, act: noise},
  {every: day, jitter: 0.01, act: backup},
];

const nameServer = {destinationIp: gateway, destinationPort: 53, transport: 'udp', service: 'dns'} as const;

function lookUp(life: Life, time: Micros): readonly FlowParts[] {
  const names = life.between(1, 2);
  return Array.from({length: names}, (_, at) => ({
    ...nameServer,
    time: time + at * 2_000,
    lasts: life.size(20_000, 1),
    sourcePort: life.between(32_768, 60_999),
    packetsOut: 1,
    bytesOut: life.between(56, 90),
    packetsIn: 1,
    bytesIn: life.between(72, 420),
  }));
}

function web(life: Life, time: Micros, rank: number, out: number, back: number, lasts: Micros): FlowParts {
  const site = (rank + life.own) % 40_000;
  const destinationIp = `${93 + (site % 7)}.${(site >> 8) % 250}.${site % 250}.${life.between(1, 4)}`;
  return {
    time,
    lasts,
    destinationIp,
    service: 'https',
    sourcePort: life.between(32_768, 60_999),
    bytesOut: out,
    bytesIn: back,
  };
}

function browsing(life: Life, start: Micros): readonly FlowParts[] {
  const flows: FlowParts[] = [];
  let time = start;
  for (let page = life.between(1, 12); page > 0; page--) {
    for (let site = life.between(1, 8); site > 0; site--) {
      flows.push(...lookUp(life, time));
      const back = life.size(15_000, 1.8);
      const flow = web(life, time + 40_000, life.rank(), life.size(2_500, 0.9), back, life.size(20 * second, 1.5));
      flows.push(life.random() < 0.06 ? {...flow, state: 'RSTO'} : flow);
    }
    time += life.size(40 * second, 1);
  }
  return flows;
}

function mailPoll(life: Life, time: Micros): readonly FlowParts[] {
  const destinationIp = `81.19.${life.own}.25`;
  const parts = {destinationIp, destinationPort: 993, service: 'imap', sourcePort: life.between(32_768, 60_999)};
  return [
    {
      ...parts,
      time,
      lasts: life.size(2 * second, 0.5),
      bytesOut: life.size(2_400, 0.2),
      bytesIn: life.size(6_000, 0.8),
    },
  ];
}

/** A page left open asks its server each half minute, for an hour or three. */
function pollingTab(life: Life, time: Micros): readonly FlowParts[] {
  const rank = life.rank();
  return Array.from({length: life.between(40, 300)}, (_, at) =>
    web(
      life,
      time + at * 30 * second + life.random() * second,
      rank,
      life.size(1_200, 0.1),
      life.size(2_500, 0.3),
      second,
    ),
  );
}

function call(life: Life, time: Micros): readonly FlowParts[] {
  const lasts = life.size(25 * minute, 0.5);
  const bytes = Math.round((lasts / second) * life.between(60_000, 180_000));
  const destinationIp = `52.112.${life.between(0, 60)}.${life.between(1, 250)}`;
  return [
    {
      time,
      lasts,
      transport: 'udp',
      destinationIp,
      destinationPort: 3_479,
      bytesOut: bytes,
      bytesIn: Math.round(bytes * 1.2),
    },
  ];
}

function sync(life: Life, time: Micros): readonly FlowParts[] {
  const bytesOut = life.size(300_000, 2);
  const destinationIp = `142.250.${life.between(0, 3)}.${life.between(1, 20)}`;
  return [
    {time, lasts: life.size(30 * second, 1), destinationIp, service: 'https', bytesOut, bytesIn: life.size(8_000, 0.5)},
  ];
}

function print(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {destinationIp: printer, destinationPort: 631, service: 'ipp'};
  return [
    {
      ...parts,
      time,
      lasts: life.size(8 * second, 0.7),
      bytesOut: life.size(400_000, 1.2),
      bytesIn: life.size(3_000, 0.3),
    },
  ];
}

function share(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {destinationIp: fileServer, destinationPort: 445, service: 'smb'};
  return [
    {
      ...parts,
      time,
      lasts: life.size(3 * minute, 1),
      bytesOut: life.size(20_000, 1.2),
      bytesIn: life.size(200_000, 1.8),
    },
  ];
}

function push(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {destinationIp: `17.57.${life.own}.${life.between(1, 20)}`, destinationPort: 5_223};
  return [
    {
      ...parts,
      time,
      lasts: life.size(5 * hour, 0.4),
      bytesOut: life.size(40_000, 0.5),
      bytesIn: life.size(60_000, 0.6),
    },
  ];
}

function multicast(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {sourceIp: `192.168.1.${life.between(30, 35)}`, destinationIp: '224.0.0.251', destinationPort: 5_353};
  return [
    {
      ...parts,
      time,
      lasts: second,
      transport: 'udp',
      service: 'mdns',
      sourcePort: 5_353,
      bytesOut: life.size(300, 0.6),
      state: 'S0',
    },
  ];
}

function backup(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {destinationIp: fileServer, destinationPort: 22, service: 'ssh'};
  return [
    {...parts, time, lasts: life.size(20 * minute, 0.4), bytesOut: life.size(9e8, 0.5), bytesIn: life.size(4e6, 0.4)},
  ];
}

function timeQuery(life: Life, time: Micros): readonly FlowParts[] {
  return Array.from({length: 4}, (_, at) => ({
    time: time + at * 2 * second,
    lasts: life.size(30_000, 0.4),
    transport: 'udp',
    service: 'ntp',
    sourcePort: life.between(32_768, 60_999),
    destinationIp: `91.189.${life.own}.${at + 1}`,
    destinationPort: 123,
    bytesOut: 76,
    bytesIn: 76,
  }));
}

function lease(_life: Life, time: Micros): readonly FlowParts[] {
  const parts = {destinationIp: gateway, destinationPort: 67, transport: 'udp', service: 'dhcp', sourcePort: 68};
  return [{...parts, time, lasts: 40_000, bytesOut: 328, bytesIn: 328}];
}

function updateCheck(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {destinationIp: `151.101.${life.own}.${life.between(1, 3)}`, service: 'https'};
  return [
    {...parts, time, lasts: life.size(second, 0.5), bytesOut: life.size(1_500, 0.2), bytesIn: life.size(9_000, 0.6)},
  ];
}

function update(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {destinationIp: `151.101.${life.own}.${life.between(1, 3)}`, destinationPort: 80, service: 'http'};
  return Array.from({length: life.between(1, 5)}, (_, at) => ({
    ...parts,
    time: time + at * minute,
    lasts: life.size(30 * second, 0.8),
    bytesOut: life.size(30_000, 0.8),
    bytesIn: life.size(2e7, 1.5),
  }));
}

function adminLogin(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {
    sourceIp: `192.168.1.${life.between(30, 32)}`,
    destinationIp: desk,
    destinationPort: 22,
    service: 'ssh',
  };
  const state = life.random() < 0.1 ? 'RSTO' : 'SF';
  return [
    {
      ...parts,
      time,
      lasts: life.size(6 * minute, 1),
      bytesOut: life.size(9_000, 0.9),
      bytesIn: life.size(30_000, 1.2),
      state,
    },
  ];
}

function visitor(life: Life, time: Micros): readonly FlowParts[] {
  const sourceIp = `${life.between(2, 99)}.${life.between(0, 255)}.${life.between(0, 255)}.${life.between(1, 254)}`;
  const parts = {sourceIp, destinationIp: desk, destinationPort: 443, service: 'https'};
  return Array.from({length: life.between(1, 6)}, (_, at) => ({
    ...parts,
    time: time + at * life.between(0, 4) * second,
    lasts: life.size(3 * second, 1.2),
    sourcePort: life.between(1_024, 65_000),
    bytesOut: life.size(1_800, 0.8),
    bytesIn: life.size(20_000, 1.6),
    state: life.random() < 0.08 ? 'RSTO' : 'SF',
  }));
}

function query(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {destinationIp: '192.168.1.7', destinationPort: 5_432, service: 'postgresql'};
  return [
    {...parts, time, lasts: life.size(second, 1), bytesOut: life.size(2_000, 0.6), bytesIn: life.size(9_000, 1.2)},
  ];
}

function probeByMonitor(life: Life, time: Micros): readonly FlowParts[] {
  const parts = {sourceIp: '192.168.1.8', destinationIp: desk, destinationPort: 443, service: 'https'};
  return [{...parts, time, lasts: life.size(60_000, 0.3), bytesOut: 900, bytesIn: life.size(3_400, 0.05)}];
}

/** What any machine on the open network gets all day. */
function noise(life: Life, time: Micros): readonly FlowParts[] {
  const sourceIp = `${life.between(130, 168)}.${life.between(0, 255)}.${life.between(0, 255)}.${life.between(1, 254)}`;
  const ports = [22, 23, 80, 445, 1_433, 3_306, 3_389, 5_900, 6_379, 8_080, life.between(1, 65_000)];
  const destinationPort = ports[life.between(0, ports.length - 1)] ?? 23;
  const refused = life.random() < 0.3;
  const parts = {sourceIp, destinationIp: desk, destinationPort, sourcePort: life.between(1_024, 65_000)};
  return [
    {
      ...parts,
      time,
      bytesOut: 44,
      packetsOut: 1,
      bytesIn: refused ? 40 : 0,
      packetsIn: refused ? 1 : 0,
      state: refused ? 'REJ' : 'S0',
    },
  ];
}
