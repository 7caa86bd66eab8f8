import {day, hour, minute} from '../../event/clock.ts';
import type {FlowEvent} from '../../event/event.ts';
import {alertsOf, flow, restarted, start, watching} from './watched.test-helper.ts';

const rule = 'network.exfiltration';
const MB = 1_000_000;

/** A machine that sends a few megabytes to some services in its working hours. */
function workdays(days: number): FlowEvent[] {
  return Array.from({length: days * 24}, (_, at) => at)
    .filter(at => at % 24 >= 8 && at % 24 < 18)
    .map(at =>
      flow({
        time: start + at * hour,
        destinationIp: `198.51.100.${at % 5}`,
        bytesOut: (2 + (at % 7)) * MB,
        bytesIn: 9_000,
      }),
    );
}

const later = start + 5 * day + 10 * hour;
const theft = (bytesOut: number, more = {}) => flow({time: later, lasts: minute, bytesOut, bytesIn: 40_000, ...more});

test('far more than usual to a new address is told with the usual', () => {
  const alerts = alertsOf(rule, watching(), [...workdays(5), theft(900 * MB)]);
  expect(alerts).toMatchObject([
    {entity: '192.168.1.20', count: 1, level: 'medium', rule: {techniques: ['T1048', 'T1041']}},
  ]);
  expect(alerts[0]?.reason).toMatch(
    /^192\.168\.1\.20 sent 900 MB to 203\.0\.113\.7 port 443 within this hour, \d+ times that/,
  );
});

test('while it goes on, each report adds only what is new', () => {
  const parts = {position: 99, ended: false};
  const reports = [40, 80, 99].map(part => theft(part * MB, parts));
  const watch = watching();
  expect(alertsOf(rule, watch, [...workdays(5), ...reports])).toEqual([]);
  expect(alertsOf(rule, watch, [theft(130 * MB, parts)])).toHaveLength(1);
});

test('many small thefts to many addresses add up', () => {
  const parts = Array.from({length: 40}, (_, at) => theft(8 * MB, {destinationIp: `203.0.${at}.9`}));
  expect(alertsOf(rule, watching(), [...workdays(5), ...parts])[0]?.reason).toContain(
    'to outside addresses within this hour',
  );
});

test.each<[string, FlowEvent[]]>([
  ['before enough is known', [theft(900 * MB, {time: start + 2 * hour})]],
  ['below the floor', [...workdays(5), theft(90 * MB)]],
  ['inside', [...workdays(5), theft(9_000 * MB, {destinationIp: '192.168.1.6'})]],
  ['a call, which goes both ways', [...workdays(5), theft(900 * MB, {bytesIn: 850 * MB})]],
  ['a download', [...workdays(5), theft(30 * MB, {bytesIn: 9_000 * MB})]],
])('%s nothing is told', (_what, flows) => {
  expect(alertsOf(rule, watching(), flows)).toEqual([]);
});

test('a nightly copy to a provider is news the first time only', () => {
  const copies = Array.from({length: 6}, (_, at) =>
    theft((800 + 40 * at) * MB, {time: start + (5 + at) * day + 2 * hour}),
  );
  expect(
    alertsOf(
      rule,
      watching(),
      [...workdays(5), ...copies].sort((one, other) => one.time - other.time),
    ),
  ).toHaveLength(1);
});

test('what is usual outlives a restart', () => {
  const watch = watching();
  alertsOf(rule, watch, workdays(5));
  expect(alertsOf(rule, restarted(watch), [theft(90 * MB, {time: later - hour})])).toEqual([]);
  expect(alertsOf(rule, restarted(watch), [theft(900 * MB)])).toHaveLength(1);
});
