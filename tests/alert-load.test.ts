import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pool} from '../bench/life/attacks/campaign.ts';
import {EventMaker} from '../bench/life/events.ts';
import {examine} from '../bench/life/examine.ts';
import {factsOf} from '../bench/life/facts.ts';
import {Host} from '../bench/life/host.ts';
import {type LifeItem, ordinary} from '../bench/life/item.ts';
import {readWeek, weekFolders} from '../bench/life/read-week.ts';
import {explain, loadOf} from '../bench/life/report.ts';
import {generateWeek} from '../bench/life/week.ts';
import {writeWeek} from '../bench/life/write-week.ts';
import type {Detector} from '../src/detect/detector.ts';
import {day, second} from '../src/event/clock.ts';
import type {Alert, Event} from '../src/event/event.ts';

const seeds = [1, 2, 3, 4, 5, 6];

test('the same seed gives the same week, another seed another', () => {
  const [one, again, other] = [3, 3, 1].map(seed => JSON.stringify(firstItems(seed)));
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

test.each(seeds)('week %d comes in time order and has logs, flows and metrics on every day', seed => {
  const {late, kinds} = observed(seed);
  expect(late).toBe(0);
  expect(kinds.size).toBe(9);
});

test.each(seeds)(
  'in week %d nothing of an attack comes before the learning time ends, and every phase leaves traces',
  seed => {
    const {early, traces, phases} = observed(seed);
    expect(early).toBe(0);
    expect(phases).toBeGreaterThanOrEqual(5);
    expect(phases).toBeLessThanOrEqual(8);
    expect([...traces].sort()).toEqual(Array.from({length: phases}, (_, index) => index));
  },
);

test.each(seeds)("the product's parser reads the lines of week %d as what they are meant to be", seed => {
  expect(observed(seed).misread).toEqual([]);
});

test('each attack of the pool has a name of its own and leaves lines or flows on a machine it suits', () => {
  expect(new Set(pool.map(({name}) => name)).size).toBe(pool.length);
  expect(pool.length).toBeGreaterThanOrEqual(14);
  const silent = pool.filter(attack => {
    const facts = manyFacts().find(one => attack.suits === undefined || attack.suits(one));
    if (facts === undefined) return true;
    const host = Host.of(facts);
    const victim = host.person();
    host.start(attack.run(host.actor(1, 0), {address: '203.0.113.9', control: '198.51.100.7', victim, key: 'k'}));
    const items = [...host.sim.run(facts.start + 2 * day)];
    return items.length === 0 || items.some(item => item.phase !== 0);
  });
  expect(silent).toEqual([]);
});

test('a written week reads back with the same events and the same truth', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'siem-life-'));
  try {
    writeWeek(generateWeek(3, 1), folder);
    const [path = ''] = weekFolders(folder);
    const written = generateWeek(3, 1);
    const expected = countOf([...written.items]);
    const read = readWeek(path);
    const found: LifeItem[] = [];
    for await (const item of read.items) found.push(item);
    expect(countOf(found)).toEqual(expected);
    expect(read.phases.map(({name}) => name)).toEqual(written.phases.map(({name}) => name));
    expect(read.address).toBe(written.facts.address);
    expect(found.every((item, at) => at === 0 || item.at >= (found[at - 1]?.at ?? 0))).toBe(true);
  } finally {
    rmSync(folder, {recursive: true});
  }
});

test('an alert is true only by an event that a phase made, and each begun alert counts once on its day', async () => {
  const truth = new Set<string>();
  for (const item of generateWeek(3, 1).items) if (item.phase === 0 && item.kind === 'line') truth.add(item.text);
  const [attackText = ''] = truth;
  const calls = {ticks: 0};
  const result = await examine(generateWeek(3, 1), [alarmOn(attackText, calls)], []);
  const load = loadOf([result], false);
  expect(load.phasesSeen).toBe(1);
  expect(load.trueAlerts).toBe(1);
  expect(load.phasesMissed).toHaveLength(result.phases.length - 1);
  // The detector cries once at midnight of each day about something ordinary.
  expect(load.falseByDay).toEqual([[1, 1, 1]]);
  expect(load.falseAlertsPerDay).toBe(1);
  expect(calls.ticks).toBe(3 * 24 * 60 * 6 - 1);
  expect(explain(result)).toContain(`true ${result.phases[0]?.name}`);
});

/** Raises an alert on every line that ends in this attack's words, and on the first line of each day. */
function alarmOn(text: string, calls: {ticks: number}): Detector {
  const message = text.slice(text.indexOf(': ') + 2);
  let days = -1;
  const alertOf = (event: Event, entity: string): Alert => ({
    rule: {id: 'test', name: 'Test', level: 'low', category: 'System Log', techniques: []},
    time: event.time,
    host: event.origin.host,
    entity,
    reason: 'test',
    count: 1,
    event,
  });
  return {
    id: 'test',
    onEvents: batch =>
      batch.flatMap(event => {
        if (event.kind !== 'log') return [];
        if (event.message === message) return [alertOf(event, 'attack')];
        const today = Math.floor(event.time / day);
        if (today === days) return [];
        days = today;
        return [alertOf(event, `day ${today}`)];
      }),
    onTick: () => {
      calls.ticks++;
      return [];
    },
  };
}

interface Observed {
  late: number;
  early: number;
  phases: number;
  readonly kinds: Set<string>;
  readonly traces: Set<number>;
  readonly misread: string[];
}

const known = new Map<number, Observed>();

/** Looks at each week once: it has some hundred thousand items. */
function observed(seed: number): Observed {
  const before = known.get(seed);
  if (before) return before;
  const week = generateWeek(seed, 1);
  const maker = new EventMaker(week.host);
  const seen: Observed = {late: 0, early: 0, phases: 0, kinds: new Set(), traces: new Set(), misread: []};
  let last = week.from;
  for (const item of week.items) {
    if (item.at < last) seen.late++;
    last = item.at;
    seen.kinds.add(`${item.kind} ${Math.floor((item.at - week.from) / day)}`);
    if (item.phase !== ordinary) seen.traces.add(item.phase);
    if (item.phase !== ordinary && item.at < week.learnUntil) seen.early++;
    if (item.kind === 'line' && !isReadRight(item, maker.event(item))) seen.misread.push(item.text);
  }
  seen.phases = week.phases.length;
  known.set(seed, seen);
  return seen;
}

function isReadRight(item: LifeItem & {kind: 'line'}, event: Event | undefined): boolean {
  return event?.kind === 'log' && Math.abs(event.time - item.at) < second && isNamed(item.file, event.provider);
}

function firstItems(seed: number): LifeItem[] {
  const items: LifeItem[] = [];
  for (const item of generateWeek(seed, 1).items) {
    items.push(item);
    if (items.length === 20_000) break;
  }
  return items;
}

function manyFacts() {
  return Array.from({length: 40}, (_, seed) => factsOf(seed));
}

function countOf(items: readonly LifeItem[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const key = `${item.kind} ${item.kind === 'line' ? item.file : ''} ${item.phase}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Lines that come by way of syslog name their program; other logs are named after their file, service or server. */
function isNamed(file: string, provider: string): boolean {
  const byFile: Readonly<Record<string, RegExp>> = {
    'auth.log':
      /^(?:sshd|sudo|su|CRON|systemd-logind|useradd|usermod|groupadd|passwd|chage|chpasswd|polkitd|pkexec|gdm-password|login)$/,
    'kern.log': /^kernel$/,
    'mail.log': /^(?:postfix\/|dovecot$|spamd$)/,
    'audit/audit.log': /^auditd$/,
    'dpkg.log': /^dpkg$/,
    'nginx/access.log': /^nginx$/,
    'nginx/error.log': /^nginx$/,
    syslog: /^(?!syslog$)[\w./-]+$/,
  };
  return (byFile[file] ?? /^\w/).test(provider);
}
