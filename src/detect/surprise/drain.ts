import {hash128} from '../../event/event-id.ts';
import {isMasked, LineScanner} from './line-scanner.ts';

/** Stands in a template for a word that varies. */
export const wildcard = '<*>';

/** The statement behind many lines: its words, with what varies left out. */
export interface Template {
  /** Small, stable for the life of the state (over restarts too), never used again. */
  readonly id: number;
  readonly group: string;
  tokens: readonly string[];
  /** Raised whenever a word became a wildcard. */
  version: number;
  /** When it was last matched, in lines. */
  used: number;
  gone: boolean;
}

export interface DrainSnapshot {
  readonly next: number;
  /** One list a template: id, version, group, then its words joined by spaces. Least recently used first. */
  readonly templates: readonly (readonly [number, number, string, string])[];
}

export interface DrainLimits {
  /** Templates held over all groups; the least recently used tenth goes when there is no room. */
  readonly templates: number;
  /** Different words followed at one place of the tree; more share one branch. */
  readonly children: number;
  /** Share of equal words from which a line belongs to a template. */
  readonly similarity: number;
}

const defaults: DrainLimits = {templates: 3_000, children: 100, similarity: 0.6};
const maxRemembered = 20_000;
const maskedWeight = 0.5;
const wildcardWeight = 0.3;

/**
 * Finds the template of each line as it comes (after Drain: He et al., ICWS'17): a tree of fixed depth per group (the
 * program that wrote the line), by number of words, then by the first two words, then the most similar template of
 * that leaf. A masked line met before is found by its hash alone.
 */
export class Drain {
  private readonly limits: DrainLimits;
  private readonly scanner: LineScanner;
  private readonly leaves = new Map<string, Map<string, Template[]>>();
  private readonly remembered = new Map<string, Map<number, Template>>();
  private rememberedCount = 0;
  private readonly templates = new Map<number, Template>();
  private next = 1;
  private clock = 0;

  constructor(limits: Partial<DrainLimits> = {}, seed?: number) {
    this.limits = {...defaults, ...limits};
    this.scanner = new LineScanner(seed);
  }

  get size(): number {
    return this.templates.size;
  }

  /** The template this line of this group belongs to; a new one where none is similar. */
  match(group: string, line: string): Template {
    const hash = this.scanner.scan(line);
    let known = this.remembered.get(group);
    let template = known?.get(hash);
    if (template === undefined || template.gone) {
      template = this.search(group, this.scanner.tokens());
      if (this.rememberedCount >= maxRemembered) this.forgetLines();
      known = this.remembered.get(group) ?? new Map<number, Template>();
      this.remembered.set(group, known.set(hash, template));
      this.rememberedCount += 1;
    }
    template.used = ++this.clock;
    return template;
  }

  get(id: number): Template | undefined {
    return this.templates.get(id);
  }

  snapshot(): DrainSnapshot {
    const ordered = [...this.templates.values()].sort((a, b) => a.used - b.used);
    return {
      next: this.next,
      templates: ordered.map(({id, version, group, tokens}) => [id, version, group, tokens.join(' ')] as const),
    };
  }

  restore(snapshot: DrainSnapshot): void {
    this.leaves.clear();
    this.templates.clear();
    this.forgetLines();
    this.next = snapshot.next;
    for (const [id, version, group, text] of snapshot.templates) {
      this.insert({id, version, group, tokens: text.split(' '), used: ++this.clock, gone: false});
    }
  }

  private search(group: string, tokens: readonly string[]): Template {
    const leaf = this.leaf(group, tokens);
    let best: Template | undefined;
    let bestScore = -1;
    for (const template of leaf) {
      const score = similarity(template.tokens, tokens);
      if (score <= bestScore) continue;
      best = template;
      bestScore = score;
    }
    if (best && bestScore >= this.limits.similarity) return generalise(best, tokens);
    if (this.templates.size >= this.limits.templates) this.evict();
    const template = {id: this.next++, group, tokens, version: 0, used: this.clock, gone: false};
    this.insert(template);
    return template;
  }

  private insert(template: Template): void {
    this.templates.set(template.id, template);
    this.leaf(template.group, template.tokens).push(template);
  }

  private leaf(group: string, tokens: readonly string[]): Template[] {
    const leaves = this.leaves.get(group) ?? new Map<string, Template[]>();
    this.leaves.set(group, leaves);
    const first = branch(tokens[0]);
    const second = branch(tokens[1]);
    const key = `${tokens.length} ${first} ${second}`;
    const found = leaves.get(key);
    if (found) return found;
    // A full level shares one branch, so that free text cannot grow the tree without end.
    const kept = leaves.size < this.limits.children * 4 ? key : `${tokens.length}`;
    const shared = leaves.get(kept) ?? [];
    leaves.set(kept, shared);
    return shared;
  }

  private evict(): void {
    const ordered = [...this.templates.values()].sort((a, b) => a.used - b.used);
    for (const template of ordered.slice(0, Math.ceil(ordered.length / 10))) {
      template.gone = true;
      this.templates.delete(template.id);
    }
    for (const [group, leaves] of this.leaves) {
      for (const [key, list] of leaves) {
        const kept = list.filter(template => !template.gone);
        if (kept.length === 0) leaves.delete(key);
        else leaves.set(key, kept);
      }
      if (leaves.size === 0) this.leaves.delete(group);
    }
    this.forgetLines();
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

/** Share of words that are equal. A masked word says little about which statement wrote the line. */
function similarity(template: readonly string[], tokens: readonly string[]): number {
  if (template.length !== tokens.length) return -1;
  let equal = 0;
  let all = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    const weight = isMasked(token) ? maskedWeight : 1;
    all += weight;
    if (template[at] === token) equal += weight;
    else if (template[at] === wildcard) equal += weight * wildcardWeight;
  }
  return all === 0 ? 1 : equal / all;
}

function generalise(template: Template, tokens: readonly string[]): Template {
  if (tokens.every((token, at) => token === template.tokens[at] || template.tokens[at] === wildcard)) return template;
  template.tokens = template.tokens.map((token, at) => (token === tokens[at] ? token : wildcard));
  template.version += 1;
  return template;
}

function branch(token: string | undefined): string {
  return token === undefined || isMasked(token) ? wildcard : token;
}
