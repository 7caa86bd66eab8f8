import {Analyser} from '../src/capture/packets/analyser.ts';
import type {RawPacket} from '../src/capture/packets/backend.ts';
import {Outbox} from '../src/capture/packets/outbox.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {heap, mutate, type RandomNumbers} from './mutated-packets.ts';

const samples = 10;
const apart = 1_000;
const turn = 250_000;

export interface TrafficResult {
  readonly packets: number;
  /** Heap in MB at ten points, evenly spaced: flat once every bound is reached. */
  readonly heapMegabytes: readonly number[];
  /** The longest that one packet took. */
  readonly slowestMillis: number;
  readonly megabytesSent: number;
  readonly seconds: number;
}

/** Mutated packets, a millisecond apart, through the sensor's whole way: flows, applications and all detectors. */
export function analyseMutated(seeds: readonly RawPacket[], count: number, random: RandomNumbers): TrafficResult {
  const begun = performance.now();
  let bytes = 0;
  const write = (frame: Uint8Array) => {
    bytes += frame.length;
  };
  const outbox = new Outbox({write, pending: () => 0});
  const facts = new Array(256).fill({name: 'file', mtu: 1500, aggregates: true, loopback: false});
  const network = settingsSchema.parse({}).network;
  const analyser = new Analyser(outbox, {maxFlows: 16_384, seed: 1, facts, network, watched: true});
  const heapMegabytes: number[] = [];
  let slowest = 0;
  for (let done = 0; done < count && seeds.length > 0; done++) {
    const packet = mutate(seeds[Math.floor(random() * seeds.length)] as RawPacket, random);
    const time = 1_700_000_000_000_000 + done * apart;
    const before = performance.now();
    analyser.packet({...packet, time}, done & 3);
    if (time % turn === 0) {
      analyser.advance(time);
      outbox.flush(analyser.counters(time, 0));
    }
    slowest = Math.max(slowest, performance.now() - before);
    if ((done + 1) % Math.ceil(count / samples) === 0) heapMegabytes.push(heap());
  }
  analyser.finish();
  outbox.flush(undefined, true);
  return {
    packets: count,
    heapMegabytes,
    slowestMillis: Math.round(slowest),
    megabytesSent: Math.round(bytes / 1e6),
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  };
}
