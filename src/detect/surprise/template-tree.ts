import {isMasked} from './line-scanner.ts';
import {type Cluster, choosing, similarity, wildcard} from './template-cluster.ts';

/** Clusters of one leaf; the leaf that free text overflows into is searched for every line, so it must stay short. */
const maxLeaf = 128;

/**
 * Where a line's cluster is looked for: per group (the program that wrote it), by number of words, then by the first
 * two words (after Drain: He et al., ICWS'17).
 */
export class TemplateTree {
  private readonly maxLeaves: number;
  private readonly groups = new Map<string, Map<string, Cluster[]>>();

  /** `children`: different words followed at one place; lines with more of them share one leaf. */
  constructor(children: number) {
    this.maxLeaves = children * 4;
  }

  /** The cluster most like these words, the oldest of equals; undefined where none is as like as `least`. */
  find(group: string, tokens: readonly string[], least: number): Cluster | undefined {
    const leaves = this.groups.get(group);
    if (!leaves) return undefined;
    let best: Cluster | undefined;
    let bestScore = least;
    for (const key of searchedKeys(tokens)) {
      for (const cluster of leaves.get(key) ?? []) {
        const score = similarity(cluster, tokens);
        if (score < bestScore || (score === bestScore && best && best.id < cluster.id)) continue;
        best = cluster;
        bestScore = score;
      }
    }
    return best;
  }

  /** Adds a cluster; gives the one that had to leave a full leaf for it. */
  add(cluster: Cluster): Cluster | undefined {
    const leaves = this.groups.get(cluster.group) ?? new Map<string, Cluster[]>();
    this.groups.set(cluster.group, leaves);
    // A full level shares one leaf, so that free text cannot grow the tree without end.
    cluster.shared ||= !leaves.has(leafKey(cluster)) && leaves.size >= this.maxLeaves;
    const key = leafKey(cluster);
    const leaf = leaves.get(key) ?? [];
    leaves.set(key, leaf);
    leaf.push(cluster);
    return leaf.length > maxLeaf ? oldest(leaf) : undefined;
  }

  remove(cluster: Cluster): void {
    const leaves = this.groups.get(cluster.group);
    const key = leafKey(cluster);
    const leaf = leaves?.get(key);
    if (!leaves || !leaf) return;
    const at = leaf.indexOf(cluster);
    if (at >= 0) leaf.splice(at, 1);
    if (leaf.length === 0) leaves.delete(key);
    if (leaves.size === 0) this.groups.delete(cluster.group);
  }

  clear(): void {
    this.groups.clear();
  }
}

/** The leaf a cluster is kept in; a masked word, or one with digits, says nothing. */
function leafKey({tokens, shared}: Cluster): string {
  return shared ? sharedKey(tokens) : key(tokens.length, branch(tokens[0]), branch(tokens[1]));
}

function sharedKey(tokens: readonly string[]): string {
  return `${tokens.length}`;
}

/** Where the cluster of these words may be: a first or second word may have turned out to vary. */
function searchedKeys(tokens: readonly string[]): Set<string> {
  const {length} = tokens;
  const first = branch(tokens[0]);
  const second = branch(tokens[1]);
  return new Set([
    key(length, first, second),
    key(length, wildcard, second),
    key(length, first, wildcard),
    sharedKey(tokens),
  ]);
}

function key(length: number, first: string, second: string): string {
  return `${length} ${first} ${second}`;
}

function branch(token: string | undefined): string {
  return token === undefined || token === choosing || /\d/.test(token) || isMasked(token) ? wildcard : token;
}

function oldest(leaf: readonly Cluster[]): Cluster | undefined {
  const usedLast = (cluster: Cluster) => Math.max(...cluster.templates.map(({used}) => used));
  return leaf.slice(0, -1).sort((a, b) => usedLast(a) - usedLast(b))[0];
}
