/** A generalised Pareto law of excesses: shape γ (0: exponential) and scale σ. */
export interface Tail {
  readonly shape: number;
  readonly scale: number;
}

// Taken out once: where each test file runs in a context of its own, each mention of a global is a search.
const {log1p, log, min, max, abs} = Math;

const steps = 24;
const halvings = 30;

/**
 * The likeliest generalised Pareto law of these excesses, all above 0: Grimshaw's reduction (1993) of the likelihood to
 * one variable, its roots found by sign changes on a grid and bisection; beside them the exponential law and the
 * method of moments; of all, the one of greatest likelihood.
 */
export function fitTail(excesses: readonly number[]): Tail {
  const mean = average(excesses);
  if (excesses.length === 0 || mean <= 0) return {shape: 0, scale: 0};
  let best: Tail = {shape: 0, scale: mean};
  if (excesses.length < 8) return best;
  let bestLikelihood = likelihood(excesses, best);
  for (const tail of [...grimshaw(excesses, mean), moments(excesses, mean)]) {
    const value = likelihood(excesses, tail);
    if (value <= bestLikelihood) continue;
    best = tail;
    bestLikelihood = value;
  }
  return best;
}

function grimshaw(excesses: readonly number[], mean: number): Tail[] {
  const least = min(...excesses);
  const most = max(...excesses);
  const edge = 1e-6 / mean;
  const low = -1 / most + edge;
  const high = least > 0 ? min((2 * (mean - least)) / least ** 2, 1e3 / mean) : 1e3 / mean;
  return [...roots(excesses, low, -edge, false), ...roots(excesses, edge, max(high, 2 * edge), true)].map(x => {
    const shape = average(excesses.map(y => log1p(x * y)));
    return {shape, scale: shape / x};
  });
}

/** Zeros of w(x) = u(x)·v(x) − 1 between the bounds; on the positive side the grid is logarithmic. */
function roots(excesses: readonly number[], low: number, high: number, logarithmic: boolean): number[] {
  if (!(high > low)) return [];
  const at = (step: number): number =>
    logarithmic ? low * (high / low) ** (step / steps) : low + ((high - low) * step) / steps;
  const found: number[] = [];
  let left = at(0);
  let leftValue = balance(excesses, left);
  for (let step = 1; step <= steps; step++) {
    const right = at(step);
    const rightValue = balance(excesses, right);
    if (leftValue * rightValue < 0) found.push(bisect(excesses, left, right, leftValue));
    left = right;
    leftValue = rightValue;
  }
  return found;
}

function bisect(excesses: readonly number[], low: number, high: number, lowValue: number): number {
  let left = low;
  let right = high;
  for (let turn = 0; turn < halvings; turn++) {
    const middle = (left + right) / 2;
    if (balance(excesses, middle) * lowValue > 0) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}

function balance(excesses: readonly number[], x: number): number {
  let inverse = 0;
  let logarithm = 0;
  for (const y of excesses) {
    inverse += 1 / (1 + x * y);
    logarithm += log1p(x * y);
  }
  return (inverse / excesses.length) * (1 + logarithm / excesses.length) - 1;
}

function moments(excesses: readonly number[], mean: number): Tail {
  const variance = average(excesses.map(y => (y - mean) ** 2));
  const ratio = variance > 0 ? mean ** 2 / variance : 1;
  return {shape: (1 - ratio) / 2, scale: (mean * (ratio + 1)) / 2};
}

function likelihood(excesses: readonly number[], {shape, scale}: Tail): number {
  if (!(scale > 0)) return Number.NEGATIVE_INFINITY;
  if (abs(shape) < 1e-9) return -excesses.length * log(scale) - excesses.reduce((a, b) => a + b, 0) / scale;
  let sum = 0;
  for (const y of excesses) {
    const inside = 1 + (shape * y) / scale;
    if (inside <= 0) return Number.NEGATIVE_INFINITY;
    sum += log(inside);
  }
  return -excesses.length * log(scale) - (1 + 1 / shape) * sum;
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}
