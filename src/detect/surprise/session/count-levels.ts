/**
 * A count as one of few levels: exact up to 8, then in steps of an eighth to a quarter of itself (8, 10, 12, 14, 16,
 * 20, …). A count of independent happenings varies by its square root, so 16 and 17 say the same; what a protocol
 * does three times or four says different things.
 */
export function countLevel(count: number): number {
  if (count <= 8) return count;
  const octave = Math.floor(Math.log2(count));
  return 8 + (octave - 3) * 4 + Math.floor((count / 2 ** octave - 1) * 4);
}
