import {needs} from '../../../../tests/needs.ts';
import {seededRandom} from '../seeded-random.ts';
import type {LstmState} from './lstm-state.ts';
import {LstmStep} from './lstm-step.ts';
import type {LstmShape, LstmWeights} from './lstm-weights.ts';
import {randomNetwork, simd} from './network.test-helper.ts';
import {PlainEngine} from './plain-engine.ts';
import {openSimdEngine} from './simd-engine.ts';

const steps = {
  plain: (weights: LstmWeights) => new LstmStep(weights, new PlainEngine(weights)),
  simd: (weights: LstmWeights) => new LstmStep(weights, openSimdEngine(weights)),
};
const engines = [
  {kind: 'plain', missing: '', open: steps.plain},
  {kind: 'simd', missing: simd, open: steps.simd},
] as const;

const shapes: readonly LstmShape[] = [
  {vocabulary: 3, embedding: 1, units: 1},
  {vocabulary: 7, embedding: 3, units: 6},
  {vocabulary: 33, embedding: 5, units: 13},
  {vocabulary: 64, embedding: 8, units: 32},
  {vocabulary: 300, embedding: 32, units: 64},
  {vocabulary: 1_000, embedding: 16, units: 127},
  {vocabulary: 4_096, embedding: 4, units: 20},
];

for (const {kind, missing, open} of engines) {
  const check = (name: string, run: () => void) => needs(missing)(`${kind}: ${name}`, async () => run());

  check('the engine asked for is the one at work', () => {
    expect(open(randomNetwork(shapes[1] as LstmShape, 1)).simd).toBe(kind === 'simd');
  });

  for (const shape of shapes) {
    const name = `${shape.vocabulary} symbols, ${shape.embedding} × ${shape.units}`;
    check(`what is expected is what the formulas give, within 1e-5, with ${name}`, () => {
      // As large as trained weights become: gates saturate, and the logits spread over some nats.
      const weights = randomNetwork(shape, 17, 3 / Math.sqrt(shape.units));
      const step = open(weights);
      const random = seededRandom(5);
      let state = step.initial();
      let reference: Reference = {hidden: zeros(shape.units), cell: zeros(shape.units), probabilities: []};
      for (let at = 0; at < 32; at++) {
        const symbol = Math.floor(random() * shape.vocabulary);
        state = step.step(state, symbol);
        reference = referenceStep(weights, reference, symbol);
        expect(farthest(state.probabilities, reference.probabilities)).toBeLessThan(1e-5);
      }
    });
  }

  check('one probability and the rank are those of the distribution', () => {
    const shape = {vocabulary: 45, embedding: 4, units: 10};
    const step = open(randomNetwork(shape, 3));
    const state = walk(step, [1, 7, 44, 20]);
    const {probabilities} = state;
    expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    probabilities.forEach((probability, symbol) => {
      expect(Math.fround(state.probabilityOf(symbol))).toBeCloseTo(probability, 7);
      expect(state.rankOf(symbol)).toBe(probabilities.filter(other => other > probability).length);
    });
  });

  for (const count of [1, 5, 40]) {
    check(`narrowed to ${count} symbols, shares and ranks are those among them alone`, () => {
      const step = open(randomNetwork({vocabulary: 45, embedding: 4, units: 10}, 3));
      const state = walk(step, [1, 7, 44, 20]);
      const {probabilities} = state;
      const among = Int32Array.from({length: count}, (_, at) => (at * 7) % 45);
      const whole = among.reduce((sum, symbol) => sum + (probabilities[symbol] ?? 0), 0);
      for (const symbol of among) {
        const own = probabilities[symbol] ?? 0;
        expect(state.shareOf(symbol, among)).toBeCloseTo(own / whole, 6);
        expect(state.shareOf(symbol, Int32Array.of(symbol))).toBeCloseTo(1, 6);
        const likelier = [...among].filter(other => (probabilities[other] ?? 0) > own);
        expect(state.rankOf(symbol, among)).toBe(likelier.length);
      }
      expect(state.shareOf(45, among)).toBe(0);
      expect(step.initial().shareOf(1, among)).toBe(0);
    });
  }

  check('the expectation depends on all that came before, and is the same each time', () => {
    const step = open(randomNetwork({vocabulary: 7, embedding: 3, units: 6}, 1));
    const after = walk(step, [1, 2, 3]);
    expect([...walk(step, [4, 2, 3]).probabilities]).not.toEqual([...after.probabilities]);
    expect([...walk(step, [1, 2, 3]).probabilities]).toEqual([...after.probabilities]);
    const again = open(randomNetwork({vocabulary: 7, embedding: 3, units: 6}, 1));
    expect([...walk(again, [1, 2, 3]).probabilities]).toEqual([...after.probabilities]);
  });

  check('states stay as they were, whatever is stepped or asked after', () => {
    const step = open(randomNetwork({vocabulary: 50, embedding: 3, units: 9}, 2));
    const kept = walk(step, [1, 2]);
    const before = [...kept.probabilities];
    const asked = kept.probabilityOf(4);
    for (let symbol = 0; symbol < 50; symbol++) expect(step.step(kept, symbol).probabilityOf(0)).toBeGreaterThan(0);
    expect([...kept.probabilities]).toEqual(before);
    expect(kept.probabilityOf(4)).toBe(asked);
  });

  check('two networks do not mix', () => {
    const shape = {vocabulary: 9, embedding: 2, units: 5};
    const alone = walk(open(randomNetwork(shape, 1)), [1, 2, 3]).probabilities;
    const [a, b] = [open(randomNetwork(shape, 1)), open(randomNetwork(shape, 2))];
    let [first, second] = [a.initial(), b.initial()];
    for (const symbol of [1, 2, 3]) {
      first = a.step(first, symbol);
      second = b.step(second, symbol);
      second.probabilityOf(1);
    }
    expect([...first.probabilities]).toEqual([...alone]);
  });

  for (const scale of [0, 1e-40, 100, 1e10, 1e30]) {
    check(`weights as large as ${scale} give a distribution still`, () => {
      const shape = {vocabulary: 40, embedding: 6, units: 11};
      const step = open(randomNetwork(shape, 9, scale));
      const random = seededRandom(4);
      let state = step.initial();
      for (let at = 0; at < 100; at++) {
        state = step.step(state, Math.floor(random() * 40));
        const {probabilities} = state;
        expect(probabilities.every(probability => probability >= 0 && probability <= 1 + 1e-6)).toBe(true);
        expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
        const likeliest = probabilities.indexOf(Math.max(...probabilities));
        expect(state.probabilityOf(likeliest)).toBeGreaterThan(0.5 / 40);
        expect(state.probabilityOf(likeliest)).toBeLessThanOrEqual(1);
      }
    });
  }

  check('a symbol outside the vocabulary is refused, and is expected never', () => {
    const step = open(randomNetwork({vocabulary: 7, embedding: 3, units: 6}, 1));
    for (const symbol of [-1, 7, Number.NaN]) {
      expect(() => step.step(step.initial(), symbol)).toThrow(`Expected a symbol from 0 to 6, got ${symbol}`);
      expect(walk(step, [1]).probabilityOf(symbol)).toBe(0);
    }
  });

  check('before the first symbol nothing is expected', () => {
    const step = open(randomNetwork({vocabulary: 7, embedding: 3, units: 6}, 1));
    expect([...step.initial().probabilities]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(step.initial().probabilityOf(3)).toBe(0);
  });
}

interface Reference {
  readonly hidden: readonly number[];
  readonly cell: readonly number[];
  readonly probabilities: readonly number[];
}

/** The network as its formulas say it, in double precision, nothing made ready beforehand. */
function referenceStep(weights: LstmWeights, {hidden, cell}: Reference, symbol: number): Reference {
  const {embedding, units, vocabulary} = weights;
  const embedded = Array.from({length: embedding}, (_, at) => weights.embeddingKernel[symbol * embedding + at] ?? 0);
  const gate = (column: number): number =>
    (weights.bias[column] ?? 0) +
    product(embedded, weights.kernel, 4 * units, column) +
    product(hidden, weights.recurrentKernel, 4 * units, column);
  const nextCell = cell.map(
    (before, unit) => sigmoid(gate(units + unit)) * before + sigmoid(gate(unit)) * Math.tanh(gate(2 * units + unit)),
  );
  const nextHidden = nextCell.map((value, unit) => sigmoid(gate(3 * units + unit)) * Math.tanh(value));
  const likelihoods = Array.from({length: vocabulary}, (_, column) =>
    Math.exp((weights.outputBias[column] ?? 0) + product(nextHidden, weights.outputKernel, vocabulary, column)),
  );
  const whole = likelihoods.reduce((a, b) => a + b, 0);
  return {hidden: nextHidden, cell: nextCell, probabilities: likelihoods.map(likelihood => likelihood / whole)};
}

function product(vector: readonly number[], matrix: Float32Array, width: number, column: number): number {
  return vector.reduce((sum, value, row) => sum + value * (matrix[row * width + column] ?? 0), 0);
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function walk(step: LstmStep, symbols: readonly number[]): LstmState {
  return symbols.reduce((state, symbol) => step.step(state, symbol), step.initial());
}

function farthest(a: Float32Array, b: readonly number[]): number {
  return b.reduce((most, value, at) => Math.max(most, Math.abs(value - (a[at] ?? Number.NaN))), 0);
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}
