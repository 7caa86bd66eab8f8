/** How many distinct things set so many of the bits: linear counting (Whang et al., TODS'90). */
export function linearCount(bits: Int32Array, from: number, words: number): number {
  let set = 0;
  for (let i = from; i < from + words; i++) set += ones(bits[i] ?? 0);
  return Math.round(linearEstimate(set, words * 32));
}

/** The same, of `set` bits out of `size`. */
export function linearEstimate(set: number, size: number): number {
  return -size * Math.log(Math.max(1, size - set) / size);
}

/** Bits that are set in a 32-bit word. */
export function ones(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
