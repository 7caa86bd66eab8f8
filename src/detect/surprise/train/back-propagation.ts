import {unknownEntry} from '../learned-model.ts';
import type {LstmWeights} from '../lstm/lstm-weights.ts';
import type {Narrowing} from '../narrowing.ts';
import type {Chunk} from './batches.ts';
import {applyGates, gateGradient, type Passed, room} from './gates.ts';
import {type Parameters, parametersOf} from './parameters.ts';
import {type Held, hold, product} from './products.ts';

/** What a batch's rows remember from one chunk to the next: [row, unit]. */
export interface CarriedState {
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
}

/**
 * Loss and gradient of a chunk by back-propagation through its time (Williams & Peng 1990): the state that comes in is
 * taken as given, so no gradient crosses the border. TensorFlow.js multiplies the matrices; what lies between them is
 * written out, since a dozen calls a step for small arrays took five times as long. A test holds the gradient equal to
 * the one that TensorFlow.js derives for its own layers.
 */
export class BackPropagation {
  /** Of the chunk before last asked, ordered as the parameters are. */
  readonly gradient: Parameters;
  private readonly parameters: Parameters;
  private readonly narrowing: Narrowing;
  private readonly novelty: (first: number) => number;

  /** `novelty`: the share that something unknown is to have at each place of a sequence that begins so. */
  constructor(parameters: Parameters, narrowing: Narrowing, novelty: (first: number) => number = () => 0) {
    this.parameters = parameters;
    this.narrowing = narrowing;
    this.novelty = novelty;
    this.gradient = parametersOf(parameters.views, new Float32Array(parameters.flat.length));
  }

  blank(rows: number): CarriedState {
    const {units} = this.parameters.views;
    return {hidden: new Float32Array(rows * units), cell: new Float32Array(rows * units)};
  }

  /** Σ weight · nats of the chunk. Leaves its gradient in `gradient`, and in `state` what the rows remember after it. */
  run(chunk: Chunk, state: CarriedState): number {
    const {views} = this.parameters;
    const recurrent = hold({numbers: views.recurrentKernel, rows: views.units, columns: 4 * views.units});
    const output = hold({numbers: views.outputKernel, rows: views.units, columns: views.vocabulary});
    const passed = this.forward(chunk, state, recurrent);
    const {loss, slopes} = this.outputLoss(chunk, passed, output);
    const hiddenSlopes = this.outputGradient(passed, slopes, output);
    this.backward(chunk, passed, hiddenSlopes, recurrent);
    recurrent.release();
    output.release();
    return loss;
  }

  private forward(chunk: Chunk, state: CarriedState, recurrent: Held): Passed {
    const {units} = this.parameters.views;
    const projected = project(this.parameters.views);
    const passed = room(chunk, units);
    chunk.rows.forEach((rows, step) => {
      const begin = passed.begins[step] ?? 0;
      const size = rows * units;
      passed.hiddenBefore.set(state.hidden.subarray(0, size), begin * units);
      passed.cellsBefore.set(state.cell.subarray(0, size), begin * units);
      const sums = product({numbers: state.hidden, rows, columns: units}, recurrent);
      applyGates(passed, sums, projected, chunk.inputs, begin, rows, units, state.cell);
      state.hidden.set(passed.hidden.subarray(begin * units, begin * units + size));
    });
    return passed;
  }

  /** The loss, and for each place the slope of the loss by its logits: [place, vocabulary]. */
  private outputLoss(chunk: Chunk, passed: Passed, output: Held): {loss: number; slopes: Float32Array} {
    const {vocabulary, outputBias, units} = this.parameters.views;
    const logits = product({numbers: passed.hidden, rows: passed.places, columns: units}, output);
    const slopes = new Float32Array(logits.length);
    let loss = 0;
    chunk.rows.forEach((rows, step) => {
      for (let row = 0; row < rows; row++) {
        const place = (passed.begins[step] ?? 0) + row;
        const weight = chunk.weights[place] ?? 0;
        if (weight === 0) continue;
        const first = chunk.firsts[row] ?? 0;
        const at = place * vocabulary;
        const target = chunk.targets[place] ?? 0;
        loss += weight * softmaxSlopes(logits, slopes, at, outputBias, this.narrowing.after(first), target, weight);
        const part = weight * this.novelty(first);
        slopes[at + target] = (slopes[at + target] ?? 0) + part;
        slopes[at + unknownEntry] = (slopes[at + unknownEntry] ?? 0) - part;
      }
    });
    return {loss, slopes};
  }

  private outputGradient(passed: Passed, slopes: Float32Array, output: Held): Float32Array {
    const {vocabulary, units} = this.parameters.views;
    const {outputKernel, outputBias} = this.gradient.views;
    const {places} = passed;
    const held = hold({numbers: slopes, rows: places, columns: vocabulary});
    outputKernel.set(product({numbers: passed.hidden, rows: places, columns: units}, held, true));
    const hiddenSlopes = product(held, output, false, true);
    held.release();
    outputBias.fill(0);
    for (let place = 0; place < places; place++) addRow(outputBias, 0, slopes, place * vocabulary, vocabulary);
    return hiddenSlopes;
  }

  private backward(chunk: Chunk, passed: Passed, hiddenSlopes: Float32Array, recurrent: Held): void {
    const {vocabulary, units} = this.parameters.views;
    const {places, begins} = passed;
    const gateSlopes = new Float32Array(places * 4 * units);
    const bySymbol = new Float32Array(vocabulary * 4 * units);
    const cellSlopes = new Float32Array((chunk.rows[0] ?? 0) * units);
    for (let step = chunk.rows.length - 1; step >= 0; step--) {
      const rows = chunk.rows[step] ?? 0;
      const begin = begins[step] ?? 0;
      gateGradient(passed, hiddenSlopes, cellSlopes, gateSlopes, begin, rows, units);
      for (let place = begin; place < begin + rows; place++) {
        addRow(bySymbol, (chunk.inputs[place] ?? 0) * 4 * units, gateSlopes, place * 4 * units, 4 * units);
      }
      if (step === 0) continue;
      const own = gateSlopes.subarray(begin * 4 * units, (begin + rows) * 4 * units);
      const before = product({numbers: own, rows, columns: 4 * units}, recurrent, false, true);
      addRow(hiddenSlopes, (begins[step - 1] ?? 0) * units, before, 0, rows * units);
    }
    const slopes = {numbers: gateSlopes, rows: places, columns: 4 * units};
    const given = {numbers: passed.hiddenBefore, rows: places, columns: units};
    this.gradient.views.recurrentKernel.set(product(given, slopes, true));
    this.inputGradient(bySymbol);
  }

  /** A symbol's share of the gates is its embedding times the kernel, the same wherever it came: summed by symbol. */
  private inputGradient(bySymbol: Float32Array): void {
    const {vocabulary, embedding, units, embeddingKernel, kernel} = this.parameters.views;
    const slopes = hold({numbers: bySymbol, rows: vocabulary, columns: 4 * units});
    const {views} = this.gradient;
    views.kernel.set(product({numbers: embeddingKernel, rows: vocabulary, columns: embedding}, slopes, true));
    views.embeddingKernel.set(product(slopes, {numbers: kernel, rows: embedding, columns: 4 * units}, false, true));
    slopes.release();
    views.bias.fill(0);
    for (let symbol = 0; symbol < vocabulary; symbol++) {
      addRow(views.bias, 0, bySymbol, symbol * 4 * units, 4 * units);
    }
  }
}

/** What each symbol gives the gates: its embedding times the kernel, plus the bias. */
function project({vocabulary, embedding, units, embeddingKernel, kernel, bias}: LstmWeights): Float32Array {
  const table = product(
    {numbers: embeddingKernel, rows: vocabulary, columns: embedding},
    {numbers: kernel, rows: embedding, columns: 4 * units},
  );
  for (let symbol = 0; symbol < vocabulary; symbol++) addRow(table, symbol * 4 * units, bias, 0, 4 * units);
  return table;
}

/** Nats of the target among these places; the slopes of the loss by their logits go to `slopes`. */
function softmaxSlopes(
  logits: Float32Array,
  slopes: Float32Array,
  at: number,
  bias: Float32Array,
  among: Int32Array,
  target: number,
  weight: number,
): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < among.length; index++) {
    const entry = among[index] as number;
    most = Math.max(most, (logits[at + entry] as number) + (bias[entry] as number));
  }
  let sum = 0;
  for (let index = 0; index < among.length; index++) {
    const entry = among[index] as number;
    const value = Math.exp((logits[at + entry] as number) + (bias[entry] as number) - most);
    slopes[at + entry] = value;
    sum += value;
  }
  for (let index = 0; index < among.length; index++) {
    const entry = among[index] as number;
    slopes[at + entry] = ((slopes[at + entry] as number) / sum) * weight;
  }
  slopes[at + target] = (slopes[at + target] as number) - weight;
  return most + Math.log(sum) - (logits[at + target] as number) - (bias[target] as number);
}

function addRow(sum: Float32Array, to: number, part: Float32Array, from: number, length: number): void {
  for (let at = 0; at < length; at++) sum[to + at] = (sum[to + at] as number) + (part[from + at] as number);
}
