import type {SensorAlert} from '../../capture/packets/messages.ts';
import {asSensorAlerts, Findings, passesPowerOfTen} from './findings.ts';
import {networkRules} from './rules.ts';

const second = 1_000_000;

function setUp() {
  const alerts: SensorAlert[] = [];
  const findings = new Findings(
    asSensorAlerts(alert => alerts.push(alert)),
    {crowds: true},
  );
  const add = (entity: string, time: number, to = '10.0.0.9', count = 1) =>
    findings.add({
      rule: networkRules.icmpUnknown,
      time: time * second,
      entity,
      count,
      reason: total => `${total} of ${entity}.`,
      fields: {'destination.ip': to, 'observer.ingress.interface.name': 'eth0'},
    });
  return {alerts, findings, add};
}

test('a cause that goes on after a quiet minute counts on, and is told ever more seldom', () => {
  const {alerts, findings, add} = setUp();
  for (let minute = 0; minute < 90; minute += 2) {
    add('10.0.0.1', minute * 60);
    findings.onTick((minute * 60 + 90) * second);
  }
  findings.finish();
  expect(alerts.map(({count}) => count).reduce((sum, count) => sum + count)).toBe(45);
  expect(alerts.length).toBeLessThan(6);
  expect(alerts.at(-1)?.reason).toBe('45 of 10.0.0.1.');
});

test('counts that jump over a power of ten are raised', () => {
  expect(
    [
      [0, 1],
      [1, 5],
      [9, 10],
      [5, 300],
      [10, 10],
      [100, 999],
    ].map(([a = 0, b = 0]) => passesPowerOfTen(a, b)),
  ).toEqual([true, false, true, true, false, false]);
  const {alerts, add} = setUp();
  add('10.0.0.1', 0, '10.0.0.9', 2_000);
  add('10.0.0.1', 1, '10.0.0.9', 9_000);
  expect(alerts.map(({count}) => count)).toEqual([2_000, 9_000]);
});

test('a hundred thousand forged senders are few alerts, the most of them counted at whom they strike', () => {
  const {alerts, findings, add} = setUp();
  for (let n = 0; n < 100_000; n++) add(`11.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, n / 1_000);
  findings.finish();
  expect(new Set(alerts.map(({entity}) => entity)).size).toBe(21);
  const struck = alerts.filter(({entity}) => entity === '10.0.0.9');
  expect(struck.reduce((sum, {count}) => sum + count, 0)).toBe(100_000 - 20);
  expect(struck.at(-1)?.reason).toMatch(/^One of many: 99980 of /);
});

test('where receivers are forged too it is about the interface', () => {
  const {alerts, findings, add} = setUp();
  for (let n = 0; n < 10_000; n++) add(`11.0.${n >> 8}.${n & 255}`, n / 1_000, `12.0.${n >> 8}.${n & 255}`);
  findings.finish();
  expect(new Set(alerts.map(({entity}) => entity)).size).toBeLessThanOrEqual(41);
  expect(alerts.some(({entity}) => entity === 'eth0')).toBe(true);
});
