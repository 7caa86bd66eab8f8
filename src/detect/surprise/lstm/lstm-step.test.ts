import {seededRandom} from '../seeded-random.ts';
import {ContextMemo} from './context-memo.ts';
import {LstmStep} from './lstm-step.ts';
import {type LstmWeights, unflattenWeights, weightCount} from './lstm-weights.ts';

const shape = {vocabulary: 7, embedding: 3, units: 6};

function network(seed: number): LstmWeights {
  const random = seededRandom(seed);
  const flat = Float32Array.from({length: weightCount(shape)}, () => 2 * random() - 1);
  return unflattenWeights(shape, flat);
}

test('what is expected next is a distribution that depends on all that came before', () => {
  const step = new LstmStep(network(1));
  const walk = (symbols: readonly number[]) =>
    symbols.reduce((state, symbol) => step.step(state, symbol), step.initial());
  const after = walk([1, 2, 3]).probabilities;
  expect(after.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  expect([...walk([4, 2, 3]).probabilities]).not.toEqual([...after]);
  expect([...walk([1, 2, 3]).probabilities]).toEqual([...after]);
});

test('a context met before costs no step, and gives what the step gave', () => {
  const memo = new ContextMemo(new LstmStep(network(2)));
  const walk = () => [2, 5, 3, 3].reduce((context, symbol) => memo.after(context, symbol), memo.begin(1));
  const first = walk();
  const steps = memo.steps;
  expect(walk()).toBe(first);
  expect(memo.steps).toBe(steps);
});

test('the memo is bounded, and forgetting changes no answer', () => {
  const random = seededRandom(3);
  const small = new ContextMemo(new LstmStep(network(3)), 8);
  const large = new ContextMemo(new LstmStep(network(3)), 100_000);
  let a = small.begin(1);
  let b = large.begin(1);
  for (let at = 0; at < 500; at++) {
    const symbol = Math.floor(random() * shape.vocabulary);
    a = at % 20 === 0 ? small.begin(1) : small.after(a, symbol);
    b = at % 20 === 0 ? large.begin(1) : large.after(b, symbol);
    expect([...a.state.probabilities]).toEqual([...b.state.probabilities]);
  }
  expect(small.steps).toBeGreaterThan(large.steps);
});
