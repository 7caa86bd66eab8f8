/**
 * Few enough that one state that stays keeps little else from being freed, and enough that the memory's own cost, the
 * larger part of a small array's, is shared.
 */
const statesAChunk = 8;

/** Gives out arrays of one size, filled with zeros, several from one piece of memory. What is no longer used is collected. */
export class StateSlab {
  private readonly size: number;
  private chunk = new Float32Array(0);
  private taken = 0;

  constructor(size: number) {
    this.size = size;
  }

  take(): Float32Array {
    if (this.taken + this.size > this.chunk.length) {
      this.chunk = new Float32Array(this.size * statesAChunk);
      this.taken = 0;
    }
    this.taken += this.size;
    return this.chunk.subarray(this.taken - this.size, this.taken);
  }
}
