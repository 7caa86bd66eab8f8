import {hour, minute, second} from '../../../event/clock.ts';
import type {Alert, FieldValue, LogEvent} from '../../../event/event.ts';
import {SigmaDetector} from '../detector.ts';
import {entry, rejection, setOf, start} from '../rules.fixture.ts';

const base = (name: string) =>
  `title: ${name}\nid: id-${name}\nname: ${name}\nlogsource: {category: application}\ndetection:\n  s: {kind: ${name}}\n  condition: s\n`;

interface Form {
  readonly type: string;
  readonly rules?: string;
  readonly by?: string;
  readonly span?: string;
  readonly condition?: string;
  readonly more?: string;
  readonly name?: string;
}

function correlation({
  type,
  rules = '[a]',
  by = '[user]',
  span = '10m',
  condition,
  more = '',
  name = 'c',
}: Form): string {
  const bounds = condition === undefined ? '' : `  condition: ${condition}\n`;
  return `title: ${name}\nid: id-${name}\nname: ${name}\nlevel: high\ncorrelation:\n  type: ${type}\n  rules: ${rules}\n  group-by: ${by}\n  timespan: ${span}\n${bounds}${more}`;
}

const files = (...documents: readonly string[]) => documents.join('---\n');
const abc = [base('a'), base('b'), base('c0')];

/** An event of a kind, so many minutes after the start. */
function at(minutes: number, kind: string, fields: Record<string, FieldValue> = {user: 'bob'}): LogEvent {
  return entry({kind, ...fields}, {time: start + Math.round(minutes * minute), position: Math.round(minutes * 1e6)});
}

function run(text: string, events: readonly LogEvent[], finish = true): Alert[] {
  const detector = new SigmaDetector(setOf(text));
  const alerts = events.flatMap(event => [...detector.onEvents([event])]);
  return finish ? [...alerts, ...detector.finish()] : alerts;
}

const ids = (alerts: readonly Alert[]) => alerts.map(alert => alert.rule.id);
const times = (alerts: readonly Alert[]) => alerts.map(alert => (alert.time - start) / minute);
const every = (count: number, step: number, kind = 'a', fields?: Record<string, FieldValue>) =>
  Array.from({length: count}, (_, index) => at(index * step, kind, fields));

describe('event_count', () => {
  const rule = (condition: string, more: Partial<Form> = {}) =>
    files(...abc, correlation({type: 'event_count', condition, ...more}));

  test('fires once where the count is reached within the timespan, and says what was counted', () => {
    const [alert, ...more] = run(rule('{gte: 5}'), every(8, 1));
    expect(more).toEqual([]);
    expect(alert).toMatchObject({
      rule: {id: 'id-c', name: 'c', level: 'high', category: 'Rule'},
      entity: 'bob',
      count: 5,
      reason: '5 events within 10m for user bob (events ≥ 5).',
    });
    expect(times([alert as Alert])).toEqual([4]);
  });

  test('fires again once it had fallen below the count', () => {
    expect(times(run(rule('{gte: 3}'), [...every(4, 1), at(30, 'a'), at(31, 'a'), at(32, 'a')]))).toEqual([2, 32]);
  });

  test('windows slide: the hour may begin at any minute', () => {
    expect(run(rule('{gte: 3}', {span: '1h'}), [at(50, 'a'), at(70, 'a'), at(100, 'a')])).toHaveLength(1);
    expect(run(rule('{gte: 3}', {span: '1h'}), [at(0, 'a'), at(40, 'a'), at(61, 'a')])).toHaveLength(0);
    expect(run(rule('{gte: 2}', {span: '1h'}), [at(0, 'a'), at(60, 'a')])).toHaveLength(1);
  });

  test('groups are counted apart, by all of their fields', () => {
    const by = {by: '[user, host.id]'};
    const events = (pairs: readonly string[]) =>
      pairs.map((pair, index) => at(index, 'a', {user: pair.charAt(0), 'host.id': pair.charAt(1)}));
    expect(run(rule('{gte: 3}', by), events(['x1', 'x2', 'y1', 'x1', 'y2']))).toEqual([]);
    expect(run(rule('{gte: 3}', by), events(['x1', 'x2', 'x1', 'y1', 'X1']))).toHaveLength(1);
  });

  test('an event without the group’s field belongs to no group', () => {
    expect(run(rule('{gte: 2}'), [at(0, 'a', {x: 1}), at(1, 'a', {x: 1})])).toEqual([]);
  });

  test('without group-by all events are one group', () => {
    expect(
      run(rule('{gte: 3}', {by: '[]'}), [at(0, 'a', {user: 'x'}), at(1, 'a', {user: 'y'}), at(2, 'a', {})]),
    ).toHaveLength(1);
  });

  test('events of several rules are counted together', () => {
    expect(run(rule('{gte: 3}', {rules: '[a, id-b]'}), [at(0, 'a'), at(1, 'b'), at(2, 'a')])).toHaveLength(1);
    expect(
      run(rule('{gte: 3}', {rules: '[a, b]'}), [at(0, 'a'), at(1, 'c0'), at(2, 'a')]).filter(
        alert => alert.rule.id === 'id-c',
      ),
    ).toEqual([]);
  });

  test.each([
    ['{gt: 3}', 3, 4],
    ['{gte: 3}', 2, 3],
    ['{lt: 3}', 3, 2],
    ['{lte: 3}', 4, 3],
    ['{eq: 3}', 2, 3],
    ['{eq: 3}', 4, 3],
    ['{neq: 3}', 3, 2],
    ['{neq: 3}', 3, 4],
    ['{gt: 2, lte: 4}', 2, 3],
    ['{gt: 2, lte: 4}', 5, 4],
  ])('%s does not hold of %i events and holds of %i', (condition, without, holding) => {
    expect(run(rule(condition), every(without, 0.5))).toHaveLength(0);
    expect(run(rule(condition), every(holding, 0.5))).toHaveLength(1);
  });

  test('what further events could undo is judged when the window has passed', () => {
    const detector = new SigmaDetector(setOf(rule('{lt: 3}')));
    expect(detector.onEvents([at(0, 'a')])).toEqual([]);
    expect(detector.onEvents([at(10.5, 'x')])).toEqual([]);
    expect(detector.onEvents([at(12, 'x')])).toHaveLength(1);
    expect(detector.finish()).toEqual([]);
  });

  test('the clock ends windows of a live source, and none of a replay', () => {
    const live = new SigmaDetector(setOf(rule('{lt: 3}')));
    live.onEvents([at(0, 'a')]);
    expect(live.onTick(start + second)).toEqual([]);
    expect(live.onTick(start + 12 * minute)).toHaveLength(1);
    const replay = new SigmaDetector(setOf(rule('{lt: 3}')));
    replay.onEvents([at(0, 'a')]);
    expect(replay.onTick(start + 100 * hour)).toEqual([]);
  });

  test('events up to a minute late count where they belong', () => {
    const late = [at(0, 'a'), at(10.5, 'a'), at(9.9, 'a')];
    expect(run(rule('{gte: 3}'), late)).toHaveLength(0);
    expect(run(rule('{gte: 2}', {span: '1m'}), [at(0, 'a'), at(1.5, 'a'), at(0.8, 'a')])).toHaveLength(1);
    expect(run(rule('{gte: 3}'), [at(5, 'a'), at(6, 'a'), at(5.2, 'a')])).toHaveLength(1);
  });

  test('a high count needs no more memory than itself', () => {
    const detector = new SigmaDetector(setOf(rule('{gte: 100}', {span: '1d'})));
    detector.onEvents(every(5_000, 0.01));
    expect(JSON.stringify(detector.save()).length).toBeLessThan(20_000);
  });

  test('of more groups than can be held the oldest go, and that is counted', () => {
    const detector = new SigmaDetector(setOf(rule('{gte: 2}')));
    detector.onEvents(Array.from({length: 10_050}, (_, index) => at(index / 10_000, 'a', {user: `u${index}`})));
    expect(detector.counters.evictedGroups).toBe(50);
  });
});

describe('value_count', () => {
  const rule = (condition: string) => files(...abc, correlation({type: 'value_count', by: '[host.id]', condition}));
  const users = (names: readonly string[]) => names.map((user, index) => at(index, 'a', {user, 'host.id': 1}));

  test('counts distinct values of a field', () => {
    expect(run(rule('{field: user, gte: 3}'), users(['x', 'y', 'x', 'Y', 'x']))).toEqual([]);
    expect(run(rule('{field: user, gte: 3}'), users(['x', 'y', 'x', 'z']))).toHaveLength(1);
  });

  test('of several fields, the combination counts', () => {
    const pairs = [
      ['x', 1],
      ['x', 2],
      ['y', 1],
    ] as const;
    const events = pairs.map(([user, port], index) => at(index, 'a', {user, port, 'host.id': 1}));
    expect(run(rule('{field: [user, port], gte: 3}'), events)).toHaveLength(1);
    expect(run(rule('{field: [user], gte: 3}'), events)).toEqual([]);
  });

  test('an event without the field counts nothing', () => {
    expect(
      run(rule('{field: user, gte: 2}'), [at(0, 'a', {user: 'x', 'host.id': 1}), at(1, 'a', {'host.id': 1})]),
    ).toEqual([]);
  });

  test('values seen long ago count no more', () => {
    expect(
      run(rule('{field: user, gte: 3}'), users(['x', 'y']).concat(at(20, 'a', {user: 'z', 'host.id': 1}))),
    ).toEqual([]);
  });
});

describe('temporal', () => {
  const rule = (more: Partial<Form> = {}) =>
    files(...abc, correlation({type: 'temporal', rules: '[a, b, c0]', ...more}));

  test('all rules within the timespan, in any order, for one group', () => {
    expect(ids(run(rule(), [at(0, 'c0'), at(1, 'a'), at(2, 'b')]))).toEqual(['id-c']);
    expect(run(rule(), [at(0, 'a'), at(1, 'b')])).toEqual([]);
    expect(run(rule(), [at(0, 'a'), at(1, 'b'), at(11, 'c0')])).toEqual([]);
  });

  test('the group’s values are compared', () => {
    expect(run(rule(), [at(0, 'a'), at(1, 'b'), at(2, 'c0', {user: 'eve'})])).toEqual([]);
    expect(
      run(rule({by: '[user, ip]'}), [
        at(0, 'a', {user: 'x', ip: 1}),
        at(1, 'b', {user: 'x', ip: 2}),
        at(2, 'c0', {user: 'x', ip: 1}),
      ]),
    ).toEqual([]);
  });

  test('a condition says how many of the rules are enough', () => {
    expect(run(rule({condition: '{gte: 2}'}), [at(0, 'a'), at(1, 'a'), at(2, 'c0')])).toHaveLength(1);
    expect(run(rule({condition: '{gte: 2}'}), [at(0, 'a'), at(1, 'a')])).toEqual([]);
  });

  test('time is not cut into fixed frames', () => {
    expect(run(rule({span: '5m'}), [at(4, 'a'), at(5.5, 'b'), at(8, 'c0')])).toHaveLength(1);
  });
});

describe('temporal_ordered', () => {
  const rule = (more: Partial<Form> = {}) =>
    files(...abc, correlation({type: 'temporal_ordered', rules: '[a, b, c0]', ...more}));

  test.each([
    [['a', 'b', 'c0'], 1],
    [['a', 'c0', 'b'], 0],
    [['b', 'a', 'c0'], 0],
    [['c0', 'b', 'a'], 0],
    [['a', 'c0', 'b', 'c0'], 1],
    [['b', 'a', 'b', 'c0'], 1],
    [['a', 'a', 'b', 'b', 'c0'], 1],
    [['b', 'c0', 'a', 'b'], 0],
  ])('%j fires %i times', (kinds, count) => {
    expect(
      run(
        rule(),
        kinds.map((kind, index) => at(index, kind)),
      ),
    ).toHaveLength(count);
  });

  test('the order is checked over the whole window', () => {
    expect(run(rule(), [at(0, 'a'), at(11, 'b'), at(12, 'c0')])).toEqual([]);
  });

  test('an event that two rules find is no sequence of itself', () => {
    const both = `${base('b').replace('{kind: b}', '{user: bob}')}`;
    const text = files(base('a'), both, correlation({type: 'temporal_ordered', rules: '[a, b]'}));
    expect(run(text, [at(0, 'a')])).toEqual([]);
    expect(run(text, [at(0, 'a'), at(1, 'x')])).toHaveLength(1);
  });

  test('a late event that makes the order right is found', () => {
    expect(run(rule(), [at(0, 'a'), at(2, 'c0'), at(1.5, 'b')])).toHaveLength(1);
  });

  test('a sequence that happens again later fires again', () => {
    const once = ['a', 'b', 'c0'];
    expect(
      run(rule(), [...once.map((kind, i) => at(i, kind)), ...once.map((kind, i) => at(60 + i, kind))]),
    ).toHaveLength(2);
  });
});

describe('measures of a number', () => {
  const rule = (type: string, condition: string) => files(...abc, correlation({type, condition}));
  const numbers = (values: readonly FieldValue[]) => values.map((bytes, index) => at(index, 'a', {user: 'bob', bytes}));

  test.each([
    ['value_sum', '{field: bytes, gt: 100}', [50, '51'], [50, 50]],
    ['value_sum', '{field: bytes, lt: 10}', [1, 2], [1, 20]],
    ['value_avg', '{field: bytes, gt: 500}', [400, 700], [900, 100]],
    ['value_avg', '{field: bytes, gte: 1.5}', [1, 2], [1, 1]],
    ['value_median', '{field: bytes, gte: 5}', [1, 5, 100], [1, 2, 100]],
    [
      'value_percentile',
      '{field: bytes, percentile: 90, gt: 90}',
      [1, 95, 100],
      [1, 2, 3, 100, 4, 5, 6, 7, 8, 9, 10, 11],
    ],
    ['value_percentile', '{field: bytes, percentile: 50, lte: 3}', [1, 3, 9], [1, 4, 9]],
  ])('%s %s holds of %j and not of %j', (type, condition, holding, without) => {
    expect(run(rule(type, condition), numbers(holding))).toHaveLength(1);
    expect(run(rule(type, condition), numbers(without))).toHaveLength(0);
  });

  test('what is no number is left out', () => {
    expect(run(rule('value_sum', '{field: bytes, gt: 5}'), numbers(['many', 3]))).toEqual([]);
  });

  test('without a percentile given, the share that a value has of all is compared', () => {
    const images = (common: number) =>
      [...Array(common).fill('svchost'), 'rare'].map((image, i) => at(i / 100, 'a', {user: 'bob', image}));
    expect(run(rule('value_percentile', '{field: image, lte: 1}'), images(120))).toHaveLength(1);
    expect(run(rule('value_percentile', '{field: image, lte: 1}'), images(50))).toEqual([]);
  });
});

describe('aliases', () => {
  const aliases =
    '  aliases:\n    internal:\n      a: destination.ip\n      b: source.ip\n    remote:\n      a: source.ip\n      b: destination.ip\n';
  const text = files(...abc, correlation({type: 'temporal', rules: '[a, b]', by: '[internal, remote]', more: aliases}));

  test('name one value by another field in each rule', () => {
    const first = at(0, 'a', {'source.ip': '1.1.1.1', 'destination.ip': '10.0.0.1'});
    expect(run(text, [first, at(1, 'b', {'source.ip': '10.0.0.1', 'destination.ip': '1.1.1.1'})])).toHaveLength(1);
    expect(run(text, [first, at(1, 'b', {'source.ip': '1.1.1.1', 'destination.ip': '10.0.0.1'})])).toEqual([]);
    expect(run(text, [first, at(1, 'b', {'source.ip': '10.0.0.1', 'destination.ip': '2.2.2.2'})])).toEqual([]);
  });
});

describe('chains', () => {
  const many = correlation({type: 'event_count', condition: '{gte: 5}', name: 'many', by: '[user]'});
  const chain = (more: Partial<Form> = {}) =>
    files(...abc, many, correlation({type: 'temporal_ordered', rules: '[many, b]', ...more}));

  test('many failures and then a success: only the outermost rule is heard', () => {
    expect(ids(run(chain(), [...every(5, 1), at(6, 'b')]))).toEqual(['id-c']);
    expect(run(chain(), [at(0, 'b'), ...every(5, 1)])).toEqual([]);
    expect(run(chain(), [...every(4, 1), at(6, 'b')])).toEqual([]);
    expect(run(chain(), [...every(5, 1), at(6, 'b', {user: 'eve'})])).toEqual([]);
  });

  test('failures that go on for long still come before the success that follows', () => {
    expect(run(chain(), [...every(60, 1), at(60, 'b')])).toHaveLength(1);
  });

  test('the outer rule groups by its own fields', () => {
    const byHost = correlation({type: 'event_count', condition: '{gte: 2}', name: 'many', by: '[host.id]'});
    const text = files(...abc, byHost, correlation({type: 'temporal', rules: '[many, b]', by: '[user]'}));
    const events = [
      at(0, 'a', {'host.id': 1, user: 'x'}),
      at(1, 'a', {'host.id': 1, user: 'y'}),
      at(2, 'b', {user: 'y'}),
    ];
    expect(ids(run(text, events))).toEqual(['id-c']);
    expect(run(text, [...events.slice(0, 2), at(2, 'b', {user: 'x'})])).toEqual([]);
  });

  test('a count of counts hears of each once', () => {
    const text = files(
      ...abc,
      many,
      correlation({type: 'event_count', condition: '{gte: 2}', rules: '[many]', span: '2h'}),
    );
    expect(run(text, every(9, 1))).toEqual([]);
    expect(run(text, [...every(6, 1), ...every(6, 1).map((_, i) => at(40 + i, 'a'))])).toHaveLength(1);
  });
});

describe('generate', () => {
  const text = (more: string) => files(...abc, correlation({type: 'event_count', condition: '{gte: 3}', more}));

  test('rules that are correlated are silent, unless asked for', () => {
    expect(ids(run(text(''), every(3, 1)))).toEqual(['id-c']);
    expect(ids(run(text('generate: true\n'), every(3, 1)))).toEqual(['id-a', 'id-a', 'id-a', 'id-c']);
    expect(ids(run(text('  generate: true\n'), every(1, 1)))).toEqual(['id-a']);
    expect(ids(run(text('generate: false\n'), [at(0, 'b')]))).toEqual(['id-b']);
  });
});

describe('the deprecated count within a rule', () => {
  const rule = (aggregation: string, timeframe = '  timeframe: 10m\n') =>
    `${base('a').replace('condition: s\n', `condition: s | ${aggregation}\n`)}${timeframe}`;

  test.each([
    ['count() > 3', every(4, 1), every(3, 1)],
    ['count() by user >= 2', every(2, 1), [at(0, 'a'), at(1, 'a', {user: 'eve'})]],
    [
      'count(ip) by user > 1',
      [at(0, 'a', {user: 'x', ip: 1}), at(1, 'a', {user: 'x', ip: 2})],
      [at(0, 'a', {user: 'x', ip: 1}), at(1, 'a', {user: 'x', ip: 1})],
    ],
    ['sum(n) > 10', [at(0, 'a', {n: 5}), at(1, 'a', {n: 6})], [at(0, 'a', {n: 5})]],
    ['max(n) >= 9', [at(0, 'a', {n: 1}), at(1, 'a', {n: 9})], [at(0, 'a', {n: 8})]],
    ['min(n) < 2', [at(0, 'a', {n: 5}), at(1, 'a', {n: 1})], [at(0, 'a', {n: 2})]],
    ['avg(n) > 5', [at(0, 'a', {n: 4}), at(1, 'a', {n: 8})], [at(0, 'a', {n: 4}), at(1, 'a', {n: 6})]],
    ['count() by user = 2', every(2, 1), every(3, 1)],
    ['COUNT() BY user, kind > 1', every(2, 1), every(1, 1)],
  ])('%s', (aggregation, holding, without) => {
    expect(ids(run(rule(aggregation), holding))).toEqual(['id-a']);
    expect(run(rule(aggregation), without)).toEqual([]);
  });

  test('the timeframe bounds what is counted; without one all is', () => {
    expect(run(rule('count() > 1'), [at(0, 'a'), at(20, 'a')])).toEqual([]);
    expect(run(rule('count() > 1', ''), [at(0, 'a'), at(20, 'a')])).toHaveLength(1);
  });
});

describe('what is refused', () => {
  const document = (form: Form) => rejection(correlation(form));

  test.each([
    [{type: 'sequence'}, /`type` to be one of event_count, .* found `sequence`/],
    [{type: 'event_count'}, /a `condition` for event_count/],
    [{type: 'event_count', condition: '{}'}, /a comparison/],
    [
      {type: 'event_count', condition: '{above: 3}'},
      /one of gt, gte, lt, lte, eq, neq in the condition, found `above`/,
    ],
    [{type: 'event_count', condition: '{gte: many}'}, /a number for `gte`/],
    [{type: 'event_count', condition: '{field: x, gte: 1}'}, /no `field`/],
    [{type: 'value_count', condition: '{gte: 1}'}, /`field` in the condition of value_count/],
    [{type: 'value_sum', condition: '{field: [a, b], gte: 1}'}, /one `field` for value_sum/],
    [{type: 'value_percentile', condition: '{field: a, percentile: 101, gte: 1}'}, /from 0 to 100/],
    [{type: 'temporal', rules: '[]'}, /`rules` to name the rules/],
    [{type: 'temporal', rules: '[a, a]'}, /each rule once/],
    [{type: 'temporal', span: '10'}, /`timespan` to be a number and one of s, m, h, d/],
    [{type: 'temporal', span: '1M'}, /found `1M`/],
    [{type: 'temporal', span: '1.5h'}, /found `1.5h`/],
    [{type: 'temporal', more: '  aliases: {x: {other: y}}\n'}, /a rule of `rules` in the alias `x`, found `other`/],
    [{type: 'temporal', more: '  generate: maybe\n'}, /`generate` to be true or false/],
  ] as const)('%j', (form, reason) => {
    expect(document(form)).toMatch(reason);
  });

  test('rules that are not there, circles, and what names those', () => {
    const set = (text: string) => () => setOf(text);
    expect(set(correlation({type: 'temporal', rules: '[nobody]'}))).toThrow(/names `nobody`, which is not loaded/);
    const circle = files(
      correlation({type: 'temporal', rules: '[d]'}),
      correlation({type: 'temporal', rules: '[c]', name: 'd'}),
    );
    expect(set(circle)).toThrow(/in a circle/);
  });
});

test('what was counted before a restart or a change of rules still counts', () => {
  const text = files(...abc, correlation({type: 'event_count', condition: '{gte: 4}'}));
  const first = new SigmaDetector(setOf(text));
  first.onEvents(every(2, 1));
  const second = new SigmaDetector(setOf(text));
  second.restore(JSON.parse(JSON.stringify(first.save())));
  second.onEvents([at(2, 'a')]);
  second.swap(setOf(`${text}---\n${base('z')}`));
  expect(second.onEvents([at(3, 'a')])).toHaveLength(1);
  const changed = new SigmaDetector(setOf(text.replace('gte: 4', 'gte: 3')));
  changed.restore(JSON.parse(JSON.stringify(first.save())));
  expect(changed.onEvents([at(2, 'a')])).toEqual([]);
  expect(() => changed.restore({version: 1, correlations: 'x'})).not.toThrow();
  expect(() => changed.restore(undefined)).not.toThrow();
});

test('files that are read one after another are counted as if they came in the order of time', () => {
  const text = files(...abc, correlation({type: 'event_count', condition: '{gte: 100}'}));
  const detector = new SigmaDetector(setOf(text), {lateness: Number.POSITIVE_INFINITY});
  const evens = Array.from({length: 60}, (_, index) => at(index / 30, 'a'));
  const later = Array.from({length: 150}, (_, index) => at(500 + index / 30, 'a'));
  const odds = Array.from({length: 60}, (_, index) => at((index + 0.5) / 30, 'a'));
  const alerts = [evens, later, odds].flatMap(batch => [...detector.onEvents(batch)]);
  expect(alerts).toHaveLength(2);
});
