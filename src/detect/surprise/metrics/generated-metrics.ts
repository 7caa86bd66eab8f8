import {day, hour, minute} from '../../../event/clock.ts';
import type {MetricEvent, Micros} from '../../../event/event.ts';
import {seededRandom} from '../seeded-random.ts';

interface Course {
  readonly name: string;
  readonly unit: MetricEvent['unit'];
  /** Value at rest, and what a busy hour adds to it. */
  readonly rest: number;
  readonly busy: number;
  /** How far it swings: a part of the value. */
  readonly swing: number;
  /** Minutes that a swing lasts. */
  readonly lasts: number;
}

const courses: readonly Course[] = [
  {name: 'cpu.total', unit: 'percent', rest: 3, busy: 9, swing: 0.4, lasts: 2},
  {name: 'cpu.core.0', unit: 'percent', rest: 3, busy: 10, swing: 0.7, lasts: 2},
  {name: 'memory.used', unit: 'percent', rest: 35, busy: 8, swing: 0.03, lasts: 30},
  {name: 'swap.used', unit: 'percent', rest: 4, busy: 0, swing: 0.02, lasts: 60},
  {name: 'load.1', unit: 'load', rest: 0.15, busy: 0.5, swing: 0.5, lasts: 3},
  {name: 'disk.read', unit: 'bytes/s', rest: 2_000, busy: 60_000, swing: 1.2, lasts: 2},
  {name: 'disk.write', unit: 'bytes/s', rest: 25_000, busy: 120_000, swing: 0.7, lasts: 2},
  {name: 'network.received', unit: 'bytes/s', rest: 6_000, busy: 60_000, swing: 0.9, lasts: 3},
  {name: 'network.sent', unit: 'bytes/s', rest: 5_000, busy: 40_000, swing: 0.9, lasts: 3},
];

/**
 * A value a minute of each ordinary metric of one machine from `start`, the same for the same seed: low at night, busy
 * by day, swinging for minutes. For a baseline and for benchmarks of what learns.
 */
export function* ordinaryMetrics(seed: number, start: Micros, length: Micros): Generator<MetricEvent> {
  const random = seededRandom(seed);
  const machines = courses.map(course => ({course, scale: Math.exp((random() - 0.5) * 1.4), swing: 0}));
  for (let time = start; time < start + length; time += minute) {
    const activity = Math.max(0, Math.sin(((time % day) / day - 0.25) * 2 * Math.PI));
    for (const machine of machines) {
      const {course, scale} = machine;
      machine.swing += ((random() + random() + random() - 1.5) * 2 * course.swing - machine.swing) / course.lasts;
      const value = (course.rest + course.busy * activity) * scale * Math.exp(machine.swing);
      yield measured(course, time, course.unit === 'percent' ? Math.min(99, value) : value);
    }
  }
}

/** A processor that stays at 100 % from some time on, one value a minute. For tests and benchmarks. */
export function* stuckProcessor(start: Micros, length: Micros = 2 * hour): Generator<MetricEvent> {
  for (let time = start; time < start + length; time += minute)
    yield measured({name: 'cpu.total', unit: 'percent'}, time, 100);
}

function measured({name, unit}: Pick<Course, 'name' | 'unit'>, time: Micros, value: number): MetricEvent {
  const origin = {agent: 'generated', host: 'generated', source: 'system', epoch: '1', dataset: 'system'};
  return {kind: 'metric', origin, position: time, time, ingested: time, name, value, max: value, unit};
}
