import {attacks} from '../bench/network-day/attacks.ts';
import {officeDays} from '../bench/network-day/office-day.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {NetworkWatch} from '../src/detect/flows/network-watch.ts';
import {ordinaryTraffic} from '../src/detect/surprise/flows/generated-traffic.ts';
import {day, hour} from '../src/event/clock.ts';
import type {Alert, Event} from '../src/event/event.ts';

const start = Date.UTC(2026, 0, 5) * 1000;
const {network} = settingsSchema.parse({});

function found(events: readonly Event[], learns: boolean): Alert[] {
  const watch = new NetworkWatch(network, {learns});
  const alerts: Alert[] = [];
  for (let at = 0; at < events.length; at += 500) alerts.push(...watch.onEvents(events.slice(at, at + 500)));
  return [...alerts, ...watch.finish()];
}

function isLoud({rule, level = rule.level}: Alert): boolean {
  return level !== 'low' && level !== 'informational';
}

function loud(alerts: readonly Alert[]): string[] {
  return alerts.filter(isLoud).map(({rule, entity, reason}) => `${rule.id} ${entity}: ${reason}`);
}

/** As they come: a flow's report with its newest packet. */
function inOrder(events: readonly Event[]): Event[] {
  const at = (event: Event) => (event.kind === 'flow' ? event.last : event.time);
  return [...events].sort((one, other) => at(one) - at(other));
}

test.each([1, 2])('an ordinary office day raises nothing above low, watched or scanned (seed %i)', seed => {
  const events = officeDays(seed, start, 1);
  expect(loud(found(events, true))).toEqual([]);
  expect(loud(found(events, false))).toEqual([]);
});

test('nor does the day after the first, and little at all', () => {
  const alerts = found(officeDays(4, start, 2), true);
  expect(loud(alerts)).toEqual([]);
  const late = alerts.filter(({time, rule, level = rule.level}) => time >= start + day && level !== 'informational');
  expect(late.map(({rule, entity}) => `${rule.id} ${entity}`).length).toBeLessThan(5);
});

test.each(['desk', 'server'] as const)('days of a %s as another generator makes them are quiet too', profile => {
  expect(loud(found(ordinaryTraffic(3, start, 3, profile), true))).toEqual([]);
});

test('in such a day a tunnel, an implant and a theft are found among the rest', () => {
  const life = officeDays(5, start, 2);
  const names = new Set(
    found(inOrder([...life, ...attacks(6, start + day + 10 * hour)]), true)
      .filter(isLoud)
      .map(({rule}) => rule.id),
  );
  expect([...names].sort()).toEqual([
    'network.beacon',
    'network.dns.dga',
    'network.dns.tunnel',
    'network.exfiltration',
  ]);
});
