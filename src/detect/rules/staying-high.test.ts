import {minute, second} from '../../event/clock.ts';
import type {MetricEvent} from '../../event/event.ts';
import {StayingHigh} from './staying-high.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;
const settings = {high_cpu: 90, high_memory: 92, high_disk: 90, high_minutes: 5};

function metric(name: string, value: number, time: number): MetricEvent {
  const origin = {agent: 'a', host: 'web1', source: 'system', epoch: '1', dataset: 'system'};
  return {kind: 'metric', origin, position: time, time, ingested: time, name, value, max: value, unit: 'percent'};
}

const run = (name: string, value: number, minutes: number, from = start) =>
  Array.from({length: minutes * 6 + 1}, (_, i) => metric(name, value, from + i * 10 * second));

test('a processor that stays busy is reported when it has been long enough and at each doubling', () => {
  const alerts = new StayingHigh(settings).onEvents(run('cpu.total', 97, 45));
  expect(alerts.map(alert => (alert.time - start) / minute)).toEqual([5, 10, 20, 40]);
  expect(alerts[0]).toMatchObject({
    rule: {id: 'system.cpu.high', category: 'Performance'},
    reason: 'The processor has been at 90 % or more for 5 minutes (now 97 %).',
  });
});

test('one sample below the limit begins anew', () => {
  const broken = [
    ...run('cpu.total', 97, 4),
    metric('cpu.total', 20, start + 250 * second),
    ...run('cpu.total', 97, 4, start + 260 * second),
  ];
  expect(new StayingHigh(settings).onEvents(broken)).toEqual([]);
});

test('time without samples does not count as busy', () => {
  const apart = [...run('cpu.total', 97, 1), ...run('cpu.total', 97, 1, start + 60 * minute)];
  expect(new StayingHigh(settings).onEvents(apart)).toEqual([]);
});

test('on a machine that is busy every day what lasts as long as ever is none, and far longer is one, also after a restart', () => {
  const high = new StayingHigh(settings);
  const busy = (hours: number, minutes: number) => {
    const from = start + hours * 60 * minute;
    return [...run('cpu.total', 97, minutes, from), metric('cpu.total', 10, from + (minutes + 1) * minute)];
  };
  const early = [0, 12, 24, 36, 48].flatMap(hours => busy(hours, 8));
  expect(high.onEvents(early).map(({time}) => Math.floor((time - start) / (60 * minute)))).toEqual([0, 12, 24, 36]);
  expect(high.onEvents(busy(60, 15))).toEqual([]);
  const again = new StayingHigh(settings);
  again.restore(JSON.parse(JSON.stringify(high.save())));
  expect(again.onEvents(busy(72, 20))).toEqual([]);
  expect(again.onEvents(busy(84, 100)).map(({reason}) => /for ([\d.]+) minutes/.exec(reason)?.[1])).toEqual([
    '40.2',
    '80.3',
  ]);
});

test('a full file system is named, and not reported again because the program was restarted', () => {
  const before = new StayingHigh(settings);
  expect(before.onEvents(run('disk./srv/data.used', 95, 6))).toMatchObject([
    {rule: {id: 'system.disk.full'}, entity: '/srv/data'},
  ]);
  const after = new StayingHigh(settings);
  after.restore(JSON.parse(JSON.stringify(before.save())));
  expect(after.onEvents(run('disk./srv/data.used', 95, 1, start + 7 * minute))).toEqual([]);
});

test('memory has its own limit and other metrics have none', () => {
  const high = new StayingHigh(settings);
  expect(high.onEvents(run('memory.used', 91, 30))).toEqual([]);
  expect(high.onEvents(run('cpu.core.0', 100, 30))).toEqual([]);
  expect(high.onEvents(run('memory.used', 93, 5, start + 60 * minute))).toHaveLength(1);
});
