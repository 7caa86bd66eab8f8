import type {Random} from '../../src/capture/demo/random.ts';
import type {Micros} from '../../src/event/event.ts';
import type {Facts} from './facts.ts';
import type {MetricFacts} from './item.ts';
import {activity} from './rhythm.ts';

/** What something adds to the machine's load while it lasts: percent, percent, bytes a second. */
export interface Strain {
  readonly cpu?: number;
  readonly memory?: number;
  readonly read?: number;
  readonly write?: number;
  readonly received?: number;
  readonly sent?: number;
}

const cores = 4;
const memoryBytes = 8 * 2 ** 30;

/** The machine's measurements: its usual load by the hour, slow drift, noise that lasts a little, and what strains it. */
export class Meter {
  /** Percent of each file system. */
  readonly disks: Record<string, number>;
  readonly #facts: Facts;
  readonly #random: Random;
  readonly #strains: {strain: Strain; from: Micros; to: Micros}[] = [];
  readonly #noise = new Map<string, number>();
  readonly #usual: Required<Strain>;
  #load = 0.2;
  #swap: number;

  constructor(facts: Facts, random: Random) {
    this.#facts = facts;
    this.#random = random;
    const {scale} = facts;
    this.#usual = {
      cpu: random.between(4, 14) * Math.sqrt(scale),
      memory: random.between(25, 60),
      read: random.between(5, 60) * 1_000 * scale,
      write: random.between(30, 300) * 1_000 * scale,
      received: random.between(5, 80) * 1_000 * scale,
      sent: random.between(5, 150) * 1_000 * scale,
    };
    this.#swap = random.between(0, 12);
    this.disks = {'/': random.between(30, 60), '/var': random.between(40, 70), '/home': random.between(20, 80)};
  }

  add(strain: Strain, from: Micros, to: Micros): void {
    this.#strains.push({strain, from, to});
  }

  read(now: Micros): MetricFacts[] {
    const s = this.#sum(now);
    const busy = activity(now) * (this.#facts.personalities.includes('desktop') ? 1.4 : 1);
    const {cpu, memory, read, write, received, sent} = this.#usual;
    const total = bounded(cpu * (0.35 + busy) * this.#wobble('cpu', 0.2) + s.cpu, 99.8);
    const used = bounded(memory * (0.92 + 0.12 * busy) * this.#wobble('memory', 0.015) + s.memory, 98);
    this.#load += 0.5 * ((total / 100) * cores * 1.1 - this.#load);
    const network = [
      Math.max(0, received * (0.2 + busy) * this.#wobble('received', 0.45) + s.received),
      Math.max(0, sent * (0.2 + busy) * this.#wobble('sent', 0.45) + s.sent),
    ];
    this.#swap = bounded(this.#swap + (used > 85 ? 0.4 : -0.002), 90);
    const rows: [string, number, MetricFacts['unit'], number][] = [
      ['cpu.total', total, 'percent', 1.6],
      ...this.#cores(total),
      ['memory.used', used, 'percent', 1.01],
      ['memory.used.bytes', Math.round((used / 100) * memoryBytes), 'bytes', 1.01],
      ['swap.used', this.#swap, 'percent', 1],
      ['load.1', this.#load, 'load', 1.1],
      ['disk.read', Math.max(0, read * (0.3 + busy) * this.#wobble('read', 0.7) + s.read), 'bytes/s', 4],
      ['disk.write', Math.max(0, write * (0.4 + busy) * this.#wobble('write', 0.4) + s.write), 'bytes/s', 3],
      ...this.#interfaces(network),
      ...this.#mounts(),
    ];
    return rows.map(([name, value, unit, peak]) => this.#fact(now, name, value, unit, peak));
  }

  #cores(total: number): [string, number, string, number][] {
    return Array.from({length: cores}, (_, core) => {
      const value = bounded(total * this.#wobble(`core${core}`, 0.25), 100);
      return [`cpu.core.${core}`, value, 'percent', 1.8];
    });
  }

  #interfaces([received = 0, sent = 0]: readonly number[]): [string, number, string, number][] {
    const name = this.#facts.interface;
    return [
      ['network.received', received, 'bytes/s', 3],
      ['network.sent', sent, 'bytes/s', 3],
      [`network.${name}.received`, received, 'bytes/s', 3],
      [`network.${name}.sent`, sent, 'bytes/s', 3],
    ];
  }

  #mounts(): [string, number, string, number][] {
    this.disks['/var'] = bounded((this.disks['/var'] ?? 50) + 0.0004 * this.#random.next() * this.#facts.scale, 100);
    this.disks['/home'] = bounded((this.disks['/home'] ?? 50) + 0.0002 * this.#random.next(), 100);
    return Object.entries(this.disks).map(([mount, used]) => [`disk.${mount}.used`, used, 'percent', 1]);
  }

  #fact(time: Micros, name: string, value: number, unit: string, peak: number): MetricFacts {
    const limit = unit === 'percent' ? 100 : Number.POSITIVE_INFINITY;
    const max = Math.min(limit, value * (1 + (peak - 1) * this.#random.next()));
    return {time, name, value: rounded(value), max: rounded(max), unit};
  }

  /** Noise that remembers: 1 on the mean, log-normal, with a few minutes' memory. */
  #wobble(name: string, width: number): number {
    const gauss = this.#random.next() + this.#random.next() + this.#random.next() - 1.5;
    const state = 0.8 * (this.#noise.get(name) ?? 0) + 1.2 * gauss;
    this.#noise.set(name, state);
    return Math.exp(width * state);
  }

  #sum(now: Micros): Required<Strain> {
    const sum = {cpu: 0, memory: 0, read: 0, write: 0, received: 0, sent: 0};
    for (let at = this.#strains.length - 1; at >= 0; at--) {
      const one = this.#strains[at];
      if (one === undefined || one.from > now) continue;
      if (one.to <= now) this.#strains.splice(at, 1);
      else for (const key of keys) sum[key] += one.strain[key] ?? 0;
    }
    return sum;
  }
}

const keys = ['cpu', 'memory', 'read', 'write', 'received', 'sent'] as const;

function bounded(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
