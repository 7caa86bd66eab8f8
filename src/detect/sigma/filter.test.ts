import {SigmaDetector} from './detector.ts';
import {buildRuleSet} from './rule-set.ts';
import {entry, rejection, setOf} from './rules.fixture.ts';

const base = (name: string, category = 'application') =>
  `title: ${name}\nid: id-${name}\nname: ${name}\nlogsource: {category: ${category}}\ndetection:\n  s: {kind: x}\n  condition: s\n`;
const filter = (body: string, category = 'application') =>
  `title: Filter administrators\nlogsource: {category: ${category}}\nfilter:\n${body
    .split('\n')
    .map(line => `  ${line}\n`)
    .join('')}`;

function found(documents: readonly string[], user: string): string[] {
  const detector = new SigmaDetector(setOf(documents.join('---\n')));
  return detector.onEvents([entry({kind: 'x', account: user})]).map(alert => alert.rule.name);
}

const selection = "selection:\n  account|startswith: 'adm_'";

test.each(['selection', 'not selection'])('events that match the selection are left out: condition %s', condition => {
  const rules = [base('a'), base('b'), filter(`rules: [id-a]\n${selection}\ncondition: ${condition}`)];
  expect(found(rules, 'adm_bob')).toEqual(['b']);
  expect(found(rules, 'bob')).toEqual(['a', 'b']);
});

test('one filter narrows several rules, by id or name, in any order of documents', () => {
  const rules = [filter(`rules: [a, ID-B]\n${selection}\ncondition: selection`), base('a'), base('b'), base('c')];
  expect(found(rules, 'adm_bob')).toEqual(['c']);
});

test('several filters narrow one rule, and `any` every rule of the logsource', () => {
  const other = filter('rules: [a]\ns:\n  account: eve\ncondition: s');
  const rules = [base('a'), base('b'), filter(`rules: any\n${selection}\ncondition: selection`), other];
  expect([found(rules, 'adm_x'), found(rules, 'eve'), found(rules, 'bob')]).toEqual([[], ['b'], ['a', 'b']]);
});

test('a filter may have several selections and any condition', () => {
  const text = 'rules: [a]\none:\n  account: adm_x\ntwo:\n  kind: y\ncondition: one and not two';
  expect(found([base('a'), filter(text)], 'adm_x')).toEqual([]);
  const kept = 'rules: [a]\none:\n  account: adm_x\ntwo:\n  account: adm_y\ncondition: not one and not two';
  expect(found([base('a'), filter(kept)], 'adm_y')).toEqual([]);
  expect(found([base('a'), filter(kept)], 'bob')).toEqual(['a']);
});

test('a filter for another logsource or for a rule that is not there narrows nothing, and that is said', () => {
  const text = [
    base('a'),
    filter(`rules: [a]\n${selection}\ncondition: selection`, 'proxy'),
    filter('rules: [nobody]\ns:\n  x: 1\ncondition: s').replace('Filter administrators', 'Other'),
  ].join('---\n');
  const set = buildRuleSet([{path: 'x.yml', text}]);
  expect(set.warnings.map(({reason}) => reason)).toEqual([
    'expected `a` to have the filter’s logsource, so nothing of it is filtered',
    'expected `nobody` to be a loaded rule, so nothing of it is filtered',
  ]);
  expect(new SigmaDetector(set).onEvents([entry({kind: 'x', account: 'adm_x'})])).toHaveLength(1);
});

test.each([
  [`${selection}\ncondition: selection`, /`rules` to name the rules/],
  ['rules: [a]\ncondition: selection', /at least one selection/],
  [`rules: [a]\n${selection}`, /a `condition`, found none/],
  [`rules: [a]\n${selection}\ncondition: selection | count() > 3`, /no count in the condition of a filter/],
])('%j is refused', (body, reason) => {
  expect(rejection(filter(body))).toMatch(reason);
});

test('a filter needs a title and a logsource', () => {
  const whole = filter(`rules: [a]\n${selection}\ncondition: selection`);
  expect(rejection(whole.replace(/^title.*\n/, ''))).toMatch(/`title`/);
  expect(rejection(whole.replace(/^logsource.*\n/m, ''))).toMatch(/`logsource`/);
});
