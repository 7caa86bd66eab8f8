import {day, hour, minute, second} from '../../../event/clock.ts';
import type {Alert, Event, FlowEvent} from '../../../event/event.ts';
import {FlowSurprise} from './flow-surprise.ts';
import {generatedFlow} from './generated-flow.ts';
import {type Intrusion, intrusion} from './generated-intrusion.ts';
import {desk, fileServer, ordinaryTraffic, type Profile} from './generated-traffic.ts';

const start = 1_700_006_400_000_000;
const days = 4;
const later = start + days * day + 10 * hour;
const lives: readonly (readonly [Profile, number])[] = [
  ['desk', 31],
  ['server', 33],
];
const learned = new Map(lives.map(([profile, seed]) => [profile, lifeOf(profile, seed)] as const));

function lifeOf(profile: Profile, seed: number): {readonly alerts: readonly Alert[]; readonly saved: string} {
  const detector = fresh();
  const alerts = seen(detector, ordinaryTraffic(seed, start, days, profile));
  return {alerts, saved: JSON.stringify(detector.save())};
}

function fresh(): FlowSurprise {
  return new FlowSurprise({risk: () => 3 / 15_000});
}

function afterDays(profile: Profile): FlowSurprise {
  const detector = fresh();
  detector.restore(JSON.parse(learned.get(profile)?.saved ?? 'null'));
  return detector;
}

function seen(detector: FlowSurprise, events: readonly Event[]): readonly Alert[] {
  const alerts: Alert[] = [];
  for (let at = 0; at < events.length; at += 100) alerts.push(...detector.onEvents(events.slice(at, at + 100)));
  return alerts;
}

function told(alerts: readonly Alert[]): unknown {
  return alerts.map(({rule, time, entity, count}) => [rule.id, time, entity, count]);
}

describe.each(lives.map(([profile]) => profile))('on a %s, after four days of ordinary traffic', profile => {
  test('there was at most one alert a day', () => {
    expect(learned.get(profile)?.alerts.length).toBeLessThanOrEqual(days);
  });

  test.each<Intrusion>(['exfiltration', 'beacon', 'lateral', 'listener', 'tunnel'])(
    '%s is found, in few alerts',
    kind => {
      const alerts = seen(afterDays(profile), intrusion(kind, 5, later));
      expect(alerts.length).toBeGreaterThan(0);
      expect(alerts.length).toBeLessThanOrEqual(5);
    },
  );

  test('a restart changes nothing', () => {
    const events = [
      ...ordinaryTraffic(77, later, 0.5, profile).slice(0, 3_000),
      ...intrusion('lateral', 6, later + day),
    ];
    const once = afterDays(profile);
    const expected = [...seen(once, events.slice(0, 1_000)), ...seen(once, events.slice(1_000))];
    const before = afterDays(profile);
    const first = seen(before, events.slice(0, 1_000));
    const after = fresh();
    after.restore(JSON.parse(JSON.stringify(before.save())));
    expect(told([...first, ...seen(after, events.slice(1_000))])).toEqual(told(expected));
  });
});

test('an alert says what came, what was expected, and what agreed', () => {
  const [alert] = seen(afterDays('desk'), intrusion('exfiltration', 5, later));
  expect(alert?.rule).toMatchObject({id: 'surprise.flow', category: 'Network Packet Anomaly'});
  expect(alert?.reason).toMatch(/enormous sent.* MB sent, 3\.0 MB received in \d+ min\) was not expected/);
  expect(alert?.reason).toMatch(/Expected: .*medium, short \(\d+ %\)/);
  expect(alert?.reason).toMatch(/[\d.]+ nats where [\d.]+ are the limit; .*its shape is unusual/);
  expect(alert?.fields).toMatchObject({'source.ip': desk, 'destination.ip': '185.220.101.7', 'destination.port': 443});
  expect(Number(alert?.fields?.['surprise.nats'])).toBeGreaterThan(5);
});

test('a service that begins to answer is told as never seen, once an hour however often it answers', () => {
  const flows = Array.from({length: 20}, (_, at) => intrusion('listener', at, later + at * 2 * minute)).flat();
  const alerts = seen(afterDays('desk'), flows);
  expect(alerts.map(({rule}) => rule.id)).toEqual(['surprise.flow.new']);
  expect(alerts[0]?.reason).toContain('never answered on tcp:4444 before');
});

test('what is new of a telling kind names its own limit, however surprising letters are on the machine', () => {
  const detector = afterDays('desk');
  const alerts = [
    ...seen(detector, intrusion('listener', 5, later)),
    ...seen(detector, intrusion('beacon', 5, later + day)),
    ...seen(detector, intrusion('tunnel', 5, later + 2 * day)),
  ];
  expect(alerts.length).toBeGreaterThan(2);
  const fields = alerts.filter(({event}) => event !== undefined).map(alert => alert.fields ?? {});
  const below = fields.filter(one => Number(one['surprise.nats']) < Number(one['surprise.threshold']));
  expect(below).toEqual([]);
});

test('what was held back is handed over once the hour is over, with the exact number', () => {
  const detector = afterDays('desk');
  const told = seen(detector, intrusion('tunnel', 5, later));
  const {suppressed} = detector.stats();
  expect(suppressed).toBeGreaterThan(0);
  // What stands for others has no event of its own.
  const handed = detector.onEvents([generatedFlow({time: later + 4 * hour})]).filter(({event}) => event === undefined);
  expect(handed.reduce((sum, {count}) => sum + count, 0)).toBe(suppressed);
  expect(new Set(handed.map(({entity}) => entity))).toEqual(new Set(told.map(({entity}) => entity)));
});

test('nothing is alerted on while the host is learned', () => {
  const detector = fresh();
  const flows = ordinaryTraffic(41, start, 1).filter(({time}) => time > start + 10 * hour);
  const events = [...flows.slice(0, 1_500), ...intrusion('exfiltration', 1, start + 14 * hour)];
  expect(seen(detector, events)).toEqual([]);
  expect(detector.progress()).toBeLessThan(1);
});

test('a flow makes a letter when it ends; one that lasts, after an hour and once a day', () => {
  const detector = fresh();
  const report = (lasts: number, ended: boolean): FlowEvent => generatedFlow({time: start, lasts, position: 1, ended});
  const made = [10 * second, 59 * minute, 61 * minute, 5 * hour, 26 * hour, 27 * hour].map(lasts => {
    detector.onEvents([report(lasts, false)]);
    return detector.stats().flows;
  });
  expect(made).toEqual([0, 0, 1, 1, 2, 2]);
  detector.onEvents([report(28 * hour, true)]);
  expect(detector.stats().flows).toBe(3);
});

test('thousands of forged sources leave memory bounded and what was known known', () => {
  const detector = afterDays('desk');
  for (let at = 0; at < 10_000; at++) {
    const sourceIp = `${20 + (at % 100)}.${(at >> 8) % 256}.${at % 256}.${(at >> 3) % 256}`;
    const time = later + at * 1_000;
    detector.onEvents([
      generatedFlow({time, sourceIp, destinationIp: desk, destinationPort: 80, state: 'S0', bytesOut: 40}),
    ]);
  }
  expect(detector.stats().peers).toBeLessThanOrEqual(4_096);
  expect(JSON.stringify(detector.save()).length).toBeLessThan(2_000_000);
  const known = generatedFlow({
    time: later + hour,
    destinationIp: fileServer,
    destinationPort: 22,
    service: 'ssh',
    bytesOut: 9e8,
    lasts: 20 * minute,
  });
  expect(detector.onEvents([known]).filter(({rule}) => rule.id === 'surprise.flow.new')).toEqual([]);
});

test.each<readonly [string, Partial<FlowEvent>]>([
  ['ends before it begins', {last: start - day}],
  ['has no packets', {packetsOut: 0, packetsIn: 0, bytesOut: 0, bytesIn: 0}],
  ['has negative and endless sums', {bytesOut: -5, bytesIn: Number.POSITIVE_INFINITY, packetsIn: Number.NaN}],
  ['has addresses that are none', {sourceIp: '', destinationIp: ':::', destinationPort: 99_999}],
  ['is folded of many', {sourcePort: 0, destinationPort: 0}],
])('a flow that %s is taken without harm', (_name, parts) => {
  const detector = afterDays('desk');
  for (let at = 0; at < 50; at++) detector.onEvents([{...generatedFlow({time: later + at * second}), ...parts}]);
  const saved = JSON.parse(JSON.stringify(detector.save()));
  const again = fresh();
  again.restore(saved);
  expect(again.stats().hostsReady).toBe(1);
  expect(seen(again, intrusion('exfiltration', 5, later + hour)).length).toBeGreaterThan(0);
});

test('state of another version is left aside', () => {
  const detector = fresh();
  detector.restore({version: 99});
  detector.restore('nonsense');
  expect(detector.stats()).toMatchObject({flows: 0, hosts: 0});
});
