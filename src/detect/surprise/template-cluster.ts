import {isMasked} from './line-scanner.ts';

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
  /** The template that took its lines over when the word that set the two apart turned out to vary. */
  into?: Template;
}

/**
 * Similar lines of one group. A place of the line is fixed (one word so far), choosing (few words: each choice is a
 * template of its own, as in "session opened" and "session closed") or free (a wildcard). It only ever moves that way,
 * so two templates of a cluster may become one, and never the reverse.
 */
export interface Cluster {
  /** Clusters made later have higher numbers. */
  readonly id: number;
  readonly group: string;
  /** Kept in the leaf for all that found no place of its own. */
  shared: boolean;
  /** A word, `choosing`, or the wildcard. */
  tokens: readonly string[];
  /** Its templates, at least one; they differ at the choosing places only. */
  templates: Template[];
}

/** The template that a template's lines belong to now. */
export function current(template: Template): Template {
  let now = template;
  while (now.gone && now.into) now = now.into;
  return now;
}

/** Marks a place of a cluster where its templates differ. */
export const choosing = '';

const maskedWeight = 0.5;
const wildcardWeight = 0.3;
/** Words at one place up to which each makes its own template: more are values, not choices of the programmer. */
const maxChoices = 4;
/** Names of states, as in TIME_WAIT, are written in capitals, and there may be more of them. */
const maxCapitalChoices = 8;
const maxTemplates = 16;
/** A key, and what holds a masked value. */
const keyed = /^(\w[^<=:]*[=:]).*$/;
/** After these words comes a name that someone chose. */
const nameFollows = new Set(['user', 'username', 'account', 'group', 'host', 'hostname']);

/** Share of words that are equal, 0–1. A masked word says little about which statement wrote the line. */
export function similarity(cluster: Cluster, tokens: readonly string[]): number {
  if (cluster.tokens.length !== tokens.length) return -1;
  let equal = 0;
  let all = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    const own = cluster.tokens[at];
    // A word where a value was speaks against the cluster as a word against a word does.
    const weight = isMasked(token) && (own === undefined || own === choosing || isMasked(own)) ? maskedWeight : 1;
    all += weight;
    if (own === token) equal += weight;
    else if (own === wildcard) equal += weight * wildcardWeight;
    else if (own === choosing) equal += isChoice(cluster, at, token) ? weight : weight * wildcardWeight;
  }
  return all === 0 ? 1 : equal / all;
}

/**
 * Widens the cluster until the line fits it. Gives the line's template, undefined where the line makes a choice that
 * no template of the cluster has made; `merged` is told of each template that another took over.
 */
export function admit(
  cluster: Cluster,
  tokens: readonly string[],
  merged: (template: Template) => void,
): Template | undefined {
  const different = tokens.map((_, at) => at).filter(at => !fits(cluster, at, tokens[at] ?? ''));
  const otherWords = different.some(at => !isValue(tokens[at] ?? '') && !choices(cluster, at).some(isValue));
  const freed = different.filter(at => isFree(choices(cluster, at), tokens, at, otherWords));
  for (const at of freed) free(cluster, at, merged);
  for (const at of different) if (!freed.includes(at)) cluster.tokens = cluster.tokens.with(at, choosing);
  const found = templateOf(cluster, tokens);
  if (found || cluster.templates.length < maxTemplates) return found;
  free(cluster, mostChoices(cluster), merged);
  return admit(cluster, tokens, merged);
}

/** Makes one cluster of several that are alike but at one place: the oldest, with the place a wildcard. */
export function unite(clusters: readonly Cluster[], at: number, merged: (template: Template) => void): Cluster {
  const [oldest, ...others] = clusters.toSorted((a, b) => a.id - b.id);
  if (!oldest) throw new Error('Expected at least one cluster to unite');
  oldest.templates.push(...others.flatMap(({templates}) => templates));
  free(oldest, at, merged);
  return oldest;
}

/** The words of a template that a line of this cluster belongs to. */
export function wordsOf(cluster: Cluster, tokens: readonly string[]): string[] {
  return cluster.tokens.map((own, at) => (own === wildcard ? wildcard : (tokens[at] ?? '')));
}

/** Works out from its templates where the cluster chooses. */
export function tokensOf(templates: readonly Template[]): string[] {
  const [first] = templates;
  return (first?.tokens ?? []).map((token, at) =>
    templates.every(template => template.tokens[at] === token) ? token : choosing,
  );
}

/** Makes a place a wildcard; of templates that are then equal, the oldest stays and the others lead to it. */
export function free(cluster: Cluster, at: number, merged: (template: Template) => void): void {
  const kept = new Map<string, Template>();
  for (const template of cluster.templates.sort((a, b) => a.id - b.id)) {
    template.tokens = template.tokens.with(at, wildcard);
    const words = template.tokens.join(' ');
    const oldest = kept.get(words);
    template.version += 1;
    if (!oldest) {
      kept.set(words, template);
      continue;
    }
    oldest.used = Math.max(oldest.used, template.used);
    // What is asked for under the number taken over must change as well.
    oldest.version = Math.max(oldest.version, template.version);
    template.gone = true;
    template.into = oldest;
    merged(template);
  }
  cluster.templates = [...kept.values()];
  cluster.tokens = tokensOf(cluster.templates);
}

function fits(cluster: Cluster, at: number, token: string): boolean {
  const own = cluster.tokens[at];
  return own === token || own === wildcard || (own === choosing && isChoice(cluster, at, token));
}

/** `otherWords`: the line differs from the cluster by plain words too, so that it may be another statement. */
function isFree(words: readonly string[], tokens: readonly string[], at: number, otherWords: boolean): boolean {
  const token = tokens[at] ?? '';
  if (token === wildcard || nameFollows.has(tokens[at - 1] ?? '')) return true;
  const all = [...words, token];
  if (new Set(all.map(withoutValues)).size < all.length) return true;
  if (all.every(isTruth) && isKey(tokens[at - 1] ?? '', token)) return true;
  if (otherWords ? all.every(isValue) : all.some(isValue)) return new Set(all.map(keyOf)).size < all.length;
  return all.length > (all.every(isCapital) ? maxCapitalChoices : maxChoices);
}

function isChoice(cluster: Cluster, at: number, token: string): boolean {
  return cluster.templates.some(template => template.tokens[at] === token);
}

function choices(cluster: Cluster, at: number): string[] {
  return [...new Set(cluster.templates.map(template => template.tokens[at] ?? ''))];
}

function mostChoices(cluster: Cluster): number {
  const counts = cluster.tokens.map((own, at) => (own === choosing ? choices(cluster, at).length : 0));
  return counts.indexOf(Math.max(...counts));
}

function templateOf(cluster: Cluster, tokens: readonly string[]): Template | undefined {
  return cluster.templates.find(template =>
    template.tokens.every((word, at) => cluster.tokens[at] !== choosing || word === tokens[at]),
  );
}

/** True for a word that is a masked value and nothing more, perhaps after its key: `<n>`, `(<ip>)`, `rhost=<ip>,`. */
function isValue(token: string): boolean {
  return /^(?:[^<=:([{]*[=:([{])?[^\w<]*<(?:\*|\w+)>[^\w<]*$/.test(token);
}

/** What stands before a word's value; an empty value is a key of its own. */
function keyOf(token: string): string {
  const at = token.search(/[=:([{]/);
  return /[=:]$/.test(token) ? `${token}=` : token.slice(0, at + 1);
}

/** Two words that are the same without what is masked and without digits differ in values only: `node-17`, `node-D1`. */
function withoutValues(token: string): string {
  if (isMasked(token) && keyed.test(token)) return token.replace(keyed, '$1#');
  return token.replace(/<\w+>|\d+/g, '#').replace(/([-_.:])[A-Za-z]*#$/, '$1#');
}

/** True where the program printed a truth value or the want of a value. */
function isTruth(token: string): boolean {
  return /^(?:[^=:]*[=:])?(?:true|false|yes|no|null|nil|none)[,;)}\]]*$/i.test(token);
}

/** True where the word is a key's value: `moved=true`, `moved= true`. */
function isKey(before: string, token: string): boolean {
  return /[=:]$/.test(before) || /[=:]/.test(token);
}

function isCapital(token: string): boolean {
  return /^[^a-z]*[A-Z][^a-z]*$/.test(token);
}
