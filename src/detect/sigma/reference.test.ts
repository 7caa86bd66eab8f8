import {join} from 'node:path';
import {data, dataFolder, needs} from '../../../tests/needs.ts';
import type {FieldValue, LogEvent} from '../../event/event.ts';
import {logEntry} from '../rules/log-entry.test-helper.ts';
import {SigmaDetector} from './detector.ts';
import {loadRules} from './load-folder.ts';
import {classify} from './logsource/classify.ts';
import {isAbout} from './logsource/view.ts';
import {referenceHolds} from './reference.test-helper.ts';
import type {DetectionRule, Expression, Test} from './rule.ts';

/** Events a rule; `REFERENCE_EVENTS=50 npx jest …reference` holds the engine to more. */
const perRule = Number(process.env.REFERENCE_EVENTS ?? 1);

/** mulberry32. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
type Random = ReturnType<typeof generator>;

/** Where events come from that many rules are about. */
const kinds: readonly (readonly [category: string, channel: string, code: number])[] = [
  ['process_creation', 'Microsoft-Windows-Sysmon/Operational', 1],
  ['process_creation', 'Security', 4688],
  ['network_connection', 'Microsoft-Windows-Sysmon/Operational', 3],
  ['network_connection', 'Security', 5156],
  ['image_load', 'Microsoft-Windows-Sysmon/Operational', 7],
  ['process_access', 'Microsoft-Windows-Sysmon/Operational', 10],
  ['file_event', 'Microsoft-Windows-Sysmon/Operational', 11],
  ['registry_set', 'Microsoft-Windows-Sysmon/Operational', 13],
  ['pipe_created', 'Microsoft-Windows-Sysmon/Operational', 17],
  ['dns_query', 'Microsoft-Windows-Sysmon/Operational', 22],
  ['ps_script', 'Microsoft-Windows-PowerShell/Operational', 4104],
];
const security4688: Readonly<Record<string, string>> = {
  image: 'NewProcessName',
  parentimage: 'ParentProcessName',
};

/** A value near one that a test asks for: as it is, in other letters, cut, doubled, with other things around. */
function valueFor(test: Test, source: string, random: Random): FieldValue {
  if (test.kind === 'number') return random(2) === 0 ? test.value : String(test.value);
  if (test.kind === 'cidr') return test.block.split('/')[0] ?? '';
  if (test.kind === 'regex') return source.replace(/\\[sS]/g, ' ').replace(/[\\^$*+?()[\]{}|]|\{\d+,?\d*\}/g, '');
  if (test.kind !== 'text') return source;
  const filled = test.pattern
    .map(piece => (piece === '*' ? filling(random) : piece === '?' ? 'x' : piece.text))
    .join('');
  const kind = random(12);
  if (kind === 0) return filled.toUpperCase();
  if (kind === 1) return filled.slice(0, -1);
  if (kind === 2) return filled.slice(1);
  if (kind === 3) return `${filled}${filled}`;
  if (kind === 4) return filled.replaceAll('-', '/');
  if (kind === 5) return '';
  return kind === 6 ? `É${filled}K` : filled;
}

function filling(random: Random): string {
  return ['', '', ' ', 'x', 'C:\\Windows\\System32', '\\', 'K'][random(7)] ?? '';
}

/** Fields that make parts of a rule true, chosen by chance. */
function addFields(expression: Expression, random: Random, fields: Map<string, FieldValue>): void {
  switch (expression.kind) {
    case 'and':
      for (const part of expression.parts) if (random(12) > 0) addFields(part, random, fields);
      return;
    case 'or':
    case 'atLeast': {
      const part = expression.parts[random(expression.parts.length)];
      if (part) addFields(part, random, fields);
      return;
    }
    case 'not':
      if (random(4) === 0) addFields(expression.part, random, fields);
      return;
    case 'selection':
      addFields(expression.part, random, fields);
      return;
    case 'field': {
      const name = expression.field.toLowerCase();
      const value = valueFor(expression.test, expression.source, random);
      const before = fields.get(name);
      // Several texts that must all stand in one field.
      fields.set(name, before === undefined || random(8) === 0 ? value : `${before}${value}`);
      return;
    }
    case 'keyword':
      fields.set('payload', valueFor(expression.test, expression.source, random));
      return;
    case 'constant':
      return;
    default:
      expression satisfies never;
  }
}

function eventFor(rule: DetectionRule, random: Random, position: number): LogEvent {
  const fields = new Map<string, FieldValue>();
  addFields(rule.expression, random, fields);
  const own = kinds.filter(([category]) => category === rule.logsource.category);
  const [, channel, code] = (own.length > 0 ? own : kinds)[random(own.length || kinds.length)] ?? [
    '',
    'Security',
    4624,
  ];
  const isTold = rule.logsource.category === undefined && fields.has('eventid');
  const named: Record<string, FieldValue> = {
    'winlog.channel': isTold && rule.logsource.service === 'system' ? 'System' : isTold ? 'Security' : channel,
    'winlog.computer_name': 'pc',
  };
  for (const [name, value] of fields)
    named[`winlog.event_data.${code === 4688 ? (security4688[name] ?? name) : name}`] = value;
  const id = isTold ? Number(fields.get('eventid')) || code : code;
  return logEntry(position * 1_000, {
    code: id,
    position,
    fields: named,
    provider: String(fields.get('provider_name') ?? 'p'),
  });
}

needs(data)(
  'of every public rule, on events made of its own values, the engine says what the specification says',
  async () => {
    const set = await loadRules([join(dataFolder, 'sigma')]);
    const random = generator(5);
    const detector = new SigmaDetector(set);
    let fired = 0;
    const wrong: unknown[] = [];
    const windows = set.detections.filter(({rule}) => rule.logsource.product === 'windows' && !rule.aggregation);
    for (const [position, {rule}] of windows.flatMap(one => Array.from({length: perRule}, () => one)).entries()) {
      const event = eventFor(rule, random, position);
      const found = new Set(detector.onEvents([event]).map(alert => alert.rule.id));
      const views = classify(event)?.views ?? [];
      // The rule it was made for, all that fired, and a few by chance: all of them would take minutes.
      const some = windows.filter(one => one.rule === rule || found.has(one.rule.head.id) || random(400) === 0);
      for (const {rule: other, expression} of some) {
        const expected = views.some(({view}, at) => {
          const seen = views[at];
          return seen !== undefined && isAbout(view, other.logsource) && referenceHolds(expression, seen);
        });
        if (expected) fired++;
        if (expected !== found.has(other.head.id)) wrong.push({rule: other.head.title, expected, fields: event.fields});
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(fired).toBeGreaterThan(1_000);
  },
  120_000 * perRule,
);
