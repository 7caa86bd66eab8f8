import {hash128} from '../../event/event-id.ts';
import {LineScanner} from './line-scanner.ts';
import {current, type Template} from './template-cluster.ts';
import {type DrainSnapshot, TemplateStore} from './template-store.ts';

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
  private readonly store: TemplateStore;
  private readonly remembered = new Map<string, Map<number, Template>>();
  private rememberedCount = 0;
  private clock = 0;

  constructor(limits: Partial<DrainLimits> = {}, seed?: number) {
    this.limits = {...defaults, ...limits};
    this.scanner = new LineScanner(seed);
    this.store = new TemplateStore(this.limits.templates, this.limits.children);
  }

  get size(): number {
    return this.store.size;
  }

  /** The template this line of this group belongs to; a new one where none is similar. */
  match(group: string, line: string): Template {
    const hash = this.scanner.scan(line);
    const known = this.remembered.get(group)?.get(hash);
    let template = known && current(known);
    if (template === undefined || template.gone) {
      template = this.search(group, this.scanner.tokens());
      this.remember(group, hash, template);
    }
    template.used = ++this.clock;
    return template;
  }

  /** The template of this number, or the one that took it over. */
  get(id: number): Template | undefined {
    return this.store.get(id);
  }

  /** The number under which the template goes now: another's, where it was taken over. */
  resolve(id: number): number {
    return this.store.resolve(id);
  }

  /** What to `restore` from. Forgets lines met before, so that this one and the restored go on alike. */
  snapshot(): DrainSnapshot {
    this.forgetLines();
    return this.store.snapshot();
  }

  restore(snapshot: DrainSnapshot): void {
    this.forgetLines();
    for (const template of this.store.restore(snapshot)) template.used = ++this.clock;
  }

  private search(group: string, tokens: readonly string[]): Template {
    if (this.store.size >= this.limits.templates) {
      this.store.evict();
      this.forgetLines();
    }
    return this.store.search(group, tokens, this.limits.similarity);
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
