import type {LstmShape, LstmWeights} from './lstm-weights.ts';
import {blockColumns, openSimdKernel, rowStep, type SimdKernel} from './simd-kernel.ts';
import {outputRows, projectSymbols, type StepEngine} from './step-engine.ts';

/** The step in WebAssembly's SIMD; undefined where the machine has none or no room for it. */
export function openSimdEngine(weights: LstmWeights): StepEngine | undefined {
  const layout = layOut(weights);
  const kernel = openSimdKernel(4 * layout.size);
  return kernel && new SimdEngine(weights, kernel, layout);
}

/** Where things lie in the kernel's memory, in numbers. Rows and columns are filled up with zeros to whole blocks. */
interface Layout {
  readonly rows: number;
  readonly gateColumns: number;
  readonly logitColumns: number;
  /** Hidden, then cell, `rows` numbers each. */
  readonly state: number;
  readonly gates: number;
  readonly logits: number;
  readonly recurrent: number;
  readonly output: number;
  readonly outputBias: number;
  readonly projected: number;
  readonly size: number;
}

class SimdEngine implements StepEngine {
  readonly kind = 'simd';
  readonly stateSize: number;
  private readonly weights: LstmWeights;
  private readonly rows: Float32Array;
  private readonly kernel: SimdKernel;
  private readonly layout: Layout;
  /** Views of the kernel's memory. */
  private readonly state: Float32Array;
  private readonly sums: Float32Array;

  constructor(weights: LstmWeights, kernel: SimdKernel, layout: Layout) {
    this.weights = weights;
    this.rows = outputRows(weights);
    this.kernel = kernel;
    this.layout = layout;
    this.stateSize = 2 * layout.rows;
    this.state = kernel.numbers.subarray(layout.state, layout.state + this.stateSize);
    this.sums = kernel.numbers.subarray(layout.logits, layout.logits + layout.logitColumns);
    place(weights, kernel.numbers, layout);
  }

  step(before: Float32Array, symbol: number, after: Float32Array): void {
    const {gates, gateColumns, projected, recurrent, rows, state} = this.layout;
    const input = projected + symbol * gateColumns;
    this.state.set(before);
    this.kernel.multiply(4 * gates, 4 * (gates + gateColumns), 4 * input, 4 * recurrent, 4 * state, 4 * (state + rows));
    this.kernel.updateCell(4 * gates, 4 * state, 4 * (state + rows), 4 * (state + rows), 4 * rows);
    after.set(this.state);
  }

  logits(state: Float32Array): Float32Array {
    this.state.set(state);
    const {logits, logitColumns, output, outputBias, rows, state: at} = this.layout;
    this.kernel.multiply(4 * logits, 4 * (logits + logitColumns), 4 * outputBias, 4 * output, 4 * at, 4 * (at + rows));
    return this.sums;
  }

  /** Bit by bit what the kernel's product gives: the same sum in the same order, rounded alike. */
  logitOf(state: Float32Array, symbol: number): number {
    const {rows} = this;
    const {units, outputBias} = this.weights;
    let sum = Math.fround(outputBias[symbol] as number);
    for (let unit = 0, at = symbol * units; unit < units; unit++, at++) {
      sum = Math.fround(sum + Math.fround((state[unit] as number) * (rows[at] as number)));
    }
    return sum;
  }

  logNormaliser(state: Float32Array): number {
    this.logits(state);
    const from = 4 * this.layout.logits;
    const end = from + 4 * this.layout.logitColumns;
    const most = this.kernel.largest(from, end);
    return most + Math.log(this.kernel.sumOfExponentials(from, end, most));
  }
}

function layOut({vocabulary, units}: LstmShape): Layout {
  const rows = wholeTimes(units, rowStep);
  const gateColumns = wholeTimes(4 * rows, blockColumns);
  const logitColumns = wholeTimes(vocabulary, blockColumns);
  let size = 0;
  const take = (numbers: number): number => {
    size += numbers;
    return size - numbers;
  };
  return {
    rows,
    gateColumns,
    logitColumns,
    state: take(2 * rows),
    gates: take(gateColumns),
    logits: take(logitColumns),
    recurrent: take(rows * gateColumns),
    output: take(rows * logitColumns),
    outputBias: take(logitColumns),
    projected: take(vocabulary * gateColumns),
    size,
  };
}

function wholeTimes(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}

/** What no symbol has: it adds nothing to the normaliser. */
const noLogit = -3e38;

function place(weights: LstmWeights, numbers: Float32Array, layout: Layout): void {
  const {vocabulary, units, recurrentKernel, outputKernel, outputBias} = weights;
  const {rows, gateColumns, logitColumns, recurrent, output, projected} = layout;
  const inputs = projectSymbols(weights);
  // A gate's numbers begin at a multiple of the rows' number, where they are not as many as units.
  const gateColumn = (column: number): number => Math.floor(column / units) * rows + (column % units);
  for (let symbol = 0; symbol < vocabulary; symbol++) {
    for (let column = 0; column < 4 * units; column++) {
      numbers[projected + symbol * gateColumns + gateColumn(column)] = inputs[symbol * 4 * units + column] as number;
    }
  }
  placeBlocks(recurrentKernel, units, 4 * units, gateColumn, numbers.subarray(recurrent), rows);
  placeBlocks(outputKernel, units, vocabulary, column => column, numbers.subarray(output), rows);
  numbers.fill(noLogit, layout.outputBias, layout.outputBias + logitColumns);
  numbers.set(outputBias, layout.outputBias);
}

/** Row-major to block by block, as the kernel's product takes it. */
function placeBlocks(
  matrix: Float32Array,
  height: number,
  width: number,
  columnOf: (column: number) => number,
  to: Float32Array,
  rows: number,
): void {
  for (let row = 0; row < height; row++) {
    for (let from = 0; from < width; from++) {
      const column = columnOf(from);
      const block = Math.floor(column / blockColumns);
      to[(block * rows + row) * blockColumns + (column % blockColumns)] = matrix[row * width + from] as number;
    }
  }
}
