import {hash128} from '../../event/event-id.ts';
import {LineScanner} from './line-scanner.ts';
import {SiblingClusters, type Siblings} from './sibling-clusters.ts';
import {admit, type Cluster, type Template, tokensOf, unite, wordsOf} from './template-cluster.ts';
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

export interface DrainLimits {
  /** Templates held over all groups; the least recently used tenth goes when there is no room. */
  readonly templates: number;
  /** Different words followed at one place of the tree; more share one branch. */
  readonly children: number;
  /** Share of equal words from which a line belongs to a cluster. */
  readonly similarity: number;
}

const defaults: DrainLimits = {templates: 3_000, children: 100, similarity: 0.6};
const maxRemembered = 20_000;

/**
 * Finds the template of each line as it comes (after Drain: He et al., ICWS'17): a tree finds the cluster of lines it
 * is most like, the cluster which of its templates it belongs to. A masked line met before is found by its hash alone.
 */
export class Drain {
  private readonly limits: DrainLimits;
  private readonly scanner: LineScanner;
  private readonly tree: TemplateTree;
  private readonly siblings = new SiblingClusters();
  private readonly remembered = new Map<string, Map<number, Template>>();
  private rememberedCount = 0;
  private readonly templates = new Map<number, Template>();
  private readonly clusters = new Map<number, Cluster>();
  private readonly clusterOf = new Map<Template, Cluster>();
  private readonly merged = new Map<number, number>();
  private next = 1;
  private nextCluster = 1;
  private clock = 0;

  constructor(limits: Partial<DrainLimits> = {}, seed?: number) {
    this.limits = {...defaults, ...limits};
    this.scanner = new LineScanner(seed);
    this.tree = new TemplateTree(this.limits.children);
  }

  get size(): number {
    return this.templates.size;
  }

  /** The template this line of this group belongs to; a new one where none is similar. */
  match(group: string, line: string): Template {
    const hash = this.scanner.scan(line);
    let template = this.remembered.get(group)?.get(hash);
    while (template?.gone) template = template.into;
    if (template === undefined) {
      template = this.search(group, this.scanner.tokens());
      this.remember(group, hash, template);
    }
    template.used = ++this.clock;
    return template;
  }

  /** The template of this number, or the one that took it over. */
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

  /** What to `restore` from. Forgets lines met before, so that this one and the restored go on alike. */
  snapshot(): DrainSnapshot {
    this.forgetLines();
    const ordered = [...this.templates.values()].sort((a, b) => a.used - b.used);
    return {
      next: this.next,
      nextCluster: this.nextCluster,
      templates: ordered.map(template => {
        const {id, version, group, tokens} = template;
        const cluster = this.clusterOf.get(template);
        return [id, version, group, tokens.join(' '), cluster?.id ?? 0, cluster?.shared ? 1 : 0] as const;
      }),
      merged: [...this.merged],
    };
  }

  restore(snapshot: DrainSnapshot): void {
    for (const whole of [this.templates, this.clusters, this.clusterOf, this.merged]) whole.clear();
    this.tree.clear();
    this.siblings.clear();
    this.forgetLines();
    this.next = snapshot.next;
    this.nextCluster = snapshot.nextCluster ?? snapshot.next;
    for (const [id, by] of snapshot.merged ?? []) this.merged.set(id, by);
    const clusters = new Map<number, Cluster>();
    for (const [id, version, group, text, number = id, shared = 0] of snapshot.templates) {
      const tokens = text === '' ? [] : text.split(' ');
      const cluster = clusters.get(number) ?? {id: number, group, shared: shared === 1, tokens, templates: []};
      clusters.set(number, cluster);
      cluster.templates.push({id, version, group, tokens, used: ++this.clock, gone: false});
    }
    for (const cluster of [...clusters.values()].sort((a, b) => a.id - b.id)) {
      cluster.templates.sort((a, b) => a.id - b.id);
      for (const template of cluster.templates) this.own(template, cluster);
      this.put(this.recomputed(cluster));
    }
  }

  private search(group: string, tokens: readonly string[]): Template {
    if (this.templates.size >= this.limits.templates) this.evict();
    const cluster = this.tree.find(group, tokens, this.limits.similarity);
    if (!cluster) return this.begin(group, tokens);
    const before = cluster.tokens;
    const known = admit(cluster, tokens, template => this.forward(template));
    const template = known ?? this.create(cluster, wordsOf(cluster, tokens));
    if (cluster.tokens !== before) this.unite(this.siblings.note(cluster));
    return current(template);
  }

  /** Begins a cluster with these words. */
  private begin(group: string, tokens: readonly string[]): Template {
    const cluster: Cluster = {id: this.nextCluster++, group, shared: false, tokens, templates: []};
    const template = this.create(cluster, tokens);
    this.unite(this.put(cluster));
    return current(template);
  }

  private create(cluster: Cluster, tokens: readonly string[]): Template {
    const {group} = cluster;
    const template = {id: this.next++, group, tokens, version: 0, used: this.clock, gone: false};
    cluster.templates.push(template);
    this.own(template, cluster);
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

  private own(template: Template, cluster: Cluster): void {
    this.templates.set(template.id, template);
    this.clusterOf.set(template, cluster);
  }

  /** Files the cluster; gives those that it is one too many of. */
  private put(cluster: Cluster): Siblings | undefined {
    this.clusters.set(cluster.id, cluster);
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
    this.clusters.delete(cluster.id);
  }

  private forward(template: Template): void {
    this.forget(template);
    if (!template.into) return;
    this.merged.set(template.id, template.into.id);
    if (this.merged.size <= this.limits.templates) return;
    const [first] = this.merged.keys();
    if (first !== undefined) this.merged.delete(first);
  }

  private forget(template: Template): void {
    template.gone = true;
    this.templates.delete(template.id);
    this.clusterOf.delete(template);
  }

  private evict(): void {
    const ordered = [...this.templates.values()].sort((a, b) => a.used - b.used);
    const smaller = new Set<Cluster>();
    for (const template of ordered.slice(0, Math.ceil(ordered.length / 10))) {
      const cluster = this.clusterOf.get(template);
      if (cluster) smaller.add(cluster);
      this.forget(template);
    }
    for (const cluster of smaller) {
      this.drop(cluster);
      cluster.templates = cluster.templates.filter(template => !template.gone);
      if (cluster.templates.length > 0) this.put(this.recomputed(cluster));
    }
    this.forgetLines();
  }

  /** The cluster as its templates make it: the same after a template is gone as after a restart. */
  private recomputed(cluster: Cluster): Cluster {
    cluster.tokens = tokensOf(cluster.templates);
    return cluster;
  }

  private remember(group: string, hash: number, template: Template): void {
    if (this.rememberedCount >= maxRemembered) this.forgetLines();
    const known = this.remembered.get(group) ?? new Map<number, Template>();
    this.remembered.set(group, known.set(hash, template));
    this.rememberedCount += 1;
  }

  private forgetLines(): void {
    this.remembered.clear();
    this.rememberedCount = 0;
  }
}

/** The template as a person reads it. */
export function templateText(template: Template): string {
  return template.tokens.join(' ');
}

/** A template's name on every machine: a hash of its group and its words. */
export function templateHash(group: string, text: string): string {
  return hash128('template', group, text).slice(0, 16);
}

function current(template: Template): Template {
  let now = template;
  while (now.gone && now.into) now = now.into;
  return now;
}
