import type {Chunk} from './batches.ts';

/** What a chunk's way through the cells leaves for the way back. */
export interface Passed {
  readonly places: number;
  /** Where each step's places begin. */
  readonly begins: Int32Array;
  /** [place, 4 · unit]: the gates after their functions. */
  readonly gates: Float32Array;
  /** [place, unit]: cell before and after, its tanh, hidden before and after. */
  readonly cellsBefore: Float32Array;
  readonly cellTanhs: Float32Array;
  readonly hiddenBefore: Float32Array;
  readonly hidden: Float32Array;
}

/** Room for a chunk's values. */
export function room(chunk: Chunk, units: number): Passed {
  const begins = new Int32Array(chunk.rows.length);
  let places = 0;
  chunk.rows.forEach((rows, step) => {
    begins[step] = places;
    places += rows;
  });
  const each = () => new Float32Array(places * units);
  const gates = new Float32Array(places * 4 * units);
  return {places, begins, gates, cellsBefore: each(), cellTanhs: each(), hiddenBefore: each(), hidden: each()};
}

/** Gate order as in TensorFlow.js: input, forget, candidate, output. Updates the cells. */
export function applyGates(
  {gates, cellTanhs, hidden}: Passed,
  sums: Float32Array,
  projected: Float32Array,
  inputs: Int32Array,
  begin: number,
  rows: number,
  units: number,
  cells: Float32Array,
): void {
  const width = 4 * units;
  for (let row = 0; row < rows; row++) {
    const place = begin + row;
    const from = row * width;
    const given = (inputs[place] as number) * width;
    const to = place * width;
    for (let unit = 0; unit < units; unit++) {
      const at = (offset: number) =>
        (sums[from + offset + unit] as number) + (projected[given + offset + unit] as number);
      const input = sigmoid(at(0));
      const forget = sigmoid(at(units));
      const candidate = Math.tanh(at(2 * units));
      const output = sigmoid(at(3 * units));
      const cell = forget * (cells[row * units + unit] as number) + input * candidate;
      const bent = Math.tanh(cell);
      gates[to + unit] = input;
      gates[to + units + unit] = forget;
      gates[to + 2 * units + unit] = candidate;
      gates[to + 3 * units + unit] = output;
      cells[row * units + unit] = cell;
      cellTanhs[place * units + unit] = bent;
      hidden[place * units + unit] = output * bent;
    }
  }
}

/** The slopes of one step's gates from those of its hidden values; leaves in `cellSlopes` those of the step before. */
export function gateGradient(
  {gates, cellsBefore, cellTanhs}: Passed,
  hiddenSlopes: Float32Array,
  cellSlopes: Float32Array,
  gateSlopes: Float32Array,
  begin: number,
  rows: number,
  units: number,
): void {
  for (let row = 0; row < rows; row++) {
    const place = begin + row;
    const to = place * 4 * units;
    for (let unit = 0; unit < units; unit++) {
      const own = place * units + unit;
      const input = gates[to + unit] as number;
      const forget = gates[to + units + unit] as number;
      const candidate = gates[to + 2 * units + unit] as number;
      const output = gates[to + 3 * units + unit] as number;
      const bent = cellTanhs[own] as number;
      const slope = hiddenSlopes[own] as number;
      const cell = (cellSlopes[row * units + unit] as number) + slope * output * (1 - bent * bent);
      gateSlopes[to + unit] = cell * candidate * input * (1 - input);
      gateSlopes[to + units + unit] = cell * (cellsBefore[own] as number) * forget * (1 - forget);
      gateSlopes[to + 2 * units + unit] = cell * input * (1 - candidate * candidate);
      gateSlopes[to + 3 * units + unit] = slope * bent * output * (1 - output);
      cellSlopes[row * units + unit] = cell * forget;
    }
  }
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
