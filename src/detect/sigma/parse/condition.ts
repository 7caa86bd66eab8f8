import type {Expression} from '../rule.ts';
import {conditionTokens, type Token} from './condition-tokens.ts';
import {RuleError} from './rule-error.ts';

export type Selections = ReadonlyMap<string, Expression>;

/** Reads a condition over the named selections. From loosest to tightest: or, and, not, `x of`, brackets. */
export function readCondition(condition: string, selections: Selections, line: number): Expression {
  const reader = new ConditionReader(conditionTokens(condition, line), selections, line);
  return reader.read();
}

const deepest = 200;

class ConditionReader {
  readonly #tokens: readonly Token[];
  readonly #selections: Selections;
  readonly #line: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], selections: Selections, line: number) {
    this.#tokens = tokens;
    this.#selections = selections;
    this.#line = line;
  }

  read(): Expression {
    const expression = this.#or();
    if (this.#peek().kind !== 'end') throw this.#fault('`and`, `or` or the end');
    return expression;
  }

  #or(): Expression {
    return this.#chain('or', () => this.#chain('and', () => this.#not()));
  }

  #chain(word: 'and' | 'or', next: () => Expression): Expression {
    const parts = [next()];
    while (this.#takeWord(word)) parts.push(next());
    const [only] = parts;
    return parts.length === 1 && only ? only : {kind: word, parts};
  }

  #not(): Expression {
    if (++this.#depth > deepest)
      throw new RuleError(this.#line, `expected at most ${deepest} nested parts in the condition`);
    const negated = this.#takeWord('not');
    const part = negated ? this.#not() : this.#primary();
    this.#depth--;
    return negated ? {kind: 'not', part} : part;
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token.kind === '(') {
      this.#at++;
      const inner = this.#or();
      if (this.#peek().kind !== ')') throw this.#fault('a closing bracket');
      this.#at++;
      return inner;
    }
    if (token.kind !== 'word') throw this.#fault('a selection');
    this.#at++;
    if (this.#isWord('of')) return this.#quantified(token.text);
    const part = this.#selections.get(token.text);
    if (part) return {kind: 'selection', name: token.text, part};
    this.#at--;
    throw this.#fault(`a selection (${this.#names()})`);
  }

  #quantified(quantity: string): Expression {
    this.#at++;
    const token = this.#peek();
    if (token.kind !== 'word') throw this.#fault('`them` or the names of selections behind `of`');
    this.#at++;
    const parts = this.#named(token.text);
    const word = quantity.toLowerCase();
    if (word === 'all') return {kind: 'and', parts};
    if (word === 'any' || word === '1') return {kind: 'or', parts};
    const count = /^[1-9]\d{0,3}$/.test(word) ? Number(word) : undefined;
    if (count !== undefined) return {kind: 'atLeast', count, parts};
    throw new RuleError(
      this.#line,
      `expected \`1\`, \`all\`, \`any\` or a number before \`of\`, found \`${quantity}\``,
    );
  }

  /** Names that begin with an underscore are meant only where the pattern itself begins with one. */
  #named(pattern: string): Expression[] {
    const them = pattern.toLowerCase() === 'them' && !this.#selections.has(pattern);
    const form = new RegExp(`^${pattern.split('*').map(quote).join('[\\s\\S]*')}$`);
    const names = [...this.#selections.keys()].filter(
      name => (them || form.test(name)) && (!name.startsWith('_') || pattern.startsWith('_')),
    );
    if (names.length === 0) {
      throw new RuleError(
        this.#line,
        `expected \`${pattern}\` to name selections (${this.#names()}), found none of that name`,
      );
    }
    return names.map(name => ({
      kind: 'selection',
      name,
      part: this.#selections.get(name) ?? {kind: 'constant', value: false},
    }));
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? {kind: 'end', text: ''};
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#at++;
    return true;
  }

  #names(): string {
    return [...this.#selections.keys()].join(', ');
  }

  #fault(expected: string): RuleError {
    const token = this.#peek();
    return new RuleError(
      this.#line,
      `expected ${expected} in the condition, found ${token.kind === 'end' ? 'its end' : `\`${token.text}\``}`,
    );
  }
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
