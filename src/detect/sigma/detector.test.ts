import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {SigmaDetector} from './detector.ts';
import {type Explanation, explain} from './explain.ts';
import {explainRule} from './explain-rule.ts';
import {loadRules, RuleFolders} from './load-folder.ts';
import {classify} from './logsource/classify.ts';
import {EventReader} from './logsource/event-reader.ts';
import {matchReason} from './match-reason.ts';
import {buildRuleSet} from './rule-set.ts';
import {entry, ruleOf, setOf, start} from './rules.fixture.ts';

const whoami = `title: Whoami
id: 00000000-0000-4000-8000-000000000001
status: test
level: high
tags: [attack.discovery, attack.t1033, attack.t1059.001, car.2016-03-001, cve.2021-44228]
logsource: {category: application}
detection:
  selection:
    Image|endswith: '\\whoami.exe'
    CommandLine|contains|all: ['/all', '/fo']
  filter:
    User: svc
  condition: selection and not filter
`;
const event = entry({Image: 'C:\\Windows\\whoami.exe', CommandLine: 'whoami /all /fo list', User: 'bob'});

test('an alert says which rule, which techniques, what matched, and carries its event', () => {
  const [alert] = new SigmaDetector(setOf(whoami)).onEvents([event]);
  expect(alert).toEqual({
    rule: {
      id: '00000000-0000-4000-8000-000000000001',
      name: 'Whoami',
      level: 'high',
      category: 'Rule',
      techniques: ['T1033', 'T1059.001'],
    },
    time: start,
    host: 'web1',
    entity: 'C:\\Windows\\whoami.exe',
    reason:
      'selection: Image ends with \\whoami.exe (C:\\Windows\\whoami.exe); selection: CommandLine contains /all (whoami /all /fo list); selection: CommandLine contains /fo (whoami /all /fo list).',
    count: 1,
    event,
  });
});

function flat({text, holds, found, parts}: Explanation, depth = 0): string[] {
  const line = `${' '.repeat(depth)}${holds ? '+' : '-'} ${text}${found === undefined ? '' : ` (${found})`}`;
  return [line, ...parts.flatMap(part => flat(part, depth + 1))];
}

test('an explanation tells of every part whether it held, with what the event has', () => {
  const [rule] = setOf(whoami).detections;
  const [seen] = classify(entry({Image: 'C:\\whoami.exe', CommandLine: 'whoami /all'}))?.views ?? [];
  if (!rule || !seen) throw new Error('expected a rule and an event');
  expect(flat(explain(rule.expression, seen))).toEqual([
    '- all of these',
    ' - selection',
    '  - all of these',
    '   + Image ends with \\whoami.exe (C:\\whoami.exe)',
    '   - all of these',
    '    + CommandLine contains /all (whoami /all)',
    '    - CommandLine contains /fo (whoami /all)',
    ' + not',
    '  - filter',
    '   - User is svc (no such field)',
  ]);
});

test('a rule that is about other logs is told from one that does not match', () => {
  const [rule] = setOf(whoami).detections;
  if (!rule) throw new Error('expected a rule');
  const of = (more: Parameters<typeof entry>[1]) =>
    explainRule(
      rule,
      new EventReader().read({...event, ...more}).flatMap(({views}) => views),
    );
  expect(of({})).toMatchObject({fires: true, explanations: [{explanation: {holds: true}}]});
  expect(of({origin: {...event.origin, dataset: 'auth'}})).toEqual({
    fires: false,
    seenAs: ['linux auth,syslog'],
    explanations: [],
  });
});

test('a rule that asks only what is missing says so', () => {
  const [rule] = setOf(ruleOf('s:\n  a: null\ncondition: s')).detections;
  const [seen] = classify(entry({b: 1}))?.views ?? [];
  if (!rule || !seen) throw new Error('expected a rule and an event');
  expect(matchReason(rule.expression, seen)).toBe('s: a is missing.');
});

test('the rules are exchanged while the detector runs', () => {
  const detector = new SigmaDetector(setOf(whoami));
  expect(detector.onEvents([event])).toHaveLength(1);
  detector.swap(setOf(whoami.replace('User: svc', 'User: bob').replace('level: high', 'level: low')));
  expect(detector.onEvents([event])).toEqual([]);
  detector.swap(setOf(whoami));
  expect(detector.onEvents([event])).toHaveLength(1);
});

test('what each rule costs is measured when asked for', () => {
  const set = setOf(whoami);
  const detector = new SigmaDetector(set);
  detector.onEvents([event]);
  expect(set.detections[0]?.profile).toMatchObject({evaluations: 0, hits: 1, millis: 0});
  detector.profiling = true;
  detector.onEvents([event, entry({Image: 'x'})]);
  expect(set.detections[0]?.profile).toMatchObject({evaluations: 1, hits: 2});
});

test('metrics are nothing that rules are about', () => {
  const {origin, position, time, ingested} = event;
  const metric = {
    origin,
    position,
    time,
    ingested,
    kind: 'metric',
    name: 'cpu',
    value: 1,
    max: 1,
    unit: 'percent',
  } as const;
  expect(new SigmaDetector(setOf(ruleOf('s:\n  a: null\ncondition: s'))).onEvents([metric])).toEqual([]);
});

test('a rule without an id or a level has a stable id and is medium', () => {
  const ids = [1, 2].map(() => setOf(ruleOf('s:\n  a: 1\ncondition: s')).detections[0]?.rule.head);
  expect(ids[0]).toMatchObject({level: 'medium', id: ids[1]?.id});
});

test('two rules of the same id: the first runs, the second is reported', () => {
  const set = buildRuleSet([
    {path: 'a.yml', text: whoami},
    {path: 'b.yml', text: whoami},
  ]);
  expect(set.duplicates).toMatchObject([
    {file: 'b.yml', line: 1, reason: 'expected an id of its own, found that of a.yml', title: 'Whoami'},
  ]);
  expect(set.loaded).toHaveLength(1);
});

describe('a folder of rules', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sigma-'));
  });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  test('is read at any depth, and each file that is no rule is named with line and reason', async () => {
    mkdirSync(join(folder, 'deep', 'er'), {recursive: true});
    writeFileSync(join(folder, 'deep', 'er', 'good.yml'), whoami);
    writeFileSync(
      join(folder, 'bad.yaml'),
      'title: Bad\nid: X\nlogsource: {product: x}\ndetection:\n  s: {a|foo: 1}\n  condition: s\n',
    );
    writeFileSync(join(folder, 'readme.md'), 'no rule');
    const set = await loadRules([folder, join(folder, 'missing')]);
    expect(set.loaded.map(({file}) => file)).toEqual([join(folder, 'deep', 'er', 'good.yml')]);
    expect(set.rejected).toMatchObject([
      {file: join(folder, 'missing'), reason: expect.stringContaining('ENOENT')},
      {file: join(folder, 'bad.yaml'), line: 5, title: 'Bad', id: 'x', reason: expect.stringContaining('found `foo`')},
    ]);
  });

  test('a file that has become wrong goes on as it was, and that is said; one that is gone is gone', async () => {
    const path = join(folder, 'a.yml');
    writeFileSync(path, whoami);
    const folders = new RuleFolders([folder]);
    expect((await folders.load()).loaded).toHaveLength(1);
    writeFileSync(path, whoami.replace('condition: selection', 'condition: selektion'));
    const broken = await folders.load();
    expect(broken.loaded).toHaveLength(1);
    expect(broken.rejected).toMatchObject([
      {file: path, line: 13, reason: expect.stringMatching(/found `selektion`; the version before goes on$/)},
    ]);
    writeFileSync(path, whoami.replace('Whoami', 'Renamed'));
    expect((await folders.load()).loaded[0]?.rule.head.title).toBe('Renamed');
    rmSync(path);
    expect((await folders.load()).loaded).toEqual([]);
  });
});
