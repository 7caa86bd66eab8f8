import type {Entity, EntityKind} from './entity.ts';
import {EntityMemory} from './entity-memory.ts';

const day = 86_400e6;
const minute = 60e6;
const start = 1_700_000_000_000_000;
const thing = (kind: EntityKind, name: string): Entity => ({kind, name});

/** A week of a machine that is given a unit a day and no module ever. */
function week(): EntityMemory {
  const memory = new EntityMemory();
  for (let at = 0; at < 30; at++) memory.note('alpha', start + at * minute, thing('unit', `first${at}`));
  for (let at = 1; at < 8; at++) memory.note('alpha', start + at * day, thing('unit', `later${at}`));
  return memory;
}

const now = start + 8 * day;

test('what a machine has on the first day is taken down and no news, nor is what is known', () => {
  const memory = new EntityMemory();
  expect(memory.note('alpha', start, thing('unit', 'ssh'))).toBeUndefined();
  expect(memory.note('alpha', start + day - 1, thing('unit', 'cron'))).toBeUndefined();
  expect(memory.note('alpha', start + 3 * day, thing('unit', 'ssh'))).toBeUndefined();
});

test('a new one is the rarer the seldomer there was one of its kind, whatever other kinds have', () => {
  const unit = week().note('alpha', now, thing('unit', 'evil'));
  const module = week().note('alpha', now, thing('module', 'rootkit'));
  expect(Math.exp(unit?.seldom ?? 0)).toBeLessThan(1.5);
  expect(Math.exp(module?.seldom ?? 0)).toBeGreaterThan(5);
  expect(unit?.known).toBe(37);
  expect(module?.known).toBe(0);
});

test('new ones of a kind within ten minutes are one occasion', () => {
  const memory = week();
  expect(memory.note('alpha', now, thing('account', 'carol'))).toBeDefined();
  expect(memory.note('alpha', now + minute, thing('account', 'dave'))).toBeUndefined();
  expect(memory.note('alpha', now + 2 * minute, thing('membership', 'carol in sudo'))).toBeUndefined();
  expect(memory.note('alpha', now + 20 * minute, thing('account', 'erin'))).toBeDefined();
});

test('the first key of a new account is no more news than the account, another key of it is', () => {
  const memory = week();
  const key = (name: string, owner: string): Entity => ({...thing('key', `${name} of ${owner}`), owner});
  expect(memory.note('alpha', now, thing('account', 'carol'))).toBeDefined();
  const restored = new EntityMemory();
  restored.restore(JSON.parse(JSON.stringify(memory.snapshot())));
  expect(restored.note('alpha', now + day, key('one', 'carol'))).toBeUndefined();
  expect(restored.note('alpha', now + 2 * day, key('two', 'carol'))).toBeDefined();
  expect(restored.note('alpha', now + 3 * day, key('three', 'root'))).toBeDefined();
});

test('what is run daily and weekly is one job, and what was there before it was named is known and no news', () => {
  const memory = week();
  memory.note('alpha', start, thing('job', 'run-parts /etc/cron.daily (of root)'));
  expect(memory.note('alpha', now, thing('job', 'run-parts /etc/cron.weekly (of root)'))).toBeUndefined();
  expect(memory.note('alpha', now, thing('unit', 'nginx'), true)).toBeUndefined();
  expect(memory.note('alpha', now + day, thing('unit', 'nginx'))).toBeUndefined();
});

test('machines know nothing of each other', () => {
  const memory = week();
  memory.note('beta', start, undefined);
  expect(memory.note('beta', now, thing('unit', 'first1'))).toBeDefined();
});

test('what is known outlives a restart', () => {
  const memory = new EntityMemory();
  memory.restore(JSON.parse(JSON.stringify(week().snapshot())));
  expect(memory.note('alpha', now, thing('unit', 'later3'))).toBeUndefined();
  const fresh = memory.note('alpha', now, thing('unit', 'evil'));
  expect(fresh?.seldom).toBeCloseTo(week().note('alpha', now, thing('unit', 'evil'))?.seldom ?? 0, 2);
});

test('a kind of which there are ever new ones takes no more room', () => {
  const memory = new EntityMemory();
  memory.note('alpha', start, undefined);
  for (let at = 0; at < 9_000; at++) memory.note('alpha', start + 2 * day + at * minute, thing('job', `job${at}`));
  expect(memory.snapshot()[0]?.[2][0]?.[3].length).toBeLessThan(4_001 * 6);
});
