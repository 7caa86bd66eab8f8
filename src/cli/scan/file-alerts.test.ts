import {settingsSchema} from '../../config/settings.ts';
import {mostGroups} from '../../detect/alerts/grouping.ts';
import {hour, minute} from '../../event/clock.ts';
import type {Alert, Rule} from '../../event/event.ts';
import {FileAlerts} from './file-alerts.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;
const rule: Rule = {id: 'network.x', name: 'X', level: 'low', category: 'Network Packet Anomaly', techniques: []};
const {alerts: settings} = settingsSchema.parse({});

function finding(time: number, count: number, more: Partial<Alert> = {}): Alert {
  return {rule, time, host: 'here', entity: '192.0.2.1', reason: `${count} more`, count, ...more};
}

const told = (file: FileAlerts) => file.end().map(({entity, first, last, count}) => [entity, first, last, count]);

test('what is told at each power of ten is one alert with the whole count, from the first to the last', () => {
  const file = new FileAlerts(settings);
  expect(file.add([finding(start, 1), finding(start + minute, 9)])).toEqual([]);
  expect(file.add([finding(start + 2 * minute, 33, {level: 'high'})])).toEqual([]);
  const rest = file.end();
  expect(rest).toHaveLength(1);
  expect(rest[0]).toMatchObject({count: 43, first: start, last: start + 2 * minute, level: 'high', reason: '33 more'});
  expect(file.end()).toEqual([]);
});

test('it ends once a quiet hour has passed; causes and entities are apart, however many', () => {
  const file = new FileAlerts(settings);
  const many = Array.from({length: 300}, (_, at) => finding(start + at, 1, {entity: `10.0.${at >> 8}.${at & 255}`}));
  file.add([...many, finding(start, 1, {cause: 'FIN'}), finding(start, 1, {cause: 'NULL'}), finding(start + hour, 1)]);
  file.add([finding(start + 1, 4, {cause: 'NULL'})]);
  expect(told(file).filter(([entity]) => entity === '192.0.2.1')).toEqual([
    ['192.0.2.1', start, start, 1],
    ['192.0.2.1', start + hour, start + hour, 1],
    ['192.0.2.1', start, start + 1, 5],
  ]);
});

test('alerts that differ in their cause only have ids of their own, whichever came first', () => {
  const idsOf = (...causes: string[]) => {
    const file = new FileAlerts(settings);
    file.add(causes.map(cause => finding(start, 1, {cause})));
    return file.end().map(({id}) => id);
  };
  const [one = '', other = ''] = idsOf('FIN', 'NULL');
  expect(new Set([one, other, ...idsOf('')]).size).toBe(3);
  expect(idsOf('NULL', 'FIN')).toEqual([other, one]);
});

test('what begins anew at the same moment after very many others does not take the place of the first', () => {
  const file = new FileAlerts(settings);
  const given = [...file.add([finding(start, 3)])];
  const others = Array.from({length: mostGroups + 1}, (_, at) => finding(start, 1, {entity: `e${at}`}));
  given.push(...file.add(others), ...file.add([finding(start, 4)]), ...file.end());
  expect(given.filter(({entity}) => entity === '192.0.2.1').map(({count}) => count)).toEqual([3, 4]);
  expect(given).toHaveLength(others.length + 2);
});

test('of very many those that were quiet longest are given early, and each once', () => {
  const file = new FileAlerts(settings);
  const given = new Map<string, number>();
  const keep = (groups: ReturnType<FileAlerts['end']>) => {
    for (const {id, count} of groups) given.set(id, (given.get(id) ?? 0) + count);
    return groups.length;
  };
  let early = 0;
  for (let at = 0; at < 20_000; at += 100) {
    const some = Array.from({length: 100}, (_, n) => finding(start, 1, {entity: `e${at + n}`}));
    early += keep(file.add([...some, finding(start, 1)]));
  }
  const late = keep(file.end());
  expect(early).toBeGreaterThan(10_000);
  expect(given.size).toBe(early + late);
  expect(given.size).toBe(20_001);
  expect(Math.max(...given.values())).toBe(200);
});
