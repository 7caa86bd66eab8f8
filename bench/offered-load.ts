/**
 * Lines that come at a steady rate while measured work is done, in the time that the work took: how long the engine's
 * queue would be, and whether the engine would tell its detectors that it is behind.
 */
export class OfferedLoad {
  private readonly linesPerMilli: number;
  private readonly capacity: number;
  private millis = 0;
  private taken = 0;

  /** Capacity in lines, as `queue` in [monitor]. */
  constructor(linesPerSecond: number, capacity: number) {
    this.linesPerMilli = linesPerSecond / 1_000;
    this.capacity = capacity;
  }

  /** As the engine has it: more than half of the queue waits. */
  get behind(): boolean {
    return Math.min(this.capacity, this.millis * this.linesPerMilli - this.taken) > this.capacity / 2;
  }

  /** A batch was taken and took so long. Waits first, where its lines were not all there. A full queue holds sources back. */
  took(lines: number, millis: number): void {
    this.millis = Math.max(this.millis, (this.taken + lines) / this.linesPerMilli) + millis;
    this.taken += lines;
    this.taken = Math.max(this.taken, this.millis * this.linesPerMilli - this.capacity);
  }
}
