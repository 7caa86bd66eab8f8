import {beginCode, endEntry, firstEntry, type LearnedModel, unknownEntry} from './learned-model.ts';
import {LiveModel} from './live-model.ts';
import {unflattenWeights, weightCount} from './lstm/lstm-weights.ts';
import {SymbolTable} from './symbols.ts';
import {headSize} from './verdict-head.ts';

const vocabulary = [
  {provider: 'cron', code: 0, text: 'job begins'},
  {provider: 'cron', code: 0, text: 'job ends'},
  {provider: 'sshd', code: 0, text: 'somebody came'},
  {provider: 'cron', code: beginCode, text: ''},
];

/** A network that has learned nothing: every symbol is as likely as every other. */
function untrained(): LearnedModel {
  const shape = {vocabulary: vocabulary.length + firstEntry, embedding: 2, units: 2};
  const weights = unflattenWeights(shape, new Float32Array(weightCount(shape)));
  const now = '2026-11-22T00:00:00.000Z';
  const facts = {trainedAt: now, checkedAt: now, newest: 1, events: 1, sequences: 1, distinct: 1, epochs: 1};
  const judged = {trainLoss: 1, heldOutLoss: 1, falseAlarmRate: 0, threshold: 5, rank: 5, mix: 1};
  return {facts: {...facts, ...judged}, providers: [{provider: 'cron', threshold: 1, mix: 0.4}], vocabulary, weights};
}

test('what is expected of a program is its own symbols and the end, as shares of a whole', () => {
  const model = new LiveModel(untrained(), new SymbolTable());
  const expected = model.expected(model.begin('cron'), 5);
  expect(expected.map(({name}) => name?.text).sort()).toEqual(['job begins', 'job ends', undefined]);
  // The fourth share is that of something unknown.
  expect(expected.map(({probability}) => probability)).toEqual(new Array(3).fill(expect.closeTo(1 / 4)));
});

test('a symbol is judged among those of its own program', () => {
  const table = new SymbolTable();
  const model = new LiveModel(untrained(), table);
  const symbol = table.symbolOf({provider: 'cron', code: 0, message: 'job begins'});
  const place = model.begin('cron');
  const opinion = model.opinion(place, 'cron', symbol);
  expect(opinion).toMatchObject({entry: firstEntry, mix: 0.4, probability: expect.closeTo(1 / 4)});
  expect(model.mixed(opinion, 2)).toBeCloseTo(-Math.log(0.4 / 4 + 0.6 * Math.exp(-2)));
});

test('of a program that training never saw the network says nothing', () => {
  const table = new SymbolTable();
  const model = new LiveModel(untrained(), table);
  const symbol = table.symbolOf({provider: 'nginx', code: 0, message: 'hello'});
  const opinion = model.opinion(model.begin('nginx'), 'nginx', symbol);
  expect(opinion).toMatchObject({entry: unknownEntry, mix: 0});
  expect(model.mixed(opinion, 3)).toBeCloseTo(3);
});

test('a session goes on for as long as it lasts, each symbol one step', () => {
  const model = new LiveModel(untrained(), new SymbolTable());
  const place = model.begin('cron');
  for (let at = 0; at < 1_000; at++) model.advance(place, at % 2 === 0 ? firstEntry : firstEntry + 1);
  expect(place.context.length).toBe(1_001);
  model.advance(place, endEntry);
  expect(model.expected(place, 5)).toHaveLength(3);
});

test('an alert is held back below the cut that verdicts taught, and without verdicts never', () => {
  const alert = {rule: 'surprise.sequence', fields: {'surprise.nats': 9, 'surprise.threshold': 9}};
  const without = new LiveModel(untrained(), new SymbolTable());
  expect(without.verdict(without.begin('cron'), alert)).toBeUndefined();
  expect(without.holdsBack(without.begin('cron'), alert)).toBe(false);
  const weights = new Float32Array(headSize(2));
  const head = {weights, bias: -3, cut: 0.2, alerts: 30, truths: 10, held: 9};
  const taught = new LiveModel({...untrained(), head}, new SymbolTable());
  expect(taught.verdict(taught.begin('cron'), alert)).toBeCloseTo(1 / (1 + Math.exp(3)));
  expect(taught.holdsBack(taught.begin('cron'), alert)).toBe(true);
  const sure = new LiveModel({...untrained(), head: {...head, bias: 1}}, new SymbolTable());
  expect(sure.holdsBack(sure.begin('cron'), alert)).toBe(false);
});
