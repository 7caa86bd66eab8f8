import {SiblingClusters, type Siblings} from './sibling-clusters.ts';
import {admit, type Cluster, current, type Template, tokensOf, unite, wordsOf} from './template-cluster.ts';
import {TemplateTree} from './template-tree.ts';

export interface DrainSnapshot {
  readonly next: number;
  readonly nextCluster?: number;
  /**
   * One list a template: id, version, group, its words joined by spaces, its cluster, whether that is in a shared leaf.
   * Least recently used first.
   */
  readonly templates: readonly (readonly [number, number, string, string, number?, number?])[];
  /** Templates that were taken over, and by which. */
  readonly merged?: readonly (readonly [number, number])[];
}

/** The templates there are, their clusters and where these are found; at most `limit` of them. */
export class TemplateStore {
  private readonly limit: number;
  private readonly tree: TemplateTree;
  private readonly siblings = new SiblingClusters();
  private readonly templates = new Map<number, Template>();
  private readonly clusterOf = new Map<Template, Cluster>();
  private readonly merged = new Map<number, number>();
  private next = 1;
  private nextCluster = 1;

  constructor(limit: number, children: number) {
    this.limit = limit;
    this.tree = new TemplateTree(children);
  }

  get size(): number {
    return this.templates.size;
  }

  /** The template these words belong to: of the cluster they are most like, or of a new one. */
  search(group: string, tokens: readonly string[], similarity: number): Template {
    const cluster = this.tree.find(group, tokens, similarity);
    if (!cluster) return this.begin(group, tokens);
    const before = cluster.tokens;
    const known = admit(cluster, tokens, template => this.forward(template));
    const template = known ?? this.create(cluster, wordsOf(cluster, tokens));
    if (cluster.tokens !== before) this.unite(this.siblings.note(cluster));
    return current(template);
  }

  get(id: number): Template | undefined {
    return this.templates.get(this.resolve(id));
  }

  /** The number under which the template goes now: another's, where it was taken over. */
  resolve(id: number): number {
    let now = id;
    for (let next = this.merged.get(now); next !== undefined; next = this.merged.get(now)) now = next;
    if (now !== id) this.merged.set(id, now);
    return now;
  }

  /** Lets the least recently used tenth go. */
  evict(): void {
    const smaller = new Set<Cluster>();
    for (const template of this.byUse().slice(0, Math.ceil(this.size / 10))) {
      const cluster = this.clusterOf.get(template);
      if (cluster) smaller.add(cluster);
      this.forget(template);
    }
    for (const cluster of smaller) {
      this.drop(cluster);
      cluster.templates = cluster.templates.filter(template => !template.gone);
      if (cluster.templates.length > 0) this.putAnew(cluster);
    }
  }

  snapshot(): DrainSnapshot {
    const templates = this.byUse().map(template => {
      const {id, version, group, tokens} = template;
      const cluster = this.clusterOf.get(template);
      return [id, version, group, tokens.join(' '), cluster?.id ?? 0, cluster?.shared ? 1 : 0] as const;
    });
    return {next: this.next, nextCluster: this.nextCluster, templates, merged: [...this.merged]};
  }

  /** Gives the templates restored, least recently used first. */
  restore(snapshot: DrainSnapshot): Template[] {
    for (const whole of [this.templates, this.clusterOf, this.merged, this.tree, this.siblings]) whole.clear();
    this.next = snapshot.next;
    this.nextCluster = snapshot.nextCluster ?? snapshot.next;
    for (const [id, by] of snapshot.merged ?? []) this.merged.set(id, by);
    const clusters = new Map<number, Cluster>();
    for (const [id, version, group, text, number = id, shared = 0] of snapshot.templates) {
      const tokens = text === '' ? [] : text.split(' ');
      const cluster = clusters.get(number) ?? {id: number, group, shared: shared === 1, tokens, templates: []};
      clusters.set(number, cluster);
      this.own({id, version, group, tokens, used: 0, gone: false}, cluster);
    }
    const templates = [...this.templates.values()];
    for (const cluster of [...clusters.values()].sort((a, b) => a.id - b.id)) this.putAnew(cluster);
    return templates;
  }

  private byUse(): Template[] {
    return [...this.templates.values()].sort((a, b) => a.used - b.used);
  }

  /** Begins a cluster with these words. */
  private begin(group: string, tokens: readonly string[]): Template {
    const cluster: Cluster = {id: this.nextCluster++, group, shared: false, tokens, templates: []};
    const template = this.create(cluster, tokens);
    this.unite(this.put(cluster));
    return current(template);
  }

  private create(cluster: Cluster, tokens: readonly string[]): Template {
    return this.own({id: this.next++, group: cluster.group, tokens, version: 0, used: 0, gone: false}, cluster);
  }

  private own(template: Template, cluster: Cluster): Template {
    cluster.templates.push(template);
    this.templates.set(template.id, template);
    this.clusterOf.set(template, cluster);
    return template;
  }

  /** Makes one of clusters that differ at their first or second word only, where there are many. */
  private unite(found: Siblings | undefined): void {
    if (!found) return;
    for (const sibling of found.siblings) this.drop(sibling);
    const united = unite(found.siblings, found.place, template => this.forward(template));
    for (const template of united.templates) this.clusterOf.set(template, united);
    this.put(united);
  }

  /** Files a cluster as its templates make it: the same after one of them is gone as after a restart. */
  private putAnew(cluster: Cluster): void {
    cluster.templates.sort((a, b) => a.id - b.id);
    cluster.tokens = tokensOf(cluster.templates);
    this.put(cluster);
  }

  /** Files the cluster; gives those that it is one too many of. */
  private put(cluster: Cluster): Siblings | undefined {
    const tooMany = this.tree.add(cluster);
    if (tooMany) {
      for (const template of tooMany.templates) this.forget(template);
      this.drop(tooMany);
    }
    return this.siblings.note(cluster);
  }

  private drop(cluster: Cluster): void {
    this.tree.remove(cluster);
    this.siblings.remove(cluster);
  }

  private forward(template: Template): void {
    this.forget(template);
    if (!template.into) return;
    this.merged.set(template.id, template.into.id);
    if (this.merged.size <= this.limit) return;
    const [first] = this.merged.keys();
    if (first !== undefined) this.merged.delete(first);
  }

  private forget(template: Template): void {
    template.gone = true;
    this.templates.delete(template.id);
    this.clusterOf.delete(template);
  }
}
