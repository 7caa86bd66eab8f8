import {hour, second} from '../../event/clock.ts';
import type {LogEvent} from '../../event/event.ts';
import {seededRandom} from '../surprise/seeded-random.ts';
import {type Asked, alertsOf, dns, start, watching} from './watched.test-helper.ts';

const rule = 'network.dns.dga';
const letters = 'abcdefghijklmnopqrstuvwxyz';
const missing = {code: 'NXDOMAIN'};

function word(random: () => number, length: number): string {
  return Array.from({length}, () => letters[Math.floor(random() * letters.length)]).join('');
}

function looked(
  count: number,
  name: (random: () => number, at: number) => string,
  asked: Asked = missing,
  every = second,
): LogEvent[] {
  const random = seededRandom(4);
  return Array.from({length: count}, (_, at) => dns(start + at * every, name(random, at), asked));
}

const generated = (random: () => number, at: number) => `${word(random, 12)}.${['com', 'net', 'info'][at % 3]}`;

test('many domains that were drawn and do not exist are told with examples', () => {
  const alerts = alertsOf(rule, watching(), looked(60, generated));
  expect(alerts[0]).toMatchObject({
    entity: '192.168.1.20',
    count: 1,
    rule: {level: 'medium', techniques: ['T1568.002']},
  });
  expect(alerts[0]?.reason).toMatch(
    /asked for 2\d domains that do not exist within 1 min; 20 of them look generated \(\w{12}\./,
  );
});

test.each([
  ['names that exist', generated, {code: 'NOERROR'}],
  ['names of one domain', (r: () => number) => `${word(r, 12)}.office.example.com`, missing],
  ['a browser’s probes of a single label', (r: () => number) => word(r, 12), missing],
  [
    'mistyped words',
    (_: () => number, at: number) =>
      `${['weather', 'gardens', 'railway', 'library', 'kitchen'][at % 5]}${['shop', 'house', 'market', 'world'][at % 4]}${at}.com`,
    missing,
  ],
  ['reverse names', (_: () => number, at: number) => `${at}.2.0.192.in-addr.arpa`, missing],
  ['names in other scripts', (r: () => number) => `xn--${word(r, 12)}.com`, missing],
])('%s are none', (_what, name, asked) => {
  expect(alertsOf(rule, watching(), looked(200, name, asked))).toEqual([]);
});

test('a mail server that meets a made-up sender among many others is none', () => {
  const name = (random: () => number, at: number) =>
    at % 4 === 0 ? generated(random, at) : `missing-garden-${at}.com`;
  expect(alertsOf(rule, watching(), looked(300, name))).toEqual([]);
});

test('what comes over many hours does not add up', () => {
  expect(alertsOf(rule, watching(), looked(100, generated, missing, hour / 10))).toEqual([]);
});
