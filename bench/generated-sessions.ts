import {seededRandom} from '../src/detect/surprise/seeded-random.ts';
import type {Session} from './sequence-files.ts';

/** A made-up data set whose truth is known, the same for the same seed. */
export interface GeneratedSessions {
  readonly train: Session[];
  readonly normal: Session[];
  readonly abnormal: Session[];
}

type Random = () => number;

/**
 * Short sessions with a protocol: the life of virtual machines as a cloud's controller logs it. Steps of equal rank come
 * in any order, some repeat, some lives are stopped and resumed. Abnormal ones lose a step, repeat what comes once, end
 * early, or swap what has an order.
 */
export function machineLives(
  seed: number,
  sizes: {train: number; normal: number; abnormal: number},
): GeneratedSessions {
  const random = seededRandom(seed);
  const lives = (count: number) => Array.from({length: count}, () => life(random));
  return {
    train: lives(sizes.train),
    normal: lives(sizes.normal),
    abnormal: Array.from({length: sizes.abnormal}, () => spoiled(life(random), random)),
  };
}

function life(random: Random): string[] {
  const steps = ['1', '2', ...shuffled(['3', '4', '5'], random), '6', ...times('7', 1 + below(3, random)), '8', '9'];
  if (random() < 0.3) steps.push('10', '11', ...times('7', 1 + below(2, random)), '12', '13');
  if (random() < 0.1) steps.push('14', '15');
  return [...steps, ...times('16', below(4, random)), '17', '18', ...shuffled(['19', '20'], random), '21'];
}

function spoiled(steps: readonly string[], random: Random): string[] {
  const at = 1 + below(steps.length - 3, random);
  const kind = below(4, random);
  // What comes any number of times is not missed.
  const free = steps[at] === '7' || steps[at] === '16';
  if (kind === 0 && !free) return steps.filter((_, index) => index !== at);
  if (kind <= 1) return [...steps.slice(0, at), '9', '9', ...steps.slice(at)];
  if (kind === 2) return steps.slice(0, Math.min(at, 7));
  return ['2', '1', ...steps.slice(2, -1), '22'];
}

/**
 * Long sessions without a protocol: system calls of programs that start alike and then go round loops of their own.
 * Normal sessions to test on come from programs of which training saw some, and from some it never saw; abnormal ones
 * use the same calls in mixtures no program has, for a part of a session that begins as any other.
 */
export function systemCalls(seed: number, sizes: {train: number; normal: number; abnormal: number}): GeneratedSessions {
  const random = seededRandom(seed);
  const known = Array.from({length: 12}, () => program(random));
  const unseen = Array.from({length: 3}, () => program(random));
  const one = (programs: readonly Program[]) => run(pick(programs, random), random);
  return {
    train: Array.from({length: sizes.train}, () => one(known)),
    normal: Array.from({length: sizes.normal}, () => one(random() < 0.9 ? known : unseen)),
    abnormal: Array.from({length: sizes.abnormal}, () => attacked(one(known), known, random)),
  };
}

interface Program {
  readonly start: readonly string[];
  readonly loops: readonly (readonly string[])[];
}

const calls = 120;

function program(random: Random): Program {
  const own = Array.from({length: 8 + below(10, random)}, () => String(1 + Math.floor(calls * random() ** 2)));
  const loops = Array.from({length: 2 + below(4, random)}, () =>
    Array.from({length: 2 + below(8, random)}, () => pick(own, random)),
  );
  return {start: ['1', '2', '3', '4', '3', '4', '5', '6', '7', ...own.slice(0, 4)], loops};
}

function run({start, loops}: Program, random: Random): string[] {
  const length = 75 + Math.floor(600 * random() ** 3);
  const session = [...start];
  while (session.length < length) {
    const loop = pick(loops, random);
    for (let turn = below(12, random); turn >= 0; turn--) {
      session.push(...(random() < 0.05 ? loop.slice(0, -1) : loop));
    }
  }
  return session.slice(0, length);
}

function attacked(session: readonly string[], programs: readonly Program[], random: Random): string[] {
  const begin = below(Math.floor(session.length / 2), random) + 13;
  const odd = Array.from({length: 3 + below(6, random)}, () =>
    pick(pick(pick(programs, random).loops, random), random),
  );
  const turns = 3 + below(20, random);
  return [...session.slice(0, begin), ...Array.from({length: turns}, () => odd).flat(), ...session.slice(begin)];
}

function times(step: string, count: number): string[] {
  return Array.from({length: count}, () => step);
}

function shuffled(steps: readonly string[], random: Random): string[] {
  return steps
    .map(step => ({step, at: random()}))
    .sort((a, b) => a.at - b.at)
    .map(({step}) => step);
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[below(items.length, random)];
  if (item === undefined) throw new RangeError('Expected something to pick from, got an empty list.');
  return item;
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}
