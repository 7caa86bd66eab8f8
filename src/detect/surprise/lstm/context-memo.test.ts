import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {seededRandom} from '../seeded-random.ts';
import {type Context, ContextMemo} from './context-memo.ts';
import {LstmStep} from './lstm-step.ts';
import {randomNetwork} from './network.test-helper.ts';

const shape = {vocabulary: 7, embedding: 3, units: 6};

test('a context met before costs no step, and gives what the step gave', () => {
  const memo = new ContextMemo(new LstmStep(randomNetwork(shape, 2)));
  const walk = () => [2, 5, 3, 3].reduce((context, symbol) => memo.after(context, symbol), memo.begin(1));
  const first = walk();
  const {steps} = memo;
  expect(walk()).toBe(first);
  expect(memo.steps).toBe(steps);
  expect(memo.hits).toBe(5);
});

test('contexts of the same symbols in another order are others', () => {
  const step = new LstmStep(randomNetwork(shape, 4));
  const memo = new ContextMemo(step);
  const walk = (symbols: readonly number[]) => symbols.reduce((at, symbol) => memo.after(at, symbol), memo.begin(1));
  const [first, second] = [walk([2, 3, 4]), walk([4, 3, 2])];
  expect(second).not.toBe(first);
  const alone = [1, 4, 3, 2].reduce((state, symbol) => step.step(state, symbol), step.initial());
  expect([...second.state.probabilities]).toEqual([...alone.probabilities]);
});

test('forgetting changes no answer', () => {
  const random = seededRandom(3);
  const small = new ContextMemo(new LstmStep(randomNetwork(shape, 3)), 8);
  const large = new ContextMemo(new LstmStep(randomNetwork(shape, 3)), 131_072);
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

test('what is asked for again and again is kept while much else passes', () => {
  const memo = new ContextMemo(new LstmStep(randomNetwork(shape, 5)), 64);
  const random = seededRandom(6);
  let passing: Context = memo.begin(1);
  let missed = 0;
  for (let at = 0; at < 2_000; at++) {
    const before = memo.steps;
    memo.begin(1);
    missed += memo.steps - before;
    passing = memo.after(passing, Math.floor(random() * shape.vocabulary));
  }
  expect(missed).toBe(0);
});

test('a hundred thousand contexts leave no more memory taken than the memo holds', () => {
  const memo = new ContextMemo(new LstmStep(randomNetwork({vocabulary: 40, embedding: 4, units: 64}, 7)), 256);
  const random = seededRandom(8);
  const walk = (count: number): void => {
    let context = memo.begin(1);
    for (let at = 0; at < count; at++) context = memo.after(context, Math.floor(random() * 40));
  };
  walk(2_000);
  const before = memoryTaken();
  walk(100_000);
  expect(memo.steps).toBeGreaterThan(100_000);
  // All of their states would be over 100 MB.
  expect(memoryTaken() - before).toBeLessThan(8 * 1_048_576);
});

test('a capacity that is no power of two is refused', () => {
  const step = new LstmStep(randomNetwork(shape, 1));
  expect(() => new ContextMemo(step, 1_000)).toThrow('Expected a capacity that is a power of two from 4, got 1000');
});

/** Bytes after everything that is no longer used was collected. */
function memoryTaken(): number {
  setFlagsFromString('--expose_gc');
  const collect: () => void = runInNewContext('gc');
  // What a first round finds unused lets go of array buffers, which a second one frees.
  collect();
  collect();
  const {heapUsed, arrayBuffers} = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
