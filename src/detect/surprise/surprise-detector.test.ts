import type {Alert, LogEvent} from '../../event/event.ts';
import {entry, ordinaryLife} from './generated-life.ts';
import type {LearnedModel} from './learned-model.ts';
import {unflattenWeights, weightCount} from './lstm/lstm-weights.ts';
import {SurpriseDetector} from './surprise-detector.ts';
import {headSize} from './verdict-head.ts';

const day = 86_400e6;
const start = 1_700_000_000_000_000;

function life(seed: number, days: number): LogEvent[] {
  const events: LogEvent[] = [];
  for (const event of ordinaryLife(seed, start, 90)) {
    if (event.time > start + days * day) return events;
    events.push(event);
  }
  return events;
}

function feed(detector: SurpriseDetector, events: readonly LogEvent[]): Alert[] {
  const alerts: Alert[] = [];
  for (let at = 0; at < events.length; at += 300) alerts.push(...detector.onEvents(events.slice(at, at + 300)));
  return alerts;
}

const week = life(1, 8);
const learned = new SurpriseDetector({alertsPerDay: 10});
const ordinaryAlerts = feed(learned, week);
const state = JSON.stringify(learned.save());
const later = (week.at(-1)?.time ?? start) + 30e6;

function fromState(): SurpriseDetector {
  const detector = new SurpriseDetector({alertsPerDay: 10});
  detector.restore(JSON.parse(state));
  return detector;
}

function lines(provider: string, pid: number | undefined, messages: readonly string[], time = later): LogEvent[] {
  return messages.map((message, at) => entry(provider, message, pid, time + at * 1e5, 9e9 + at));
}

const strange = [
  'Connection from 203.0.113.9 port 4 on 10.0.0.5 port 22',
  'pam_unix(sshd:session): session closed for user anna(uid=1000)',
  'pam_unix(sshd:session): session closed for user anna',
  'Accepted publickey for anna from 203.0.113.9 port 3 ssh2',
  'Failed password for root from 203.0.113.9 port 3 ssh2',
];

test('a week of ordinary life raises no more alerts than wanted', () => {
  expect(week.length).toBeGreaterThan(20_000);
  expect(ordinaryAlerts.length).toBeLessThanOrEqual(8 * 10);
  expect(learned.progress()).toBe(1);
});

test('a never-seen sequence of known entries raises exactly one alert, which names what was expected', () => {
  const alerts = feed(fromState(), lines('sshd', 77, [strange[0], strange[2], strange[3], strange[4]].map(String)));
  expect(alerts).toHaveLength(1);
  const [alert] = alerts;
  expect(alert).toMatchObject({host: 'alpha', entity: 'alpha/sshd', count: 1});
  expect(alert?.rule).toMatchObject({id: 'surprise.sequence', category: 'System Log'});
  expect(alert?.reason).toMatch(
    /session closed for user <\*>” was not expected here\. Expected: .*Accepted publickey .*%\)/,
  );
  expect(alert?.reason).toMatch(
    /surprise of \d+\.\d nats; such comes about once in \d+ days here, where about once .*; it never came after “Conn/,
  );
  expect(alert?.fields).toMatchObject({'surprise.last': '“Connection from <ip> port <n> on <ip> port <n>”'});
});

test('a usual entry at an hour when it never comes is told as that', () => {
  const detector = new SurpriseDetector({alertsPerDay: 10});
  const login = (at: number, number: number) => ({
    ...entry('sshd', `Accepted publickey for anna from 10.0.0.7 port ${40_000 + number} ssh2`, number, at, number),
    user: 'anna',
  });
  const hour = 3600e6;
  const midnight = Math.floor(start / day) * day;
  const usual = Array.from({length: 10 * 9 * 4}, (_, at) =>
    login(midnight + Math.floor(at / 36) * day + (8 + (at % 36) / 4) * hour, at),
  );
  expect(feed(detector, usual)).toEqual([]);
  const [alert] = feed(detector, [login(midnight + 10 * day + 3 * hour, 999)]);
  expect(alert?.reason).toMatch(
    /is usual here, but not in this way\. .*around this hour it came 0 of 360 times before/,
  );
});

test('an entry never seen in a settled stream is called new, and again only after an hour, with a count', () => {
  const detector = fromState();
  const evil = (minutes: number, pid: number) =>
    feed(detector, lines('CRON', pid, ['(root) RELOAD of something by hand'], later + minutes * 60e6));
  expect(evil(0, 1).map(alert => alert.rule.id)).toEqual(['surprise.new']);
  // Learned meanwhile, so told again only if it still is a surprise; never within the hour.
  expect(evil(5, 2)).toEqual([]);
  expect(evil(30, 3)).toEqual([]);
});

test('the first entry of a program that never wrote on this machine is news', () => {
  const [alert] = feed(fromState(), lines('xmrig', 5, ['use pool pool.example.org:4444']));
  expect(alert).toMatchObject({entity: 'alpha/xmrig', rule: {id: 'surprise.new'}});
  expect(alert?.reason).toContain('first entry ever on alpha');
});

test('a unit that starts for the first time is told of, once, though it says nothing that systemd never said', () => {
  const detector = fromState();
  const started = (name: string, minutes: number) =>
    feed(detector, lines('systemd', 1, [`Starting ${name}...`], later + minutes * 60e6)).filter(
      ({rule}) => rule.id === 'surprise.thing',
    );
  expect(started('Rotate log files', 0)).toEqual([]);
  const [alert] = started('Collect miner statistics', 1);
  expect(alert).toMatchObject({entity: 'alpha/the systemd unit Collect miner statistics', count: 1});
  expect(alert?.reason).toMatch(
    /is new: “Starting Collect .*Something new of this kind comes about once in \d+ days here; 6 are known\./,
  );
  expect(started('Collect miner statistics', 60)).toEqual([]);
});

test('the unit of a daemon that writes for days is no news when it is started anew, another with such a name is', () => {
  const told = (unit: string) =>
    feed(fromState(), lines('systemd', 1, [`Started ${unit}.service - ${unit}.`]))
      .filter(({rule}) => rule.id === 'surprise.thing')
      .map(({entity}) => entity);
  expect(told('ssh')).toEqual([]);
  expect(told('sshd-helper')).toEqual(['alpha/the systemd unit sshd-helper']);
});

test('nothing is alerted on in the first half day, and progress says how far it is', () => {
  const detector = new SurpriseDetector({alertsPerDay: 10});
  expect(detector.progress()).toBe(0);
  const first = week.filter(event => event.time < start + day / 5);
  expect(first.length).toBeGreaterThan(500);
  expect(feed(detector, first)).toEqual([]);
  expect(detector.progress()).toBeCloseTo(0.4, 1);
  expect(feed(detector, lines('sshd', 9, strange, start + day / 5))).toEqual([]);
});

test('thousands of events within minutes are not enough: half a day of event time must pass', () => {
  const detector = new SurpriseDetector({alertsPerDay: 10});
  const burst = Array.from({length: 3_000}, (_, at) => entry('app', `step ${'abc'[at % 3]}`, 1, start + at * 1e5, at));
  feed(detector, burst);
  expect(detector.progress()).toBeLessThan(0.1);
  expect(feed(detector, [entry('app', 'never like this', 1, start + 3_001 * 1e5, 3_001)])).toEqual([]);
});

test('learning goes on after a restart where it stood', () => {
  const detector = fromState();
  expect(JSON.stringify(detector.save())).toBe(state);
  expect(detector.progress()).toBe(1);
  expect(state.length).toBeLessThan(5e6);
});

test('state of another version is left aside', () => {
  const detector = new SurpriseDetector({alertsPerDay: 10});
  detector.restore({version: 99});
  detector.restore('rubbish');
  expect(detector.progress()).toBe(0);
});

test('Windows entries are known by provider and event id, and alert as such', () => {
  const detector = new SurpriseDetector({alertsPerDay: 10});
  const windows = (code: number, at: number): LogEvent => {
    const base = entry('Kernel-Power', `Message ${code} of any kind, ${at}`, undefined, start + at * 180e6, at);
    return {...base, code, origin: {...base.origin, dataset: 'winlog.system'}};
  };
  feed(
    detector,
    Array.from({length: 3_000}, (_, at) => windows([105, 172, 566][at % 3] ?? 0, at)),
  );
  const alerts = detector.onEvents([windows(105, 3_000), windows(41, 3_001)]);
  expect(alerts.map(alert => [alert.rule.id, alert.rule.category])).toEqual([
    ['surprise.new', 'Windows Event Log Anomaly'],
  ]);
  expect(alerts[0]?.reason).toMatch(/event 41 “Message 41.*Expected: event 172/);
});

test('a model is taken on without a restart; while the engine is behind ordinary events skip it, counted', () => {
  const detector = fromState();
  const shape = {vocabulary: 5, embedding: 2, units: 4};
  const weights = unflattenWeights(shape, new Float32Array(weightCount(shape)));
  const model: LearnedModel = {
    facts: {
      checkedAt: '2026-11-22T00:00:00.000Z',
      newest: 1,
      trainedAt: '2026-01-02T03:04:05.000Z',
      events: 1,
      sequences: 1,
      distinct: 1,
      epochs: 1,
      trainLoss: 1,
      heldOutLoss: 1,
      falseAlarmRate: 0,
      threshold: 4,
      rank: 2,
      mix: 0.5,
    },
    providers: [],
    vocabulary: [
      {provider: 'webapp', code: 0, text: 'request <n> received from <ip>'},
      {provider: 'webapp', code: 0, text: 'cache miss for key <n>'},
    ],
    weights,
  };
  detector.adopt(model);
  expect(detector.model?.trainedAt).toBe('2026-01-02T03:04:05.000Z');
  const usual = week.slice(-400).map(event => ({...event, time: event.time + day}));
  detector.onEvents(usual.slice(0, 200));
  expect(detector.stats().scored).toBeGreaterThanOrEqual(200);
  const before = detector.stats().scored;
  detector.setBusy(true);
  detector.onEvents(usual.slice(200));
  expect(detector.stats().skipped).toBeGreaterThan(150);
  expect(detector.stats().scored - before).toBeLessThan(50);
});

test('what analysts surely closed as false is held back and counted, what may be true is told', () => {
  const messages = [strange[0], strange[2], strange[3]].map(String);
  const told = (bias: number) => {
    const detector = fromState();
    detector.adopt(withHead(bias));
    return [feed(detector, lines('sshd', 77, messages)).length, detector.stats().heldBack];
  };
  expect(told(5)).toEqual([1, 0]);
  expect(told(-5)).toEqual([0, expect.any(Number)]);
  expect(told(-5)[1]).toBeGreaterThan(0);
});

/** A network that weighs nothing in the mixture, with a head that thinks the same of every alert. */
function withHead(bias: number): LearnedModel {
  const shape = {vocabulary: 4, embedding: 2, units: 4};
  const now = '2026-01-02T03:04:05.000Z';
  const facts = {trainedAt: now, checkedAt: now, newest: 1, events: 1, sequences: 1, distinct: 1, epochs: 1};
  const judged = {trainLoss: 1, heldOutLoss: 1, falseAlarmRate: 0, threshold: 9, rank: 2, mix: 0};
  return {
    facts: {...facts, ...judged},
    providers: [],
    vocabulary: [{provider: 'sshd', code: 0, text: 'nothing that comes'}],
    weights: unflattenWeights(shape, new Float32Array(weightCount(shape))),
    head: {weights: new Float32Array(headSize(shape.units)), bias, cut: 0.2, alerts: 30, truths: 9, held: 9},
  };
}

test('any text in any field is taken without an error', () => {
  const detector = fromState();
  const odd = ['', '\u0000', '<*>', '“”', '__proto__', 'constructor', ' '.repeat(10_000), '%s%n{}', '\ud800'];
  const events = odd.flatMap((text, at) => [
    {
      ...entry(text, text, at, later + at, at),
      host: text,
      user: text,
      fields: {'source.ip': text, 'event.action': text},
    },
    {...entry('sshd', text, -5, 0, at), code: at},
  ]);
  expect(() => detector.onEvents(events)).not.toThrow();
  expect(() => JSON.stringify(detector.save())).not.toThrow();
});
