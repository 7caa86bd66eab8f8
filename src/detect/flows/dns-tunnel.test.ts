import {day, hour, second} from '../../event/clock.ts';
import type {LogEvent} from '../../event/event.ts';
import {seededRandom} from '../surprise/seeded-random.ts';
import {type Asked, alertsOf, dns, start, watching} from './watched.test-helper.ts';

const rule = 'network.dns.tunnel';
const hex = '0123456789abcdef';
const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

function drawn(random: () => number, alphabet: string, length: number): string {
  return Array.from({length}, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

/** So many queries whose names a function makes. */
function queries(count: number, name: (random: () => number, at: number) => string, asked: Asked = {}): LogEvent[] {
  const random = seededRandom(3);
  return Array.from({length: count}, (_, at) => dns(start + at * second, name(random, at), asked));
}

const carrying = (random: () => number) => `${drawn(random, base32, 50)}.${drawn(random, base32, 30)}.t.example.com`;

test('encoded names under one domain are told at a hundred, and again as they go on', () => {
  const alerts = alertsOf(rule, watching(), queries(300, carrying));
  expect(alerts.map(({count, level}) => [level, count])).toEqual([
    ['medium', 1],
    ['medium', 9],
    ['medium', 90],
  ]);
  expect(alerts[0]).toMatchObject({
    entity: '192.168.1.20 example.com',
    host: 'alpha',
    rule: {techniques: ['T1071.004', 'T1048']},
  });
  expect(alerts[0]?.reason).toMatch(
    /asked for 100 different names under example\.com in 100 queries; .* about \d{4} bytes/,
  );
});

test('five times as many are high', () => {
  const alerts = alertsOf(rule, watching(), queries(1_200, carrying));
  expect(alerts.at(-1)?.level).toBe('high');
});

test('types that only tunnels ask for need few names', () => {
  const name = (random: () => number, at: number) => `${drawn(random, base32, 6)}${at}.t.example.com`;
  expect(alertsOf(rule, watching(), queries(25, name, {type: 'NULL'}))[0]).toMatchObject({level: 'high', count: 1});
  expect(alertsOf(rule, watching(), queries(25, name, {type: 'TYPE65399'}))).not.toEqual([]);
  expect(alertsOf(rule, watching(), queries(19, name, {type: 'NULL'}))).toEqual([]);
  expect(
    alertsOf(
      rule,
      watching(),
      queries(60, () => 'same.t.example.com', {type: 'NULL'}),
    ),
  ).toEqual([]);
  expect(alertsOf(rule, watching(), queries(60, name, {type: 'HTTPS'}))).toEqual([]);
});

test('a hundred that different clients ask for are none', () => {
  const events = queries(99, carrying, {client: '192.168.1.20'}).concat(
    queries(99, carrying, {client: '192.168.1.21'}),
  );
  expect(alertsOf(rule, watching(), events)).toEqual([]);
});

test('a name asked for again is one name', () => {
  expect(alertsOf(rule, watching(), [...queries(90, carrying), ...queries(90, carrying)])).toEqual([]);
});

test('the names of yesterday are forgotten', () => {
  const random = seededRandom(9);
  const events = Array.from({length: 190}, (_, at) => dns(start + at * (day / 90), carrying(random)));
  expect(alertsOf(rule, watching(), events)).toEqual([]);
  expect(hour).toBeLessThan(day);
});

test.each([
  ['a network of copies', (r: () => number) => `r${drawn(r, base32, 3)}.${drawn(r, base32, 8)}.cdn.example.com`, {}],
  ['names of words', (_: () => number, at: number) => `static-assets-of-region-west-${at}.files.example.com`, {}],
  ['block lists', (r: () => number, at: number) => `${at % 250}.${Math.floor(r() * 250)}.113.203.list.example.org`, {}],
  ['a filter that asks with hashes', (r: () => number) => `${drawn(r, hex, 40)}.hbl.spamhaus.org`, {type: 'TXT'}],
  ['a virus scanner', (r: () => number) => `${drawn(r, hex, 32)}.avqs.mcafee.com`, {}],
  ['reverse names', (_: () => number, at: number) => `${at % 250}.7.113.203.in-addr.arpa`, {type: 'PTR'}],
  ['reverse names of IPv6', (r: () => number) => `${[...drawn(r, hex, 32)].join('.')}.ip6.arpa`, {type: 'PTR'}],
  ['multicast', (r: () => number) => `${drawn(r, hex, 60)}.example.com`, {port: 5_353}],
  ['a buckets’ store, each of somebody else', (r: () => number) => `${drawn(r, base32, 40)}.cloudfront.net`, {}],
  [
    'names with an address in them',
    (r: () => number, at: number) => `ec2-3-${at % 250}-${Math.floor(r() * 250)}-9.eu-west-1.compute.example.com`,
    {},
  ],
])('%s is no tunnel', (_what, name, asked) => {
  expect(alertsOf(rule, watching(), queries(900, name, asked))).toEqual([]);
});
