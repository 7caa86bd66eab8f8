import type {LstmWeights} from './lstm-weights.ts';
import {addScaled, outputRows, projectSymbols, type StepEngine} from './step-engine.ts';

/** The step on plain arrays, in double precision: for machines without SIMD. A state is hidden, then cell. */
export class PlainEngine implements StepEngine {
  readonly kind = 'plain';
  readonly stateSize: number;
  private readonly weights: LstmWeights;
  private readonly projected: Float32Array;
  private readonly rows: Float32Array;
  private readonly gates: Float64Array;
  private readonly sums: Float64Array;

  constructor(weights: LstmWeights) {
    this.weights = weights;
    this.stateSize = 2 * weights.units;
    this.projected = projectSymbols(weights);
    this.rows = outputRows(weights);
    this.gates = new Float64Array(4 * weights.units);
    this.sums = new Float64Array(weights.vocabulary);
  }

  step(before: Float32Array, symbol: number, after: Float32Array): void {
    const {gates, projected} = this;
    const {recurrentKernel, units} = this.weights;
    const width = gates.length;
    const row = symbol * width;
    for (let at = 0; at < width; at++) gates[at] = projected[row + at] as number;
    addProduct(gates, before, recurrentKernel, units);
    this.updateCell(before, after);
  }

  logits(state: Float32Array): Float64Array {
    const {sums} = this;
    const {outputKernel, outputBias, units} = this.weights;
    for (let at = 0; at < sums.length; at++) sums[at] = outputBias[at] as number;
    addProduct(sums, state, outputKernel, units);
    return sums;
  }

  logitOf(state: Float32Array, symbol: number): number {
    const {units, outputBias} = this.weights;
    let sum = outputBias[symbol] as number;
    for (let unit = 0, at = symbol * units; unit < units; unit++, at++) {
      sum += (state[unit] as number) * (this.rows[at] as number);
    }
    return sum;
  }

  logNormaliser(state: Float32Array): number {
    const logits = this.logits(state);
    let most = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < logits.length; at++) most = Math.max(most, logits[at] as number);
    let sum = 0;
    for (let at = 0; at < logits.length; at++) sum += Math.exp((logits[at] as number) - most);
    return most + Math.log(sum);
  }

  private updateCell(before: Float32Array, after: Float32Array): void {
    const {gates} = this;
    const {units} = this.weights;
    for (let unit = 0; unit < units; unit++) {
      const input = sigmoid(gates[unit] as number);
      const forget = sigmoid(gates[units + unit] as number);
      const candidate = Math.tanh(gates[2 * units + unit] as number);
      const output = sigmoid(gates[3 * units + unit] as number);
      const cell = forget * (before[units + unit] as number) + input * candidate;
      after[units + unit] = cell;
      after[unit] = output * Math.tanh(cell);
    }
  }
}

/** sum += vector · matrix, four rows at a time: a quarter of the reads and writes of the sum. */
function addProduct(sum: Float64Array, vector: Float32Array, matrix: Float32Array, rows: number): void {
  const width = sum.length;
  const whole = rows - (rows % 4);
  for (let row = 0; row < whole; row += 4) {
    const a = vector[row] as number;
    const b = vector[row + 1] as number;
    const c = vector[row + 2] as number;
    const d = vector[row + 3] as number;
    let first = row * width;
    for (let at = 0; at < width; at++, first++) {
      sum[at] =
        (sum[at] as number) +
        a * (matrix[first] as number) +
        b * (matrix[first + width] as number) +
        c * (matrix[first + 2 * width] as number) +
        d * (matrix[first + 3 * width] as number);
    }
  }
  for (let row = whole; row < rows; row++) addScaled(sum, matrix, row * width, vector[row] as number);
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
