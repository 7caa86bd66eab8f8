import {hour, minute, second} from '../../event/clock.ts';
import {alertsOf, flow, quietDays, start, watching} from './watched.test-helper.ts';

const rule = 'network.connection.long';
const later = start + 26 * hour;
const learned = quietDays(25);

test('a connection that goes on for hours is told once, while it goes on', () => {
  const parts = {time: later, bytesOut: 4_000_000, bytesIn: 900_000, position: 7};
  const reports = [10 * second, 7 * hour, 8 * hour + minute, 9 * hour, 12 * hour].map(lasts =>
    flow({...parts, lasts, ended: false}),
  );
  const alerts = alertsOf(rule, watching(), [...learned, ...reports, flow({...parts, lasts: 13 * hour})]);
  expect(alerts).toMatchObject([{count: 1, rule: {level: 'low'}, entity: '192.168.1.20 203.0.113.7:443'}]);
  expect(alerts[0]?.reason).toBe(
    'A connection from 192.168.1.20 to 203.0.113.7 port 443 has gone on for 8 h (4.0 MB out, 900 kB in); 8 h is the limit.',
  );
});

test('to a service that was there from the beginning it is informational', () => {
  const alerts = alertsOf(rule, watching(), [flow({time: start}), ...learned, flow({time: later, lasts: 9 * hour})]);
  expect(alerts).toMatchObject([{level: 'informational'}]);
});

test.each([
  ['a shorter one', {lasts: 7 * hour}],
  ['one inside', {destinationIp: '192.168.1.5', lasts: 20 * hour}],
  ['one nobody answers', {state: 'S0' as const, bytesIn: 0, packetsIn: 0, lasts: 20 * hour}],
  ['a clock', {service: 'ntp', transport: 'udp', lasts: 20 * hour}],
])('%s is not told', (_what, parts) => {
  expect(alertsOf(rule, watching(), [...learned, flow({time: later, ...parts})])).toEqual([]);
});
