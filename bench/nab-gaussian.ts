// What the benchmark's authors compare with: the tail of a normal law over the newest values.

const windowRows = 1_000;
const leastDeviation = 1e-6;

/** The probability that a normal law with the window's mean and deviation stays on this side of the value. */
export function windowedGaussian(values: Float64Array): Float64Array {
  const scores = new Float64Array(values.length);
  for (let row = 1; row < values.length; row++) {
    const first = Math.max(0, row - windowRows);
    let sum = 0;
    for (let at = first; at < row; at++) sum += values[at] ?? 0;
    const mean = sum / (row - first);
    let squares = 0;
    for (let at = first; at < row; at++) squares += ((values[at] ?? 0) - mean) ** 2;
    const deviation = Math.sqrt(squares / (row - first)) || leastDeviation;
    scores[row] = 1 - upperTail(Math.abs((values[row] ?? 0) - mean) / deviation);
  }
  return scores;
}

/** Chance of a standard normal value above z ≥ 0: half of erfc(z/√2) by a continued fraction, or a series near 0. */
export function upperTail(z: number): number {
  if (z > 38) return 0;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
      term *= (z * z) / odd;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let depth = 60; depth > 0; depth--) fraction = z + depth / fraction;
  return density / fraction;
}
