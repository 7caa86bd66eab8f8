import {hour, minute, second} from '../../../event/clock.ts';
import type {FlowEvent, Micros} from '../../../event/event.ts';
import {seededRandom} from '../seeded-random.ts';
import type {FlowParts} from './generated-flow.ts';
import {desk, gateway, numbered} from './generated-traffic.ts';

export type Intrusion = 'exfiltration' | 'beacon' | 'lateral' | 'listener' | 'tunnel';

/** The flows that an intrusion of this kind adds from `start` on, in the order they end. For tests and benchmarks. */
export function intrusion(kind: Intrusion, seed: number, start: Micros): FlowEvent[] {
  return numbered(makers[kind](seededRandom(seed), start));
}

const makers: Readonly<Record<Intrusion, (random: () => number, start: Micros) => readonly FlowParts[]>> = {
  exfiltration: (random, time) => [
    {
      time,
      lasts: (5 + 10 * random()) * minute,
      destinationIp: '185.220.101.7',
      service: 'https',
      bytesOut: Math.round(4e8 * (1 + random())),
      bytesIn: 3_000_000,
    },
  ],
  beacon: (random, start) =>
    Array.from({length: 60}, (_, at) => ({
      time: start + at * minute + random() * 3 * second,
      lasts: 300_000 + random() * 100_000,
      destinationIp: '194.165.16.11',
      service: 'https',
      bytesOut: 900 + Math.floor(random() * 60),
      bytesIn: 700 + Math.floor(random() * 40),
    })),
  lateral: (random, start) =>
    Array.from({length: 40}, (_, at) => ({
      time: start + at * 3 * second + random() * second,
      lasts: 20_000,
      destinationIp: `192.168.1.${100 + at}`,
      destinationPort: 445,
      service: 'smb',
      bytesOut: 60,
      packetsOut: 1,
      bytesIn: at % 5 === 0 ? 40 : 0,
      packetsIn: at % 5 === 0 ? 1 : 0,
      state: at % 5 === 0 ? 'REJ' : 'S0',
    })),
  listener: (random, time) => [
    {
      time,
      lasts: 4 * minute * (1 + random()),
      sourceIp: '45.155.205.9',
      destinationIp: desk,
      destinationPort: 4_444,
      bytesOut: 4_000,
      bytesIn: 60_000,
    },
  ],
  tunnel: (random, start) =>
    Array.from({length: 4_000}, (_, at) => ({
      time: start + (at * hour) / 8_000 + random() * second,
      lasts: 40_000 + random() * 20_000,
      transport: 'udp',
      service: 'dns',
      destinationIp: gateway,
      destinationPort: 53,
      sourcePort: 32_768 + Math.floor(random() * 28_000),
      packetsOut: 1,
      bytesOut: 220 + Math.floor(random() * 60),
      packetsIn: 1,
      bytesIn: 260 + Math.floor(random() * 240),
    })),
};
