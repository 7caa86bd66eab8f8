import {fold} from '../match/fold.ts';

/** What any match of an expression must have. */
export interface Required {
  /** Sets of texts in lower case; of each set at least one stands in the value. */
  readonly sets: readonly (readonly string[])[];
  /** Characters (UTF-16 units) that a value has at least. */
  readonly shortest: number;
}

/**
 * What can be told without running an expression: texts that a match contains, and how long the value is at least.
 * Only what is certain is used; of an expression with anything unusual in it nothing is told.
 */
export function requiredOf(expression: string): Required {
  const reader = new RequiredReader(expression);
  const {sets, shortest} = closed(reader.alternatives());
  return reader.finished ? {sets: distinct(sets.filter(isUseful)), shortest} : nothing;
}

const nothing: Required = {sets: [], shortest: 0};
const mostTexts = 64;
const longestText = 256;
/** Values nearly always have these, so that looking for one alone tells nothing. */
const everywhere = /^[\sa-z0-9\\/.:"_=-]?$/;

/** What a part of an expression is: all texts that it matches, where they are few, and what else it needs. */
interface Part extends Required {
  readonly exact: readonly string[] | undefined;
}

const empty: Part = {exact: [''], sets: [], shortest: 0};

class RequiredReader {
  readonly #source: string;
  #at = 0;
  #failed = false;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get finished(): boolean {
    return !this.#failed && this.#at >= this.#source.length;
  }

  /** `a|b|c` */
  alternatives(): Part {
    if (++this.#depth > 50) this.#failed = true;
    let part = this.#sequence();
    while (!this.#failed && this.#source[this.#at] === '|') {
      this.#at++;
      part = either(part, this.#sequence());
    }
    this.#depth--;
    return part;
  }

  #sequence(): Part {
    let whole = empty;
    while (!this.#failed && this.#at < this.#source.length && !'|)'.includes(this.#source.charAt(this.#at))) {
      const part = this.#atom();
      whole = repeated(whole, part, this.#repeat());
    }
    return whole;
  }

  #atom(): Part {
    const char = this.#source.charAt(this.#at++);
    if (char === '(') return this.#group();
    if (char === '[') return this.#class();
    if (char === '\\') return this.#escaped();
    if (char === '.') return any;
    if (char === '^' || char === '$') return empty;
    // A brace that is no count is a brace; a lone quantifier is refused by the compiler anyway.
    if ('*+?'.includes(char)) this.#failed = true;
    return textPart(char);
  }

  #group(): Part {
    const head = /^\?(?:[imsU-]{0,8}:|P?<\w+>)/.exec(this.#source.slice(this.#at, this.#at + 80));
    const flags = /^\?[imsU-]{1,8}\)/.exec(this.#source.slice(this.#at, this.#at + 12));
    if (flags) {
      this.#at += flags[0].length;
      return empty;
    }
    if (head) this.#at += head[0].length;
    else if (this.#source[this.#at] === '?') this.#failed = true;
    const part = this.alternatives();
    if (this.#source[this.#at] !== ')') this.#failed = true;
    this.#at++;
    return part;
  }

  /** `[abc]`: its characters, where they are few and named one by one. */
  #class(): Part {
    const start = this.#at;
    if (this.#source[this.#at] === '^') this.#at++;
    if (this.#source[this.#at] === ']') this.#at++;
    while (this.#at < this.#source.length && this.#source[this.#at] !== ']') {
      if (this.#source[this.#at] === '[' && this.#source[this.#at + 1] === ':') this.#failed = true;
      this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
    }
    const chars = this.#source.slice(start, this.#at++);
    return /^(?:[^\\^\][-]|\\[^A-Za-z0-9]){1,8}$/.test(chars.replace(/^-|-$/, ''))
      ? {exact: [...new Set(fold(chars.replace(/\\(.)/g, '$1')))], sets: [], shortest: 1}
      : any;
  }

  #escaped(): Part {
    const char = this.#source.charAt(this.#at++);
    if (!/[A-Za-z0-9]/.test(char)) return textPart(char);
    const control = controls[char];
    if (control !== undefined) return textPart(control);
    if ('bBAz'.includes(char)) return empty;
    // Classes are a character; what takes more characters behind it is not read.
    if (!'dDsSwW'.includes(char)) this.#failed = true;
    return any;
  }

  #repeat(): Repeat {
    const found = /^(?:[*+?]|\{(\d+)(,?)\d*\})[?+]?/.exec(this.#source.slice(this.#at, this.#at + 24));
    if (!found) return {least: 1, isOnce: true, isOptional: false};
    this.#at += found[0].length;
    const [sign = '', count, more] = found;
    const least = count === undefined ? (sign.startsWith('+') ? 1 : 0) : Number(count);
    return {least, isOnce: least === 1 && more === '', isOptional: sign.startsWith('?')};
  }
}

interface Repeat {
  readonly least: number;
  readonly isOnce: boolean;
  /** `x?` */
  readonly isOptional: boolean;
}

const controls: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', f: '\f', v: '\v'};
const any: Part = {exact: undefined, sets: [], shortest: 1};
const anything: Part = {exact: undefined, sets: [], shortest: 0};

/** A part behind others. Of one that comes several times the first stands beside what is before, the last beside what follows. */
function repeated(before: Part, part: Part, {least, isOnce, isOptional}: Repeat): Part {
  if (isOnce) return then(before, part);
  if (isOptional && part.exact && part.sets.length === 0)
    return then(before, {exact: [...part.exact, ''], sets: [], shortest: 0});
  if (least === 0) return then(before, anything);
  const {sets, shortest} = closed(then(before, part));
  return {exact: part.exact, sets, shortest: shortest + part.shortest * Math.min(least - 1, 100_000)};
}

function textPart(text: string): Part {
  return {exact: [fold(text)], sets: [], shortest: text.length};
}

function then(left: Part, right: Part): Part {
  const shortest = left.shortest + right.shortest;
  if (left.exact && right.exact && left.exact.length * right.exact.length <= mostTexts) {
    const exact = left.exact.flatMap(before => right.exact?.map(after => before + after) ?? []);
    if (exact.every(text => text.length <= longestText)) return {exact, sets: [...left.sets, ...right.sets], shortest};
  }
  return {exact: right.exact, sets: [...closed(left).sets, ...right.sets], shortest};
}

function either(left: Part, right: Part): Part {
  const shortest = Math.min(left.shortest, right.shortest);
  const exact = left.exact && right.exact ? [...new Set([...left.exact, ...right.exact])] : undefined;
  if (exact && left.sets.length === 0 && right.sets.length === 0 && exact.length <= mostTexts)
    return {exact, sets: [], shortest};
  const [one, other] = [best(closed(left).sets), best(closed(right).sets)];
  const both = one && other ? [...new Set([...one, ...other])] : [];
  return {exact: undefined, sets: both.length > 0 && both.length <= mostTexts ? [both] : [], shortest};
}

/** The texts that a part is become a set of which it needs one. */
function closed(part: Part): Required {
  const sets = part.exact?.every(text => text !== '') ? [...part.sets, part.exact] : part.sets;
  return {sets, shortest: part.shortest};
}

function best(sets: readonly (readonly string[])[]): readonly string[] | undefined {
  let found: readonly string[] | undefined;
  for (const set of sets) if (found === undefined || worth(set) > worth(found)) found = set;
  return found;
}

/** Longer texts are rarer; many alternatives are less so. */
function worth(set: readonly string[]): number {
  return Math.min(...set.map(text => text.length)) / (1 + Math.log2(set.length));
}

function isUseful(set: readonly string[]): boolean {
  return set.every(text => !everywhere.test(text));
}

function distinct(sets: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(sets.map(set => [JSON.stringify(set), set])).values()];
}
