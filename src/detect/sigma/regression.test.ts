import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {parse} from 'yaml';
import {data, dataFolder, needs} from '../../../tests/needs.ts';
import {SigmaDetector} from './detector.ts';
import {loadRules} from './load-folder.ts';
import {classify} from './logsource/classify.ts';
import {isAbout} from './logsource/view.ts';
import {evaluate} from './match/evaluate.ts';
import type {RuleSet} from './rule-set.ts';
import {jsonObjects, windowsEntry} from './windows-json.fixture.ts';

const sigma = join(dataFolder, 'sigma');
let set: RuleSet;

async function rules(): Promise<RuleSet> {
  set ??= await loadRules(
    readdirSync(sigma)
      .filter(name => name.startsWith('rules'))
      .map(name => join(sigma, name)),
  );
  return set;
}

interface Case {
  readonly rule: string;
  readonly count: number | undefined;
  readonly json: string;
}

function cases(): Case[] {
  return readdirSync(join(sigma, 'regression'), {recursive: true, encoding: 'utf8'})
    .filter(path => path.endsWith('info.yml'))
    .map(path => {
      const file = join(sigma, 'regression', path);
      const info = parse(readFileSync(file, 'utf8'));
      const [test] = info.regression_tests_info;
      const id = info.rule_metadata[0].id;
      return {rule: id, count: test.match_count, json: join(dirname(file), `${id}.json`)};
    });
}

needs(data)('every rule of the public set loads, or lacks values for a placeholder', async () => {
  const {loaded, rejected, duplicates} = await rules();
  expect(rejected.filter(({reason}) => !/placeholder %[\w.-]+%/.test(reason))).toEqual([]);
  expect(duplicates).toEqual([]);
  expect(loaded.length + rejected.length).toBe(3_780);
});

needs(data)('rules with placeholders load once values are given', async () => {
  const {rejected} = await rules();
  const names = rejected.flatMap(({file}) =>
    [...readFileSync(file, 'utf8').matchAll(/%([\w.-]+)%/g)].map(found => found[1]?.toLowerCase() ?? ''),
  );
  expect(new Set(names).size).toBeGreaterThan(1);
  const placeholders = new Map(names.map(name => [name, ['first*', 'second']]));
  const again = await loadRules([...new Set(rejected.map(({file}) => file))], {placeholders});
  expect(again.rejected).toEqual([]);
  expect(again.loaded).toHaveLength(rejected.length);
});

needs(data)('every recorded case fires its rule, as often as it says', async () => {
  const detector = new SigmaDetector(await rules());
  const found = cases().map(({rule, count, json}) => {
    const alerts = detector.onEvents(jsonObjects(readFileSync(json, 'utf8')).map(windowsEntry));
    const hits = alerts.filter(alert => alert.rule.id === rule).length;
    return {rule, right: count === undefined ? hits >= 1 : hits >= count, hits, count};
  });
  expect(found).toHaveLength(96);
  expect(found.filter(({right}) => !right)).toEqual([]);
});

needs(data)(
  'the index finds exactly what reading each rule plainly finds',
  async () => {
    const {detections} = await rules();
    const events = cases().flatMap(({json}) => jsonObjects(readFileSync(json, 'utf8')).map(windowsEntry));
    const detector = new SigmaDetector(set);
    for (const event of events.filter((_, index) => index % 3 === 0)) {
      const alerts = detector
        .onEvents([event])
        .map(alert => alert.rule.id)
        .sort();
      const views = classify(event)?.views ?? [];
      const plain = detections
        .filter(({rule, expression}) =>
          views.some(view => isAbout(view.view, rule.logsource) && evaluate(expression, view)),
        )
        .map(({rule}) => rule.head.id);
      expect(alerts).toEqual(plain.sort());
    }
  },
  180_000,
);
