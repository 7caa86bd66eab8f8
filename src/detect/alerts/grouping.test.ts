import type {AlertGroup, AnomalyRow} from '../../event/alert-group.ts';
import {hour, minute, second} from '../../event/clock.ts';
import type {Alert, LogEvent, Rule} from '../../event/event.ts';
import {AlertGrouping, stormRule} from './grouping.ts';
import {suppression} from './lifecycle.ts';
import {logLine} from './log-line.ts';

const settings = {quiet_minutes: 60, fold_entities: 20, storm_groups: 100};
const start = Date.UTC(2026, 0, 5, 12) * 1000;
const clock = () => start;
const burst: Rule = {
  id: 'auth.failed.burst',
  name: 'Burst of failed logins',
  level: 'medium',
  category: 'System Log',
  techniques: ['T1110.001'],
};

function finding(time: number, entity = '192.0.2.1', more: Partial<Alert> = {}): Alert {
  return {rule: burst, time, host: 'web1', entity, reason: `seen at ${time}`, count: 1, ...more};
}

function grouped(...batches: (readonly Alert[])[]): AlertGroup[] {
  const grouping = new AlertGrouping(settings, clock);
  for (const batch of batches) grouping.add(batch, 'agent');
  return [...grouping.takeChanges().alerts];
}

const total = (rows: readonly {readonly count: number}[]) => rows.reduce((sum, row) => sum + row.count, 0);

test('findings of one rule about one entity are one group with count, first, last and the newest reason', () => {
  const [group, ...others] = grouped([finding(start), finding(start + minute, undefined, {count: 4})]);
  expect(others).toEqual([]);
  expect(group).toMatchObject({
    rule: 'auth.failed.burst',
    entity: '192.0.2.1',
    count: 5,
    first: start,
    last: start + minute,
    reason: `seen at ${start + minute}`,
    status: 'open',
    agent: 'agent',
  });
});

test('a group ends once a quiet hour of event time has passed', () => {
  expect(grouped([finding(start), finding(start + hour - 1)])).toHaveLength(1);
  expect(grouped([finding(start), finding(start + hour)])).toHaveLength(2);
});

test('another host or another rule is another group', () => {
  const other = {...burst, id: 'auth.failed.spray'};
  expect(
    grouped([finding(start), finding(start, undefined, {host: 'db1'}), finding(start, undefined, {rule: other})]),
  ).toHaveLength(3);
});

test('causes of one entity are one group, or groups of their own where that is wanted', () => {
  const causes = [finding(start, undefined, {cause: 'FIN'}), finding(start, undefined, {cause: 'NULL'})];
  expect(grouped(causes)).toHaveLength(1);
  const apart = new AlertGrouping(settings, clock, {causesApart: true});
  apart.add([...causes, ...causes], 'agent');
  expect(apart.takeChanges().alerts.map(({count}) => count)).toEqual([2, 2]);
});

test('the level of a group is that of its highest finding', () => {
  const [group] = grouped([finding(start, undefined, {level: 'critical'}), finding(start + 1)]);
  expect(group?.level).toBe('critical');
});

test('a finding that comes a minute late is counted and leaves the newest reason alone', () => {
  const [group] = grouped([finding(start), finding(start - 60 * second)]);
  expect(group).toMatchObject({count: 2, first: start - 60 * second, last: start, reason: `seen at ${start}`});
});

test('backfill and live findings that interleave keep to their own times', () => {
  const old = start - 72 * hour;
  const groups = grouped(
    [finding(start)],
    [finding(old, undefined, {historical: true})],
    [finding(start + minute)],
    [finding(old + minute, undefined, {historical: true})],
  );
  expect(groups.map(({count, historical, first}) => ({count, historical, first}))).toEqual(
    expect.arrayContaining([
      {count: 2, historical: false, first: start},
      {count: 2, historical: true, first: old},
    ]),
  );
});

test('a historical group that gets a live finding is historical no more', () => {
  const [group] = grouped([finding(start, undefined, {historical: true}), finding(start + minute)]);
  expect(group).toMatchObject({count: 2, historical: false});
});

test('entities beyond the limit fold into one group that names how many and the first few', () => {
  const many = Array.from({length: 45}, (_, i) => finding(start + i * second, `198.51.100.${i}`));
  const groups = grouped(many);
  expect(groups).toHaveLength(21);
  const fold = groups.find(group => group.entity === '25 addresses');
  expect(fold).toMatchObject({rule: 'auth.failed.burst', count: 25});
  expect(fold?.reason).toMatch(/^25 addresses .*: 198\.51\.100\.20, 198\.51\.100\.21, 198\.51\.100\.22 and 22 more\./);
  expect(total(groups)).toBe(45);
});

test('entities that come slower than the window do not fold', () => {
  const slow = Array.from({length: 30}, (_, i) => finding(start + i * minute, `198.51.100.${i}`));
  expect(grouped(slow)).toHaveLength(30);
});

test('a known entity goes on in its own group while others fold', () => {
  const many = Array.from({length: 25}, (_, i) => finding(start + i * second, `198.51.100.${i}`));
  const groups = grouped(many, [finding(start + minute, '198.51.100.3')]);
  expect(groups.find(group => group.entity === '198.51.100.3')?.count).toBe(2);
});

test('groups beyond the limit of an hour become one alert storm, and every finding is still counted', () => {
  const rules = Array.from({length: 130}, (_, i) => ({...burst, id: `rule.${i}`}));
  const groups = grouped(rules.map((rule, i) => finding(start + i * second, 'x', {rule, count: 2})));
  expect(groups).toHaveLength(101);
  expect(groups.find(group => group.rule === stormRule)).toMatchObject({count: 60, entity: 'web1'});
  expect(total(groups)).toBe(260);
});

test('after a restart the open group, its fold and its storm go on', () => {
  const many = Array.from({length: 22}, (_, i) => finding(start + i * second, `198.51.100.${i}`));
  const stored = grouped(many);
  const again = new AlertGrouping(settings, clock);
  again.restore(stored);
  again.add([finding(start + minute, '198.51.100.1'), finding(start + minute, '198.51.100.99')], 'agent');
  const {alerts, begun} = again.takeChanges();
  expect(begun).toEqual([]);
  expect(alerts.map(group => [group.entity, group.count])).toEqual([
    ['198.51.100.1', 2],
    ['2 addresses', 3],
  ]);
});

test('what did not change is not given again, and a new group is named as begun once', () => {
  const grouping = new AlertGrouping(settings, clock);
  grouping.add([finding(start)], 'agent');
  expect(grouping.takeChanges().begun).toHaveLength(1);
  expect(grouping.takeChanges()).toEqual({alerts: [], anomalies: [], begun: []});
  grouping.add([finding(start + 1)], 'agent');
  expect(grouping.takeChanges()).toMatchObject({alerts: [{count: 2}], anomalies: [{count: 1}], begun: []});
});

test('the anomalies are one row a group and minute', () => {
  const grouping = new AlertGrouping(settings, clock);
  grouping.add([finding(start), finding(start + second), finding(start + minute)], 'agent');
  const rows = grouping.takeChanges().anomalies;
  expect(rows.map(({minute: at, count}) => ({at, count}))).toEqual([
    {at: start, count: 2},
    {at: start + minute, count: 1},
  ]);
});

test('a new finding keeps an acknowledged group acknowledged', () => {
  const grouping = new AlertGrouping(settings, clock);
  grouping.add([finding(start)], 'agent');
  const [group] = grouping.takeChanges().alerts;
  grouping.apply({alert: group?.id ?? '', time: start, actor: 'me', action: 'acknowledge'});
  grouping.add([finding(start + minute)], 'agent');
  expect(grouping.takeChanges().alerts).toMatchObject([{status: 'acknowledged', count: 2}]);
});

test('a new finding on a closed group begins another, even at the very same time', () => {
  const grouping = new AlertGrouping(settings, clock);
  grouping.add([finding(start)], 'agent');
  const id = grouping.takeChanges().alerts[0]?.id ?? '';
  grouping.apply({alert: id, time: start, actor: 'me', action: 'close', verdict: 'benign'});
  expect(grouping.takeChanges().alerts).toMatchObject([{id, status: 'closed', count: 1}]);
  grouping.add([finding(start)], 'agent');
  const {begun} = grouping.takeChanges();
  expect(begun).toMatchObject([{status: 'open', count: 1}]);
  expect(begun[0]?.id).not.toBe(id);
});

test('a suppressed group takes in what comes before its time, however late', () => {
  const grouping = new AlertGrouping(settings, clock);
  grouping.add([finding(start)], 'agent');
  const id = grouping.takeChanges().alerts[0]?.id ?? '';
  grouping.apply(suppression(id, 'me', start, start + 24 * hour, 'backup'));
  grouping.add([finding(start + 20 * hour)], 'agent');
  expect(grouping.takeChanges()).toMatchObject({alerts: [{id, count: 2, status: 'acknowledged'}], begun: []});
  grouping.add([finding(start + 25 * hour)], 'agent');
  expect(grouping.takeChanges().begun).toHaveLength(1);
});

test('an alert that is no longer in memory is changed as the store has it', () => {
  const [stored] = grouped([finding(start)]);
  const grouping = new AlertGrouping(settings, clock);
  const change = {alert: stored?.id ?? '', time: start, actor: 'me', action: 'close'} as const;
  expect(grouping.apply(change)).toBeUndefined();
  expect(grouping.apply(change, stored)).toMatchObject({status: 'closed', count: 1});
  expect(grouping.takeChanges().alerts).toMatchObject([{status: 'closed'}]);
});

test('an alert begun by a Windows event writes the original program’s line', () => {
  const event: LogEvent = {
    kind: 'log',
    origin: {agent: 'a', host: 'pc', source: 'evtx', epoch: '1', dataset: 'windows'},
    position: 1,
    time: Date.UTC(2024, 8, 25, 1, 38, 1) * 1000,
    ingested: start,
    level: 4,
    code: 701,
    provider: 'Win32k',
    message: 'Power Manager has not requested suppression',
  };
  const [group] = grouped([finding(event.time, 'Win32k', {event})]);
  expect(group && logLine(group, 'utc')).toBe(
    'Anomaly detected at 2024-09-25 01:38:01 - Event ID: 701, Level: Warning, Source: Win32k.',
  );
});

test('a group that nothing was added to for hours is forgotten, and its like begins anew', () => {
  let now = start;
  const grouping = new AlertGrouping(settings, () => now);
  grouping.add([finding(start)], 'agent');
  const id = grouping.takeChanges().alerts[0]?.id ?? '';
  now += 2 * hour;
  grouping.takeChanges();
  expect(grouping.apply({alert: id, time: now, actor: 'me', action: 'comment'})).toBeDefined();
  now += 4 * hour;
  grouping.takeChanges();
  expect(grouping.apply({alert: id, time: now, actor: 'me', action: 'comment'})).toBeUndefined();
});

test('whatever comes in whatever order, groups and anomalies count every finding exactly once', () => {
  const random = seeded(7);
  const grouping = new AlertGrouping({quiet_minutes: 30, fold_entities: 5, storm_groups: 20}, clock);
  const groups = new Map<string, AlertGroup>();
  const anomalies: AnomalyRow[] = [];
  let findings = 0;
  for (let batch = 0; batch < 300; batch++) {
    const alerts = Array.from({length: Math.floor(random() * 40)}, () => randomFinding(random, batch));
    findings += total(alerts);
    grouping.add(alerts, 'agent');
    const changes = grouping.takeChanges();
    for (const group of changes.alerts) groups.set(group.id, group);
    anomalies.push(...changes.anomalies);
    const closed = changes.alerts.find(() => random() < 0.05);
    if (closed) grouping.apply({alert: closed.id, time: start, actor: 'me', action: 'close'});
  }
  expect(total([...groups.values()])).toBe(findings);
  expect(total(anomalies)).toBe(findings);
  for (const group of groups.values()) {
    expect(total(anomalies.filter(row => row.alert === group.id))).toBe(group.count);
  }
});

function randomFinding(random: () => number, batch: number): Alert {
  const historical = random() < 0.4;
  const time = start + batch * minute + Math.floor((random() - 0.5) * 120) * second - (historical ? 100 * hour : 0);
  const rule = {...burst, id: `rule.${Math.floor(random() * 4)}`};
  const entity = `10.0.0.${Math.floor(random() * random() * 60)}`;
  return finding(time, entity, {rule, historical, count: 1 + Math.floor(random() * 3)});
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
