/**
 * Texts of which any match of an expression must contain at least one, in lower case; undefined where none can be
 * told. Only what is certain is used: anything unusual ends the piece that was being read.
 */
export function requiredLiterals(expression: string): string[] | undefined {
  const reader = new LiteralReader(expression);
  const literals = reader.alternatives();
  return reader.finished ? literals : undefined;
}

const shortest = 2;
const mostAlternatives = 64;

class LiteralReader {
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

  /** `a|b|c`: one of each alternative's texts. */
  alternatives(): string[] | undefined {
    if (++this.#depth > 50) this.#failed = true;
    const sets: (string[] | undefined)[] = [this.#sequence()];
    while (!this.#failed && this.#source[this.#at] === '|') {
      this.#at++;
      sets.push(this.#sequence());
    }
    this.#depth--;
    const all: string[] = [];
    for (const set of sets) {
      if (set === undefined) return undefined;
      all.push(...set);
    }
    return all.length > mostAlternatives ? undefined : all;
  }

  /** The best of the pieces that stand one after another. */
  #sequence(): string[] | undefined {
    let best: string[] | undefined;
    let run = '';
    const offer = (set: string[] | undefined) => {
      if (set?.every(text => text.length >= shortest) && value(set) > value(best)) best = set;
    };
    while (!this.#failed && this.#at < this.#source.length && !'|)'.includes(this.#source.charAt(this.#at))) {
      const atom = this.#atom();
      const repeat = this.#repeat();
      if (atom.char !== undefined && repeat === 'once') {
        run += atom.char;
        continue;
      }
      if (atom.char !== undefined && repeat === 'many') run += atom.char;
      offer([run.toLowerCase()]);
      run = '';
      if (repeat !== 'maybe') offer(atom.set);
    }
    offer([run.toLowerCase()]);
    return best;
  }

  #atom(): {char?: string; set?: string[] | undefined} {
    const char = this.#source.charAt(this.#at++);
    if (char === '(') return this.#group();
    if (char === '[') return this.#skipClass();
    if (char === '\\') return this.#escaped();
    if ('.^$'.includes(char)) return {};
    if ('*+?{'.includes(char)) {
      // A brace that is no count is a brace; a lone quantifier is refused by the compiler anyway.
      if (char !== '{') this.#failed = true;
      return {};
    }
    return {char};
  }

  #group(): {set?: string[] | undefined} {
    const head = /^\?(?:[imsU-]{0,8}:|P?<\w+>)/.exec(this.#source.slice(this.#at, this.#at + 80));
    const flags = /^\?[imsU-]{1,8}\)/.exec(this.#source.slice(this.#at, this.#at + 12));
    if (flags) {
      this.#at += flags[0].length;
      return {};
    }
    if (head) this.#at += head[0].length;
    else if (this.#source[this.#at] === '?') this.#failed = true;
    const set = this.alternatives();
    if (this.#source[this.#at] !== ')') this.#failed = true;
    this.#at++;
    return {set};
  }

  #skipClass(): Record<string, never> {
    if (this.#source[this.#at] === '^') this.#at++;
    if (this.#source[this.#at] === ']') this.#at++;
    while (this.#at < this.#source.length && this.#source[this.#at] !== ']') {
      if (this.#source[this.#at] === '[' && this.#source[this.#at + 1] === ':') this.#failed = true;
      this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
    }
    this.#at++;
    return {};
  }

  #escaped(): {char?: string} {
    const char = this.#source.charAt(this.#at++);
    if (!/[A-Za-z0-9]/.test(char)) return {char};
    // Classes and edges are a character or none; what takes more characters behind it is not read.
    if (!'dDsSwWbBAzntrfv'.includes(char)) this.#failed = true;
    return {};
  }

  #repeat(): 'once' | 'many' | 'maybe' {
    const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})[?+]?/.exec(this.#source.slice(this.#at, this.#at + 24));
    if (!found) return 'once';
    this.#at += found[0].length;
    const [sign = ''] = found;
    if (sign.startsWith('*') || sign.startsWith('?')) return 'maybe';
    return sign.startsWith('+') || Number(found[1]) > 0 ? 'many' : 'maybe';
  }
}

/** Longer texts are rarer; many alternatives are less so. */
function value(set: readonly string[] | undefined): number {
  if (set === undefined || set.length === 0) return 0;
  return Math.min(...set.map(text => text.length)) / (1 + Math.log2(set.length));
}
