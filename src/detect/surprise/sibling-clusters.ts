import type {Cluster} from './template-cluster.ts';

/** Places that decide in which leaf of the tree a cluster is, so that similarity never compares them. */
const places = [0, 1] as const;
/** First words are seldom values: there must be many before they are taken for such. */
const maxSiblings = 16;

/** Clusters that differ at one place only. */
export interface Siblings {
  readonly place: number;
  readonly siblings: readonly Cluster[];
}

/**
 * Finds clusters that differ at their first or second word only. Where there are more of them than a programmer gives
 * choices, the word is a value: a host or a user that lines of the statement begin with.
 */
export class SiblingClusters {
  private readonly byRest = new Map<string, Set<Cluster>>();
  private readonly keys = new Map<Cluster, readonly string[]>();

  /** Notes the cluster as its words are now; gives the place at which it has too many siblings, and these. */
  note(cluster: Cluster): Siblings | undefined {
    this.remove(cluster);
    const keys = places.filter(place => cluster.tokens.length >= place + 2).map(place => restKey(cluster, place));
    this.keys.set(cluster, keys);
    let found: Siblings | undefined;
    for (const [place, key] of keys.entries()) {
      const siblings = this.byRest.get(key) ?? new Set<Cluster>();
      this.byRest.set(key, siblings.add(cluster));
      if (siblings.size > maxSiblings) found ??= {place, siblings: [...siblings]};
    }
    return found;
  }

  remove(cluster: Cluster): void {
    for (const key of this.keys.get(cluster) ?? []) {
      const siblings = this.byRest.get(key);
      siblings?.delete(cluster);
      if (siblings?.size === 0) this.byRest.delete(key);
    }
    this.keys.delete(cluster);
  }

  clear(): void {
    this.byRest.clear();
    this.keys.clear();
  }
}

function restKey({group, tokens}: Cluster, place: number): string {
  return `${place} ${group}\n${tokens.with(place, '').join(' ')}`;
}
