/** How many symbols are likelier than this one. */
export function rankOf(probabilities: Float32Array, symbol: number): number {
  const own = probabilities[symbol] ?? 0;
  let rank = 0;
  for (let at = 0; at < probabilities.length; at++) if ((probabilities[at] as number) > own) rank += 1;
  return rank;
}
