import {endEntry, unknownEntry} from '../learned-model.ts';
import {type SequenceSet, sequenceAt, sequenceCount} from './job.ts';

/**
 * How much of what comes is new, for each provider: as many new symbols are expected as there were different ones
 * (Witten & Bell 1991, method C). A program that never wrote anything new while it was learned from has taught the
 * network nothing of it; without this it would be certain that it never will.
 */
export function noveltyOf(set: SequenceSet, providers: Uint16Array | undefined): (first: number) => number {
  const counts = new Map<number, {total: number; readonly different: Set<number>}>();
  const providerOf = (first: number): number => providers?.[first] ?? 0;
  for (let index = 0; index < sequenceCount(set); index++) {
    const sequence = sequenceAt(set, index);
    const provider = providerOf(sequence[0] ?? 0);
    const known = counts.get(provider) ?? {total: 0, different: new Set<number>()};
    counts.set(provider, known);
    for (let at = set.firstTargets[index] ?? 1; at < sequence.length; at++) {
      known.total += set.counts[index] ?? 1;
      const entry = sequence[at] ?? 0;
      if (entry !== unknownEntry && entry !== endEntry) known.different.add(entry);
    }
  }
  return first => {
    const known = counts.get(providerOf(first));
    return known ? known.different.size / (known.total + known.different.size) : 0;
  };
}
