const decayMean = 0.9;
const decaySquare = 0.999;
const tiny = 1e-7;
/** A gradient longer than this is shortened to it: one odd batch must not undo what was learned. */
const longest = 1;

/** Adam (Kingma & Ba 2015, algorithm 1) on one array of numbers. Its moments are plain, so that they can be saved. */
export class Adam {
  readonly means: Float32Array;
  readonly squares: Float32Array;
  steps: number;

  constructor(size: number, saved?: {readonly means: Float32Array; readonly squares: Float32Array; steps: number}) {
    this.means = saved?.means ?? new Float32Array(size);
    this.squares = saved?.squares ?? new Float32Array(size);
    this.steps = saved?.steps ?? 0;
  }

  /** Moves the numbers against their gradient. */
  update(numbers: Float32Array, gradient: Float32Array, rate: number): void {
    const {means, squares} = this;
    this.steps += 1;
    const scale = shortening(gradient);
    const step = (rate * Math.sqrt(1 - decaySquare ** this.steps)) / (1 - decayMean ** this.steps);
    for (let at = 0; at < numbers.length; at++) {
      const slope = (gradient[at] as number) * scale;
      const mean = decayMean * (means[at] as number) + (1 - decayMean) * slope;
      const square = decaySquare * (squares[at] as number) + (1 - decaySquare) * slope * slope;
      means[at] = mean;
      squares[at] = square;
      numbers[at] = (numbers[at] as number) - (step * mean) / (Math.sqrt(square) + tiny);
    }
  }
}

function shortening(gradient: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < gradient.length; at++) sum += (gradient[at] as number) ** 2;
  const length = Math.sqrt(sum);
  return length > longest ? longest / length : 1;
}
