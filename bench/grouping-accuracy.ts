/**
 * Share of lines, 0–1, whose group is exactly right: it holds every line of its true group and no other (Zhu et al.,
 * "Tools and Benchmarks for Automated Log Parsing", ICSE-SEIP'19).
 */
export function groupingAccuracy(found: readonly number[], truth: readonly string[]): number {
  const foundSizes = sizes(found);
  const trueSizes = sizes(truth);
  const pairs = sizes(found.map((group, line) => `${group} ${truth[line]}`));
  let right = 0;
  found.forEach((group, line) => {
    const shared = pairs.get(`${group} ${truth[line]}`);
    if (shared === foundSizes.get(group) && shared === trueSizes.get(truth[line] ?? '')) right += 1;
  });
  return found.length === 0 ? 0 : right / found.length;
}

function sizes<T>(labels: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
