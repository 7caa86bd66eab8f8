import {firstEntry, type LearnedModel} from './learned-model.ts';
import {LiveModel} from './live-model.ts';
import {unflattenWeights, weightCount} from './lstm/lstm-weights.ts';
import {SymbolTable} from './symbols.ts';

const vocabulary = [
  {provider: 'cron', code: 0, text: 'job begins'},
  {provider: 'cron', code: 0, text: 'job ends'},
  {provider: 'sshd', code: 0, text: 'somebody came'},
];

/** A network that has learned nothing: every symbol is as likely as every other. */
function untrained(): LearnedModel {
  const shape = {vocabulary: vocabulary.length + firstEntry, embedding: 2, units: 2};
  const weights = unflattenWeights(shape, new Float32Array(weightCount(shape)));
  const facts = {trainedAt: '2026-11-22T00:00:00.000Z', events: 1, sequences: 1, distinct: 1, epochs: 1};
  const judged = {trainLoss: 1, heldOutLoss: 1, falseAlarmRate: 0, threshold: 5, rank: 5, mix: 1};
  return {facts: {...facts, ...judged}, vocabulary, weights};
}

test('what is expected of a program is its own symbols and the end, as shares of a whole', () => {
  const model = new LiveModel(untrained(), new SymbolTable());
  const expected = model.expected(model.begin(), 'cron', 5);
  expect(expected.map(({name}) => name?.text)).toEqual([undefined, 'job begins', 'job ends']);
  expect(expected.reduce((sum, {probability}) => sum + probability, 0)).toBeCloseTo(1);
});

test('a program the model never saw can be expected to end only', () => {
  const model = new LiveModel(untrained(), new SymbolTable());
  expect(model.expected(model.begin(), 'nginx', 5)).toHaveLength(1);
});
