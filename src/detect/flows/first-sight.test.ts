import {day, hour, minute} from '../../event/clock.ts';
import type {FlowEvent} from '../../event/event.ts';
import type {FlowParts} from '../surprise/flows/generated-flow.ts';
import {alertsOf, flow, quietDays, restarted, start, watching} from './watched.test-helper.ts';

const later = start + 26 * hour;
const learned = quietDays(25);
const inside = (parts: Partial<FlowParts>) =>
  flow({
    time: later,
    destinationIp: '192.168.1.1',
    destinationPort: 53,
    ...(parts.destinationPort ? {} : {transport: 'udp'}),
    ...parts,
  });

test('a machine that was never seen is told once, with its maker and address', () => {
  const machine = {sourceMac: 'b8:27:eb:12:34:56', sourceIp: '192.168.1.77'};
  const events = [...learned, inside(machine), inside({...machine, time: later + minute})];
  const watch = watching();
  const alerts = watch.onEvents(events);
  expect(alerts.map(({rule, entity}) => [rule.id, rule.level, entity])).toEqual([
    ['network.first.host', 'low', 'b8:27:eb:12:34:56'],
    ['network.first.vendor', 'low', 'Raspberry Pi'],
  ]);
  expect(alerts[0]?.reason).toBe(
    'b8:27:eb:12:34:56 (Raspberry Pi) was never seen on this network; it has the address 192.168.1.77.',
  );
});

test('a made-up address is a machine but no maker’s; a group is neither', () => {
  const events = [...learned, inside({sourceMac: 'da:a1:19:00:00:01'}), inside({destinationMac: '01:00:5e:00:00:fb'})];
  expect(
    watching()
      .onEvents(events)
      .map(({rule}) => rule.id),
  ).toEqual(['network.first.host']);
});

test('without network addresses a machine is its address', () => {
  const plain = {sourceMac: '', destinationMac: ''};
  const events = [...learned, inside({...plain, sourceIp: '192.168.1.99'})];
  expect(alertsOf('network.first.host', watching(), events).map(({entity}) => entity)).toContain('192.168.1.99');
});

test('a port that is answered for the first time is a new service', () => {
  const events = [...learned, inside({destinationPort: 8_081, service: 'http'}), inside({destinationPort: 8_081})];
  const alerts = alertsOf('network.first.service', watching(), events);
  expect(alerts).toMatchObject([{entity: '192.168.1.1 tcp/8081', count: 1}]);
  expect(alerts[0]?.reason).toBe(
    '192.168.1.1 answered 192.168.1.20 on tcp port 8081 (http), where it never answered before.',
  );
});

test('a flow is a service from the report on that has the answer', () => {
  const parts = {destinationPort: 8_082, position: 5};
  const asked = {...parts, ended: false, state: 'S0', packetsIn: 0, bytesIn: 0, history: 'S'} as const;
  const watch = watching();
  expect(alertsOf('network.first.service', watch, [...learned, inside(asked)])).toEqual([]);
  expect(alertsOf('network.first.service', watch, [inside({...parts, ended: false}), inside(parts)])).toHaveLength(1);
});

test.each<[string, FlowEvent[]]>([
  ['refused', [inside({destinationPort: 8_083, state: 'REJ', packetsIn: 1})]],
  ['met in the middle', [inside({destinationPort: 8_083, history: 'DdA'})]],
  ['a port that was lent', [inside({destinationPort: 49_000})]],
  ['outside', [flow({time: later, destinationPort: 8_083})]],
  ['a peer of the same port', [inside({transport: 'udp', sourcePort: 5_000, destinationPort: 5_000})]],
])('%s it is no service', (_what, flows) => {
  expect(alertsOf('network.first.service', watching(), [...learned, ...flows])).toEqual([]);
});

test('the first day nothing is new, and what was seen then is known after a restart', () => {
  const machine = {sourceMac: 'b8:27:eb:12:34:56', destinationPort: 8_084};
  const watch = watching();
  expect(watch.onEvents([inside({...machine, time: start}), ...learned])).toEqual([]);
  expect(restarted(watch).onEvents([inside(machine)])).toEqual([]);
});

/** A machine that was never there, for each number. */
const guest = (number: number, time: number) => {
  const last = (number % 200) + 20;
  const sourceMac = `da:a1:19:00:${(number >> 8).toString(16).padStart(2, '0')}:${(number & 255).toString(16).padStart(2, '0')}`;
  return inside({time, sourceIp: `192.168.1.${last}`, sourceMac});
};

/** A new machine every two hours from the first hour on. */
const guests = (days: number) =>
  Array.from({length: days * 12}, (_, number) => guest(number, start + number * 2 * hour + minute));

test('where machines come and go every day, those of a week are told together', () => {
  const alerts = alertsOf('network.first.host', watching(), guests(17));
  expect(alerts.map(({level, entity}) => [level, entity])).toEqual([
    ['informational', 'usual new machines'],
    ['informational', 'usual new machines'],
  ]);
  expect(alerts[0]?.reason).toMatch(
    /^85 new machines were met within a week, the newest (?:da:a1:19:[0-9a-f:]+(?:, )?){3}\./,
  );
});

test('where machines come and go, far more within an hour than ever are told at once', () => {
  const party = Array.from({length: 40}, (_, number) => guest(4_000 + number, start + 3 * day + number * minute));
  const alerts = alertsOf('network.first.host', watching(), [...guests(3), ...party]);
  expect(alerts.map(({entity}) => entity)).toEqual(['many new machines', 'many new machines']);
  expect(alerts[0]?.reason).toMatch(/^11 new machines were met within the hour, far more than ever/);
});

test('a network that has settled tells each again', () => {
  const known = guest(1, start + 9 * day);
  const alerts = alertsOf('network.first.host', watching(), [...guests(2), known, guest(900, start + 9 * day)]);
  expect(alerts.map(({entity}) => entity)).toEqual(['da:a1:19:00:03:84']);
});

test('a new port of a known machine is told where new addresses with their services come every day', () => {
  const routed = (number: number, time: number) =>
    inside({time, destinationIp: `172.16.${number % 250}.9`, destinationPort: 443, service: 'https'});
  const visits = Array.from({length: 36}, (_, number) => routed(number, start + number * 2 * hour + minute));
  const port = inside({time: start + 3 * day, destinationIp: '192.168.1.1', destinationPort: 2_222});
  const alerts = alertsOf('network.first.service', watching(), [...learned, ...visits, port]);
  expect(alerts.map(({entity}) => entity)).toEqual(['192.168.1.1 tcp/2222']);
});

test('what is usual is known after a restart', () => {
  const watch = watching();
  const all = guests(4);
  expect(alertsOf('network.first.host', watch, all.slice(0, 24))).toEqual([]);
  expect(alertsOf('network.first.host', restarted(watch), all.slice(24))).toEqual([]);
});
