import {day, hour, minute, second} from '../../event/clock.ts';
import type {FlowEvent, Micros} from '../../event/event.ts';
import type {FlowParts} from '../surprise/flows/generated-flow.ts';
import {Site} from '../surprise/flows/site.ts';
import {seededRandom} from '../surprise/seeded-random.ts';
import {beaconScore} from './beacon-score.ts';
import {NetworkWatch} from './network-watch.ts';
import {alertsOf, flow, network, quietDays, restarted, start, watching} from './watched.test-helper.ts';

const rule = 'network.beacon';

/** Contacts a while apart, each varied by up to `jitter` of it. */
function contacts(
  count: number,
  from: Micros,
  every: Micros,
  jitter: number,
  parts: Partial<FlowParts> = {},
): FlowEvent[] {
  const random = seededRandom(8);
  let time = from;
  return Array.from({length: count}, () => {
    time += every * (1 + jitter * (2 * random() - 1));
    return flow({
      time: Math.floor(time),
      lasts: second,
      bytesOut: 300 + Math.floor(random() * 8),
      ...nameless,
      ...parts,
    });
  });
}

/** TLS whose hello names nobody. */
const nameless = {fields: {'tls.client.ja3': 'c'.repeat(32)}};
const learned = quietDays(25);
const later = start + 26 * hour;

test('a new regular contact is told with its interval and score, and counted on', () => {
  const alerts = alertsOf(rule, watching(), [...learned, ...contacts(230, later, minute, 0.02)]);
  expect(alerts[0]).toMatchObject({
    ...{count: 1, level: 'medium', entity: '192.168.1.20 203.0.113.7:443'},
    ...{fields: {'beacon.contacts': 20}},
  });
  expect(alerts[0]?.reason).toMatch(
    /^20 contacts between 192\.168\.1\.20 and 203\.0\.113\.7 port 443 within 19 min, every 60 s \(± .*\): score 0\.\d\d/,
  );
  expect(alerts.map(({count}) => count)).toEqual([1, 9, 90]);
});

test('thirty per cent of jitter does not hide it', () => {
  const alerts = alertsOf(rule, watching(), [...learned, ...contacts(120, later, minute, 0.3)]);
  expect(alerts.length).toBeGreaterThan(0);
});

test('what is regular among services known from the first day on is told of once, all together and informational', () => {
  const name = {fields: {'destination.domain': 'updates.example.com'}};
  const early = contacts(300, start, 10 * minute, 0.05, name);
  const other = {fields: {'destination.domain': 'cdn.example.com'}, destinationIp: '198.51.100.9'};
  const late = contacts(40, later, minute, 0.01, other);
  const events = [...early, ...quietDays(52), ...late].sort((one, another) => one.time - another.time);
  const alerts = alertsOf(rule, watching(), events);
  expect(alerts).toMatchObject([{level: 'informational', entity: 'known services', fields: {'beacon.services': 2}}]);
  expect(alerts[0]?.reason).toMatch(/updates\.example\.com:443 every 10 min, .*cdn\.example\.com:443 every 60 s\./);
  expect(alerts[0]?.time).toBeGreaterThanOrEqual(start + 48 * hour);
});

test('what becomes regular later among known services is told once by itself, also over a restart', () => {
  const name = {fields: {'destination.domain': 'updates.example.com'}};
  const met = flow({time: start + hour, ...name});
  const events = contacts(400, start + 60 * hour, minute, 0.01, name);
  const watch = watching();
  const alerts = alertsOf(rule, watch, [met, ...quietDays(59), ...events.slice(0, 200)]);
  expect(alerts).toMatchObject([{level: 'informational', entity: '192.168.1.20 updates.example.com:443', count: 1}]);
  expect(alertsOf(rule, restarted(watch), events.slice(200))).toEqual([]);
});

test('the inventory of known services is kept over a restart', () => {
  const early = contacts(300, start, 10 * minute, 0.05, {fields: {'destination.domain': 'updates.example.com'}});
  const watch = watching();
  const until = (time: Micros) => early.filter(one => one.time < time);
  expect(alertsOf(rule, watch, until(start + 30 * hour))).toEqual([]);
  const rest = early.slice(until(start + 30 * hour).length);
  expect(alertsOf(rule, restarted(watch), rest).map(({entity}) => entity)).toEqual(['known services']);
});

test.each([
  ['a name', {'destination.domain': 'new.example.net', 'tls.client.ja3': 'c'.repeat(32)}],
  ['a web port of which no more is known', {}],
])('to %s it is low for the hours that a page is left open, and medium when it goes on', (_what, fields) => {
  const name = {fields};
  const alerts = alertsOf(rule, watching(), [...learned, ...contacts(1_100, later, minute / 2, 0.01, name)]);
  expect(alerts.map(({level, count}) => [level, count])).toEqual([
    ['low', 1],
    ['low', 9],
    ['low', 90],
    ['medium', 900],
  ]);
});

test('of a machine that is on the internet itself its own contacts are told, and those of its neighbours with it are not', () => {
  const watch = new NetworkWatch(network, {site: new Site(['198.51.100.1'])});
  const implant = contacts(30, later, minute, 0.05, {sourceIp: '198.51.100.1', destinationPort: 4_444, service: ''});
  const monitor = contacts(30, later, minute, 0.05, {destinationIp: '198.51.100.1', destinationPort: 9_100});
  const alerts = alertsOf(rule, watch, [...learned, ...implant, ...monitor]);
  expect(new Set(alerts.map(({entity}) => entity))).toEqual(new Set(['198.51.100.1 203.0.113.7:4444']));
});

test('on another port it is medium at once', () => {
  const parts = {destinationPort: 4_444, service: '', fields: {}};
  expect(alertsOf(rule, watching(), [...learned, ...contacts(30, later, minute, 0.05, parts)])[0]?.level).toBe(
    'medium',
  );
});

test('in a file, where nothing is known, it is low', () => {
  expect(alertsOf(rule, watching({}, false), contacts(30, start, minute, 0.01))[0]?.level).toBe('low');
});

test.each<[string, FlowEvent[]]>([
  [
    'people’s browsing',
    contacts(200, later, 5 * minute, 1, {bytesOut: 900}).map((one, at) => ({
      ...one,
      time: one.time + ((at * 7_919) % 97) * minute,
      bytesOut: 300 + ((at * 7_919) % 9_000),
    })),
  ],
  ['a clock', contacts(100, later, minute, 0, {service: 'ntp', destinationPort: 123, transport: 'udp'})],
  ['a name server', contacts(100, later, minute, 0, {service: 'dns', destinationPort: 53, transport: 'udp'})],
  ['a service inside', contacts(100, later, minute, 0, {destinationIp: '192.168.1.5'})],
  [
    'a group',
    contacts(100, later, minute, 0, {destinationIp: '239.255.255.250', destinationPort: 1_900, transport: 'udp'}),
  ],
  ['visitors from outside', contacts(100, later, minute, 0, {sourceIp: '203.0.113.7', destinationIp: '198.51.100.1'})],
  ['what nobody answers', contacts(100, later, minute, 0, {state: 'S0', bytesIn: 0, packetsIn: 0})],
  ['too few contacts', contacts(19, later, minute, 0)],
  ['connections at once', contacts(100, later, second / 4, 0)],
])('%s is no beacon', (_what, flows) => {
  expect(alertsOf(rule, watching(), [...learned, ...flows])).toEqual([]);
});

test('reports of a flow that goes on are one contact', () => {
  const events = contacts(12, later, minute, 0).flatMap(one => [{...one, ended: false}, {...one, ended: false}, one]);
  expect(alertsOf(rule, watching(), [...learned, ...events])).toEqual([]);
});

test('contacts are remembered over a restart', () => {
  const events = contacts(24, later, minute, 0);
  const watch = watching();
  expect(alertsOf(rule, watch, [...learned, ...events.slice(0, 15)])).toEqual([]);
  expect(alertsOf(rule, restarted(watch), events.slice(15))[0]).toMatchObject({level: 'medium'});
});

test('after a long pause a pair begins anew', () => {
  const events = [...contacts(21, later, minute, 0), ...contacts(12, later + 3 * day, minute, 0)];
  expect(alertsOf(rule, watching(), [...learned, ...events]).map(({count}) => count)).toEqual([1, 1]);
});

test('the score has four parts, and fewer than four contacts have none', () => {
  const times = Array.from({length: 30}, (_, at) => start + at * 10 * minute);
  expect(
    beaconScore(
      times,
      times.map(() => 500),
    ),
  ).toMatchObject({time: 1, size: 1, duration: 1, interval: 10 * minute});
  expect(beaconScore(times.slice(0, 3), [1, 1, 1])).toBeUndefined();
  expect(
    beaconScore(
      times,
      times.map((_, at) => 2 ** (at % 12)),
    )?.size,
  ).toBeLessThan(0.6);
});
