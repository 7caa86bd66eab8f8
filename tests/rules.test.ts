import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {EventMaker} from '../bench/life/events.ts';
import {generateWeek} from '../bench/life/week.ts';
import {normalLife} from '../src/capture/demo/normal-life.ts';
import {Random} from '../src/capture/demo/random.ts';
import {LineFeed} from '../src/capture/logs/line-feed.ts';
import {SigmaDetector} from '../src/detect/sigma/detector.ts';
import {loadRules} from '../src/detect/sigma/load-folder.ts';
import type {RuleSet} from '../src/detect/sigma/rule-set.ts';
import {day} from '../src/event/clock.ts';
import type {Alert, Event} from '../src/event/event.ts';
import {alertLevels} from '../src/event/level.ts';
import {readRuleCases} from './support/rule-cases.ts';

const folder = 'rules';
const cases = readRuleCases('tests/rules');
const names = readdirSync(folder, {recursive: true, encoding: 'utf8'})
  .filter(path => path.endsWith('.yml'))
  .map(path => path.slice(0, -4))
  .sort();
let set: RuleSet;

beforeAll(async () => {
  set = await loadRules([folder]);
});

/** The rule files, without ending, of a day's or a case's alerts. */
function firedBy(alerts: readonly Alert[]): string[] {
  const files = new Map(set.loaded.map(({file, rule}) => [rule.head.id, file.slice(folder.length + 1, -4)]));
  return [...new Set(alerts.map(alert => files.get(alert.rule.id) ?? alert.rule.id))].sort();
}

function judge(events: readonly Event[]): string[] {
  const detector = new SigmaDetector(set);
  return firedBy([...detector.onEvents(events), ...detector.finish()]);
}

test('every shipped rule loads', () => {
  expect(set.rejected).toEqual([]);
  expect(set.duplicates).toEqual([]);
  expect(set.warnings).toEqual([]);
  expect(new Set(set.loaded.map(({file}) => file)).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(80);
});

test('every shipped rule says what an analyst needs', () => {
  const lacking = set.loaded.flatMap(({file, rule}) => {
    const {head} = rule;
    const wrong = [
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(head.id)
        ? ''
        : 'a UUID of version 4',
      head.author === 'siem' && /^\d{4}-\d\d-\d\d$/.test(head.date ?? '') ? '' : 'author and date',
      head.status === undefined ? 'a status' : '',
      (head.description?.length ?? 0) < 25 ? 'a description' : '',
      head.techniques.length === 0 || head.tags.some(tag => !tag.startsWith('attack.')) ? 'ATT&CK tags' : '',
      head.falsePositives.some(note => note.length >= 10) ? '' : 'a note on false positives',
      head.references.every(link => link.startsWith('https://attack.mitre.org/')) ? '' : 'ATT&CK references only',
    ].filter(word => word !== '');
    return wrong.map(word => `${file}: ${head.title} lacks ${word}`);
  });
  expect(lacking).toEqual([]);
  const levels = names.flatMap(name => {
    const text = readFileSync(join(folder, `${name}.yml`), 'utf8');
    return (text.match(/^title: /gm) ?? []).length === (text.match(/^level: /gm) ?? []).length ? [] : [name];
  });
  expect(levels).toEqual([]);
  expect(new Set(set.loaded.map(({rule}) => rule.head.title)).size).toBe(set.loaded.length);
});

test('every shipped rule has an event that fires it and one that nearly does', () => {
  const covered = new Map(names.map(name => [name, {fires: 0, misses: 0}]));
  for (const {rule, expect: fires} of cases) {
    const count = covered.get(rule);
    if (!count) throw new Error(`expected rules/${rule}.yml beside its events`);
    if (fires) count.fires++;
    else count.misses++;
  }
  expect([...covered].filter(([, {fires, misses}]) => fires === 0 || misses === 0)).toEqual([]);
});

test.each(cases.map(one => [`${one.rule}, line ${one.line}: ${one.expect ? 'fires' : 'is silent'}`, one] as const))(
  '%s',
  (_, one) => {
    const wanted = [...one.also, ...(one.expect ? [one.rule] : [])].sort();
    expect(judge(one.events)).toEqual(wanted);
  },
);

function aboveLow(alerts: readonly Alert[]): string[] {
  const low = alertLevels.indexOf('low');
  return alerts
    .filter(alert => alertLevels.indexOf(alert.level ?? alert.rule.level) > low)
    .map(alert => `${alert.rule.name}: ${alert.reason}`);
}

test('an ordinary day of the demonstration raises nothing above low', () => {
  const from = Date.UTC(2026, 0, 12) * 1000;
  const context = {agent: 'a', host: 'web1', position: undefined, backfillFrom: 0, clock: () => from, news: () => {}};
  const feed = new LineFeed({path: '/var/log/syslog', source: 'file:/var/log/syslog', namePath: false}, context);
  let offset = 0;
  for (const happening of normalLife(new Random(7), from, from + day, false)) {
    if (!('line' in happening)) continue;
    feed.add(happening.line, offset++, false, {epoch: '1', reference: happening.at, notBefore: 0});
  }
  const detector = new SigmaDetector(set);
  const {events} = feed.take();
  expect(events.length).toBeGreaterThan(1_000);
  expect(aboveLow([...detector.onEvents(events), ...detector.finish()])).toEqual([]);
});

test.each([1, 2, 3, 4])('an ordinary day of the generated machine %i raises nothing above low', seed => {
  const week = generateWeek(seed, 1);
  const maker = new EventMaker(week.host);
  const detector = new SigmaDetector(set);
  const alerts: Alert[] = [];
  let count = 0;
  for (const item of week.items) {
    if (item.at >= week.learnUntil) break;
    const event = maker.event(item);
    if (!event) continue;
    count++;
    alerts.push(...detector.onEvents([event]));
  }
  alerts.push(...detector.finish());
  expect(count).toBeGreaterThan(1_000);
  expect(aboveLow(alerts)).toEqual([]);
});
