// Series of the kinds a monitor meets, with faults put in at known rows: what choices in the model are checked on beside
// real data, so that they are not fitted to a few files. Times of day, noise and faults differ with the seed.

import {seededRandom} from '../src/detect/surprise/seeded-random.ts';
import {minute} from '../src/event/clock.ts';
import type {LabelledSeries} from './nab-score.ts';

type Random = () => number;

interface Draft {
  readonly values: number[];
  readonly faults: number[];
}

interface Family {
  readonly rows: number;
  readonly step: number;
  readonly faults: readonly number[];
  readonly make: (rows: number, faults: readonly number[], random: Random) => number[];
}

const start = Date.UTC(2026, 0, 5) * 1_000;
/** As in the benchmark: a tenth of a series lies in windows, which have their fault in the middle. */
const labelledPart = 0.1;

const families: Readonly<Record<string, Family>> = {
  processor: {rows: 4_032, step: 5 * minute, faults: [1, 2], make: processor},
  bursts: {rows: 4_032, step: 5 * minute, faults: [1, 2], make: bursts},
  throughput: {rows: 4_032, step: 5 * minute, faults: [1, 2], make: throughput},
  requests: {rows: 4_032, step: 5 * minute, faults: [2], make: requests},
  shifts: {rows: 4_032, step: 5 * minute, faults: [1, 2], make: shifts},
  prices: {rows: 1_600, step: 60 * minute, faults: [1, 2, 3], make: prices},
  roads: {rows: 2_500, step: 10 * minute, faults: [1, 2, 3], make: roads},
  mentions: {rows: 15_800, step: 5 * minute, faults: [2, 3, 4], make: mentions},
  sensor: {rows: 8_000, step: 5 * minute, faults: [1, 2], make: sensor},
  quiet: {rows: 4_032, step: 5 * minute, faults: [0], make: throughput},
};

/** `each` series of every family. The same for the same seed. */
export function generatedSeries(seed: number, each: number): LabelledSeries[] {
  return Object.entries(families).flatMap(([name, family], kind) =>
    Array.from({length: each}, (_, number) => {
      const random = seededRandom(seed * 7_919 + kind * 101 + number);
      const {values, faults} = draft(family, number, random);
      return labelled(`${name}/${number}`, values, faults, family.step);
    }),
  );
}

function draft({rows, faults, make}: Family, number: number, random: Random): Draft {
  const count = faults[number % faults.length] ?? 0;
  const places = Array.from({length: count}, (_, at) => {
    const room = 0.65 / count;
    return Math.floor(rows * (0.25 + room * (at + 0.2 + 0.6 * random())));
  });
  return {values: make(rows, places, random), faults: places};
}

function labelled(name: string, values: readonly number[], faults: readonly number[], step: number): LabelledSeries {
  const half = Math.floor((values.length * labelledPart) / Math.max(1, faults.length) / 2);
  return {
    name,
    values: Float64Array.from(values),
    times: Float64Array.from(values, (_, row) => start + row * step),
    windows: faults.map(row => [Math.max(0, row - half), Math.min(values.length - 1, row + half)] as const),
  };
}

/** A low base with regular jobs; a fault holds it high for hours, or ends the jobs. */
function processor(rows: number, faults: readonly number[], random: Random): number[] {
  const base = 2 + 40 * random() ** 2;
  const noise = 0.02 + 0.15 * random();
  const every = 12 * (1 + Math.floor(random() * 6));
  const job = (100 - base) * (0.1 + 0.5 * random());
  const stuck = random() < 0.6;
  return each(rows, row => {
    const hurt = within(row, faults, 40 + 200 * random());
    const busy = row % every < 2 + every * 0.1 ? job : 0;
    const value = base * (1 + noise * normal(random)) + (hurt && !stuck ? 0 : busy * (0.8 + 0.3 * random()));
    const held = hurt && stuck ? Math.max(value, base + (100 - base) * (0.7 + 0.1 * random())) : value;
    return Math.min(100, Math.max(0, held));
  });
}

/** Zero most of the time, with bursts of every size; a fault is a burst that does not end, or a huge one. */
function bursts(rows: number, faults: readonly number[], random: Random): number[] {
  const chance = 0.01 + 0.1 * random();
  const size = 1e4 * 10 ** (3 * random());
  const long = random() < 0.6;
  return each(rows, row => {
    const fault = since(row, faults);
    if (long && fault < 60) return size * (1 + 0.5 * normal(random) ** 2);
    if (!long && fault < 3) return size * 25 * (1 + random());
    return random() < chance ? size * Math.exp(normal(random)) : random() < 0.1 ? size * 0.01 * random() : 0;
  });
}

/** A day's course with noise in proportion; a fault drops it, doubles it, or lays the night over the day. */
function throughput(rows: number, faults: readonly number[], random: Random): number[] {
  const depth = 0.2 + 0.7 * random();
  const noise = 0.03 + 0.25 * random();
  const kind = Math.floor(random() * 3);
  const size = 10 ** (2 + 5 * random());
  const wave = courseOf(random);
  return each(rows, row => {
    const fault = since(row, faults);
    const now = wave(row / 288);
    const factor = fault > 100 ? 1 : kind === 0 ? 0.03 : kind === 1 ? 2.5 : 1;
    const course = fault <= 100 && kind === 2 ? wave(row / 288 + 0.5) : now;
    return size * factor * (1 - depth + depth * course) * Math.exp(noise * normal(random));
  });
}

/** Counts with a day's course; a fault multiplies or stops them. */
function requests(rows: number, faults: readonly number[], random: Random): number[] {
  const mean = 10 + 100 * random();
  const wave = courseOf(random);
  const up = random() < 0.6;
  return each(rows, row => {
    const fault = since(row, faults);
    const rate = mean * (0.2 + wave(row / 288)) * Math.exp(0.3 * normal(random));
    if (fault < 12) return up ? Math.round(rate * 4 + mean * 4) : 0;
    return Math.round(rate + Math.sqrt(rate) * Math.abs(normal(random)));
  });
}

/** A level that a fault moves for good. */
function shifts(rows: number, faults: readonly number[], random: Random): number[] {
  let level = 20 + 60 * random();
  const noise = level * (0.005 + 0.08 * random());
  const spikes = random() < 0.5 ? 0.005 : 0;
  return each(rows, row => {
    if (faults.includes(row)) level += (random() < 0.5 ? -1 : 1) * (4 * noise + level * 0.4 * random());
    return Math.max(0, level + noise * normal(random) + (random() < spikes ? 6 * noise : 0));
  });
}

/** Hourly prices: a slow walk and heavy tails; a fault is a spike of several times the usual. */
function prices(rows: number, faults: readonly number[], random: Random): number[] {
  let slow = 0;
  const noise = 0.15 + 0.25 * random();
  const wave = courseOf(random);
  return each(rows, row => {
    slow = 0.99 * slow + 0.03 * normal(random);
    const spike = since(row, faults) < 4 ? 3 + 4 * random() : 1;
    const ordinary = random() < 0.004 ? 2 : 1;
    return 0.1 * Math.exp(slow + noise * normal(random) + 0.3 * wave(row / 24)) * spike * ordinary;
  });
}

/** Speeds with two rush hours a working day, or occupancy, which is the same upside down; a fault is a jam at a wrong hour. */
function roads(rows: number, faults: readonly number[], random: Random): number[] {
  const speed = random() < 0.5;
  const noise = 2 + 4 * random();
  return each(rows, row => {
    const time = (row / 144) % 7;
    const hour = (time % 1) * 24;
    const rush = time < 5 ? 25 * (bell(hour, 8) + bell(hour, 17.5)) * (0.5 + random()) : 0;
    const jam = since(row, faults) < 18 ? 45 : 0;
    const lost = Math.min(65, rush + jam);
    return speed
      ? Math.max(1, 70 - lost + noise * normal(random))
      : Math.max(0, (lost + noise * Math.abs(normal(random))) / 3);
  });
}

/** Counts of mentions: a day's course, many small excitements nobody labels, and a few that die down over hours. */
function mentions(rows: number, faults: readonly number[], random: Random): number[] {
  const mean = 3 + 60 * random();
  const wave = courseOf(random);
  let excited = 0;
  return each(rows, row => {
    if (faults.includes(row)) excited = 15 + 40 * random();
    else if (random() < 0.0015) excited = Math.max(excited, 5 * random() ** 2 * 3);
    excited *= 0.93;
    const rate = mean * (0.4 + 0.8 * wave(row / 288)) * Math.exp(0.35 * normal(random)) + mean * excited;
    return Math.max(0, Math.round(rate + Math.sqrt(rate) * normal(random)));
  });
}

/** A walk that is drawn to its mean; a fault lets it fall slowly and then breaks it. */
function sensor(rows: number, faults: readonly number[], random: Random): number[] {
  const pull = 0.002 + 0.01 * random();
  const noise = 0.2 + 0.8 * random();
  let walk = 0;
  return each(rows, row => {
    const fault = since(row, faults);
    walk += -pull * walk + noise * normal(random);
    return 80 + walk + noise * normal(random) - (fault < 150 ? 12 * noise + fault * noise * 0.15 : 0);
  });
}

/** 0–1 over a day: smooth, with its peak at an hour of its own and sharper or flatter. */
function courseOf(random: Random): (days: number) => number {
  const phase = random();
  const sharp = 0.7 + 2 * random();
  const weekend = random() < 0.5 ? 0.6 : 1;
  return days => {
    const part = (1 + Math.sin(2 * Math.PI * (days - phase))) / 2;
    return part ** sharp * (Math.floor(days) % 7 >= 5 ? weekend : 1);
  };
}

function bell(hour: number, peak: number): number {
  return Math.exp(-(((hour - peak) / 1.3) ** 2));
}

function within(row: number, faults: readonly number[], rows: number): boolean {
  return since(row, faults) < rows;
}

function since(row: number, faults: readonly number[]): number {
  let newest = Number.POSITIVE_INFINITY;
  for (const fault of faults) if (fault <= row) newest = row - fault;
  return newest;
}

function each(rows: number, value: (row: number) => number): number[] {
  return Array.from({length: rows}, (_, row) => value(row));
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
