// Taken out once: where each test file runs in a context of its own, each mention of a global is a search.
const {imul} = Math;

/** 32 bits of a text, the same on every run: names a stream of the n-gram. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}

/** 52 bits of a text as an integer: stands for it in a set, where 32 bits would soon collide. */
export function hash52(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x2545f491;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = imul(low ^ code, 0x01000193);
    high = imul(high ^ code, 0x85ebca6b);
    high ^= high >>> 13;
  }
  return (high >>> 12) * 4_294_967_296 + ((low ^ (low >>> 15)) >>> 0);
}

/** One number for two such numbers, in this order. */
export function joined52(first: number, second: number): number {
  const a = imul((first >>> 0) ^ 0x3c6ef372, 0x85ebca6b) ^ imul((first / 2 ** 32) | 0, 0xc2b2ae35);
  const b = imul((second >>> 0) ^ a ^ (a >>> 15), 0x9e3779b1) ^ imul((second / 2 ** 32) | 0, 0x27d4eb2f);
  const low = imul(b ^ (b >>> 16), 0x85ebca6b);
  const high = imul(a ^ (b >>> 13), 0xc2b2ae35);
  return ((high ^ (low >>> 11)) >>> 12) * 2 ** 32 + ((low ^ (low >>> 15)) >>> 0);
}
