import {SigmaDetector} from './detector.ts';
import {buildRuleSet} from './rule-set.ts';
import {entry} from './rules.fixture.ts';
import {readTuning} from './tuning.ts';

const rule = (title: string, id: string) =>
  `title: ${title}\nid: ${id}\nlevel: high\nlogsource: {category: application}\ndetection:\n  s: {kind: x}\n  condition: s\n`;
const text = [rule('Whoami Execution', 'id-1'), rule('Suspicious Download', 'id-2')].join('---\n');

function run(tuning: string, account = 'bob') {
  const read = readTuning(tuning);
  const set = buildRuleSet([{path: 'x.yml', text}], {tuning: read.tuning});
  const detector = new SigmaDetector(set);
  const alerts = detector.onEvents([entry({kind: 'x', account, path: 'C:\\svc\\a b.exe'})]);
  return {found: alerts.map(({rule: {id, level}}) => `${id} ${level}`), detector, set, faults: read.faults};
}

test('a rule is disabled by its id, its title, or a part of it', () => {
  expect(run('').found).toEqual(['id-1 high', 'id-2 high']);
  expect(run('disable ID-1 # too loud').found).toEqual(['id-2 high']);
  expect(run('# whole line\n\ndisable "suspicious download"').found).toEqual(['id-1 high']);
  expect(run('disable "Whoami*"').found).toEqual(['id-2 high']);
  expect(run('disable *').set.disabled).toHaveLength(2);
});

test('a rule gets another level; the last order counts', () => {
  expect(run('level * low\nlevel id-2 critical').found).toEqual(['id-1 low', 'id-2 critical']);
});

test('findings are suppressed by fields, all of which must be as given, and counted', () => {
  const order = 'suppress "Whoami Execution" ACCOUNT=svc_* path="*\\a b.exe"';
  expect(run(order, 'svc_backup').found).toEqual(['id-2 high']);
  expect(run(order, 'svc_backup').detector.counters.suppressed).toBe(1);
  expect(run(order, 'bob').found).toEqual(['id-1 high', 'id-2 high']);
  expect(run('suppress * account=bob missing=*').found).toHaveLength(2);
});

test.each([
  ['remove id-1', 'expected disable, level or suppress, found `remove`'],
  ['disable', "expected a rule's id or title behind disable, found nothing"],
  [
    'disable Whoami Execution',
    'expected nothing behind the rule, found `Execution` (a title with spaces needs quotes)',
  ],
  ['level id-1 loud', 'expected one of informational, low, medium, high, critical behind the rule, found `loud`'],
  ['suppress id-1', 'expected FIELD=VALUE behind the rule, found nothing (use disable to silence it wholly)'],
  ['suppress id-1 account', 'expected FIELD=VALUE, found `account`'],
])('%s: the line and the reason are told, and the rest counts', (wrong, reason) => {
  const {faults, found} = run(`\n${wrong}\ndisable id-2`);
  expect(faults).toEqual([{line: 2, reason}]);
  expect(found).toEqual(['id-1 high']);
});

test('a correlation’s findings are suppressed by its group', () => {
  const correlation =
    'title: Many\ncorrelation: {type: event_count, rules: [id-1], group-by: [account], timespan: 1m, condition: {gte: 1}}\n';
  const {tuning} = readTuning('suppress Many account=bob');
  const detector = new SigmaDetector(buildRuleSet([{path: 'x.yml', text: `${text}---\n${correlation}`}], {tuning}));
  const names = (account: string) => detector.onEvents([entry({kind: 'x', account})]).map(alert => alert.rule.name);
  expect([names('bob'), names('eve')]).toEqual([['Suspicious Download'], ['Suspicious Download', 'Many']]);
});
