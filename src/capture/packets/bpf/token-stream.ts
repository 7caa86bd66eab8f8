import {QueryError} from '../../../query/expression.ts';
import {type Token, tokenText} from './token.ts';

/** Deepest nesting of parentheses and negations. */
const deepest = 50;
const calculating = new Set([
  ...['=', '==', '!=', '<', '<=', '>', '>='],
  ...['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'],
]);

/** The tokens of an expression with a place in them. Every look ahead is bounded by the matching parenthesis. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #closing: ReadonlyMap<number, number>;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#closing = closingOf(tokens);
  }

  get next(): Token {
    return this.#token(this.#at);
  }

  get atEnd(): boolean {
    return this.next.type === 'end';
  }

  take(): Token {
    const token = this.next;
    if (token.type !== 'end') this.#at++;
    return token;
  }

  /** Takes the next token if it is one of these words or symbols. */
  accept(...texts: readonly string[]): string | undefined {
    const text = this.#text(this.#at);
    if (text === undefined || !texts.includes(text)) return undefined;
    this.#at++;
    return text;
  }

  /** Whether these words or symbols come next, the first first. */
  comes(...texts: readonly string[]): boolean {
    return texts.every((text, i) => this.#text(this.#at + i) === text);
  }

  expect(text: string, what: string): void {
    if (this.accept(text) === undefined) throw this.wrong(what);
  }

  wrong(expected: string): QueryError {
    return new QueryError(`Expected ${expected}, got ${quoted(this.next)}.`, this.next.at);
  }

  /** Runs `parse` one level deeper. */
  deeper<T>(parse: () => T): T {
    if (this.#depth >= deepest) {
      throw new QueryError(`Expected at most ${deepest} levels of parentheses and negation, got more.`, this.next.at);
    }
    this.#depth++;
    const result = parse();
    this.#depth--;
    return result;
  }

  /** An opening parenthesis comes whose closing one is followed by an operator of numbers: it holds a number. */
  opensNumber(): boolean {
    return this.#opensNumber(this.#at);
  }

  /**
   * What comes is a value for qualifiers said before (`port 80 or 443`, `host a and not (b or c)`), rather than a
   * condition of its own.
   */
  startsValue(): boolean {
    let at = this.#at;
    for (;;) {
      const text = this.#text(at);
      if (text === 'not' || text === '!') at++;
      else if (text === '(' && !this.#opensNumber(at)) at++;
      else break;
    }
    const {type} = this.#token(at);
    if (type === 'number') return !calculating.has(this.#text(at + 1) ?? '');
    return type === 'name' || type === 'dotted' || type === 'ipv6' || type === 'mac';
  }

  #opensNumber(at: number): boolean {
    const closing = this.#text(at) === '(' ? this.#closing.get(at) : undefined;
    return closing !== undefined && calculating.has(this.#text(closing + 1) ?? '');
  }

  #text(at: number): string | undefined {
    const token = this.#token(at);
    return token.type === 'word' || token.type === 'symbol' ? token.text : undefined;
  }

  #token(at: number): Token {
    return this.#tokens[Math.min(at, this.#tokens.length - 1)] as Token;
  }
}

function closingOf(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach((token, i) => {
    if (token.type !== 'symbol') return;
    if (token.text === '(') open.push(i);
    const opened = token.text === ')' ? open.pop() : undefined;
    if (opened !== undefined) closing.set(opened, i);
  });
  return closing;
}

function quoted(token: Token): string {
  return token.type === 'end' ? tokenText(token) : `"${tokenText(token)}"`;
}
